import { plain, plainLines } from '../../plan/index.ts'
import type { Block, Card, Difference, Field, Gauge } from '../card.ts'
import { chartLines, drawingLines } from '../charts/index.ts'
import { breakHard, breakSoft, clip, pad, width, wrap } from '../width.ts'
import type { Paint } from './paint.ts'
import { painter, toneStyle } from './paint.ts'
import { tableLines } from './table.ts'

/** How a text is drawn. */
export interface TextOptions {
  /** Terminal columns; those of the terminal, else 80. */
  readonly columns?: number
  /** Whether to colour; not unless asked for. */
  readonly colours?: boolean
}

const INDENT = '  '
const WIDEST_NAME = 24
const LEAST_ROOM = 10

/** A card as text for a terminal or a log, without a line break at its end. */
export function renderText(card: Card, options: TextOptions = {}): string {
  const columns = Math.max(options.columns ?? process.stdout.columns ?? 80, 20)
  const paint = painter(options.colours ?? false)
  const title = wrap(plain(card.title), columns).map((line) => paint(toneStyle(card.tone ?? 'plain'), line))
  return [...title, ...card.blocks.flatMap((block) => blockLines(block, columns, paint))].join('\n')
}

function blockLines(block: Block, columns: number, paint: Paint): readonly string[] {
  switch (block.kind) {
    case 'fields':
      return fieldLines(block.fields, columns, paint)
    case 'table': {
      const lines = block.rows.length === 0 ? [] : tableLines(block.columns, block.rows, columns, paint)
      return block.rest === undefined ? lines : [...lines, ...wrap(plain(block.rest), columns)]
    }
    case 'notes': {
      const mark = block.tone === 'plain' || block.tone === 'good' ? '' : '! '
      return block.notes.flatMap((note) =>
        wrap(plain(note), columns - mark.length).map((line, index) => {
          const lead = index === 0 ? mark : ' '.repeat(mark.length)
          return block.tone === 'plain' ? line : paint(toneStyle(block.tone), lead + line)
        }),
      )
    }
    case 'gauges':
      return gaugeLines(block.gauges, columns, paint)
    case 'differences':
      return block.differences.flatMap((difference) => differenceLines(difference, columns, paint))
    case 'chart':
      return chartLines(block.chart, columns).map((line) => clip(plain(line), columns))
    case 'drawing':
      return drawingLines(block.drawing, columns).map((line) => clip(plain(line), columns))
    case 'lines':
      return block.lines.flatMap((line) => wrapped(plain(line), columns))
  }
}

function fieldLines(fields: readonly Field[], columns: number, paint: Paint): readonly string[] {
  const names = fields.map((field) => clip(plain(field.name), widestName(columns)))
  const nameWidth = Math.max(0, ...names.map(width))
  const room = columns - INDENT.length - nameWidth - 2
  return fields.flatMap((field, index) => {
    const lines =
      field.fold !== undefined
        ? wrap(plain(field.fold), room)
        : field.code
          ? plainLines(field.value).flatMap((line) => breakSoft(line, room))
          : wrap(plain(field.value), room)
    return lines.map((line, at) => {
      const name = at === 0 ? paint('cyan', pad(names[index] ?? '', nameWidth)) : ' '.repeat(nameWidth)
      return `${INDENT}${name}  ${line}`.trimEnd()
    })
  })
}

/** A line that was laid out by its writer, over several where it is too long; the later ones stand a little in. */
function wrapped(line: string, columns: number): readonly string[] {
  if (width(line) <= columns) return [line]
  const [first = '', ...rest] = wrap(line, columns)
  const more = rest.join(' ')
  return more === '' ? [first] : [first, ...wrap(more, columns - 4).map((each) => `    ${each}`)]
}

/** `~ priority: 1 → 2`, or a line for each side where that is too long. */
function differenceLines(difference: Difference, columns: number, paint: Paint): readonly string[] {
  const { sign, before, after, lines: parts } = difference
  const style = sign === '+' ? 'green' : sign === '-' ? 'red' : 'yellow'
  const head = `${sign} ${plain(difference.name)}`
  if (parts !== undefined) {
    const styles = { '+': 'green', '-': 'red' } as const
    return [
      ...breakHard(head, columns).map((line) => paint(style, line)),
      ...parts.flatMap((part) =>
        breakHard(plain(part), columns - 4).map((line) => {
          const own = styles[part[0] as '+' | '-']
          return `    ${own === undefined ? line : paint(own, line)}`
        }),
      ),
    ]
  }
  const sides = [before, after].filter((side) => side !== undefined).map(plain)
  const short = `${head}: ${sides.join(' → ')}`
  if (width(short) <= columns) return [paint(style, short)]
  const room = columns - 6
  const lines = (mark: string, text: string | undefined): readonly string[] =>
    text === undefined
      ? []
      : breakHard(plain(text), room).map((line, index) => `    ${index === 0 ? mark : ' '} ${line}`)
  return [
    ...breakHard(head, columns).map((line) => paint(style, line)),
    ...lines('-', before).map((line) => paint('red', line)),
    ...lines('+', after).map((line) => paint('green', line)),
  ]
}

function gaugeLines(gauges: readonly Gauge[], columns: number, paint: Paint): readonly string[] {
  const names = gauges.map((gauge) => clip(plain(gauge.name), Math.max(columns - 60, widestName(columns))))
  const nameWidth = Math.max(0, ...names.map(width))
  // A narrow terminal has no place for bars; the numbers say the same.
  const size = columns < 60 ? 0 : 20
  const room = columns - INDENT.length - nameWidth - 2 - (size === 0 ? 0 : size + 2)
  return gauges.map((gauge, index) => {
    const part = filledShare(gauge)
    const filled = Math.round(part * size)
    const bar =
      paint(gauge.done === true || part > 0.2 ? 'green' : 'yellow', '█'.repeat(filled)) +
      paint('dim', '░'.repeat(size - filled))
    const tail = clip(plain(`${gauge.left} of ${gauge.size}${gauge.note === undefined ? '' : `, ${gauge.note}`}`), room)
    return `${INDENT}${pad(names[index] ?? '', nameWidth)}  ${size === 0 ? '' : `${bar}  `}${tail}`
  })
}

/** How wide names may be, so that their values find room. */
function widestName(columns: number): number {
  return Math.min(WIDEST_NAME, columns - INDENT.length - 2 - LEAST_ROOM)
}

/** The part of the bar that is filled, from 0 to 1. */
export function filledShare(gauge: Gauge): number {
  return gauge.done === true ? 1 - share(gauge) : share(gauge)
}

/** The part that is left, from 0 to 1. */
function share(gauge: Gauge): number {
  const part = gauge.left / gauge.size
  return Number.isFinite(part) ? Math.min(Math.max(part, 0), 1) : 0
}
