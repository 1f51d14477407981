import { plain } from '../../plan/index.ts'
import { clip, pad, width, wrap } from '../width.ts'
import type { Paint } from './paint.ts'

const GAP = '  '
const NARROWEST = 14

/** A table as lines of at most `columns` columns: cells are cut, and columns that find no place are named below. */
export function tableLines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  paint: Paint,
): readonly string[] {
  // A column without anything in it only takes the place of another.
  const used = headings.map((_, index) => index).filter((index) => rows.some((row) => (row[index] ?? '') !== ''))
  const shown = used.length === 0 ? headings.map((_, index) => index) : used
  const heads = shown.map((index) => plain(headings[index] ?? ''))
  const cells = rows.map((row) => shown.map((index) => plain(row[index] ?? '')))
  const natural = heads.map((head, index) => Math.max(width(head), 1, ...cells.map((row) => width(row[index] ?? ''))))
  const kept = fitting(natural, columns, heads)
  const widths = shares(natural.slice(0, kept), columns - GAP.length * (kept - 1), heads)
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
  if (kept < heads.length)
    for (const text of wrap(`Not shown: ${heads.slice(kept).join(', ')}`, columns)) lines.push(paint('dim', text))
  return lines
}

/** How many of the columns find a place of a useful width. */
function fitting(natural: readonly number[], columns: number, heads: readonly string[]): number {
  let kept = natural.length
  const least = (count: number): number =>
    natural
      .slice(0, count)
      .reduce(
        (sum, size, index) => sum + (isWholeId(heads[index], size) ? size : Math.min(size, NARROWEST)),
        GAP.length * (count - 1),
      )
  while (kept > 1 && least(kept) > columns) kept -= 1
  return kept
}

/** An id that is cut is of no use: it is what one goes on with. */
const IDS = /(^|_)id$/
const LONGEST_ID = 40

function isWholeId(head: string | undefined, size: number): boolean {
  return IDS.test(head ?? '') && size <= LONGEST_ID
}

/** Gives ids and narrow columns all they want and lets the wide ones share the rest. */
function shares(natural: readonly number[], columns: number, heads: readonly string[]): readonly number[] {
  const widths = new Array<number>(natural.length).fill(0)
  const first = (index: number): boolean => isWholeId(heads[index], natural[index]!)
  const order = natural
    .map((_, index) => index)
    .sort((a, b) => Number(first(b)) - Number(first(a)) || natural[a]! - natural[b]!)
  let left = Math.max(columns, natural.length)
  order.forEach((index, place) => {
    const after = order.length - place - 1
    const share = first(index) ? left - after : Math.floor(left / (after + 1))
    const given = Math.max(Math.min(natural[index]!, share), 1)
    widths[index] = given
    left -= given
  })
  return widths
}
