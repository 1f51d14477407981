import { plain } from '../../plan/index.ts'
import type { Paint } from './paint.ts'
import { clip, pad, width } from './width.ts'

const GAP = '  '
const NARROWEST = 14

/** A table as lines of at most `columns` columns: cells are cut, and columns that find no place are named below. */
export function tableLines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  paint: Paint,
): readonly string[] {
  const heads = headings.map((heading) => plain(heading))
  const cells = rows.map((row) => heads.map((_, index) => plain(row[index] ?? '')))
  const natural = heads.map((head, index) => Math.max(width(head), 1, ...cells.map((row) => width(row[index] ?? ''))))
  const kept = fitting(natural, columns)
  const widths = shares(natural.slice(0, kept), columns - GAP.length * (kept - 1))
  const line = (row: readonly string[]): string =>
    widths
      .map((most, index) => pad(clip(row[index] ?? '', most), most))
      .join(GAP)
      .trimEnd()
  const lines = [
    paint('bold', line(heads)),
    paint('dim', line(widths.map((most) => '─'.repeat(most)))),
    ...cells.map(line),
  ]
  if (kept < heads.length) lines.push(paint('dim', clip(`Not shown: ${heads.slice(kept).join(', ')}`, columns)))
  return lines
}

/** How many of the columns find a place of a useful width. */
function fitting(natural: readonly number[], columns: number): number {
  let kept = natural.length
  const least = (count: number): number =>
    natural.slice(0, count).reduce((sum, size) => sum + Math.min(size, NARROWEST), GAP.length * (count - 1))
  while (kept > 1 && least(kept) > columns) kept -= 1
  return kept
}

/** Gives narrow columns all they want and lets the wide ones share the rest. */
function shares(natural: readonly number[], columns: number): readonly number[] {
  const widths = new Array<number>(natural.length).fill(0)
  const order = natural.map((_, index) => index).sort((a, b) => natural[a]! - natural[b]!)
  let left = Math.max(columns, natural.length)
  order.forEach((index, place) => {
    const share = Math.floor(left / (order.length - place))
    const given = Math.min(natural[index]!, share)
    widths[index] = given
    left -= given
  })
  return widths
}
