import { clip, pad, width } from '../width.ts'
import { type Chart, numbersOf, sum } from './drawing.ts'
import { COLOURS } from './frame.ts'

const HEIGHTS = '▁▂▃▄▅▆▇█'
const WIDEST_NAME = 24
const HTML_COLUMNS = 84
/** So few steps are read better one below the other. */
const FEW = 12

/** One line of a chart: what it is about, the bar, and the number. */
interface ChartRow {
  readonly name: string
  readonly bar: string
  readonly tail: string
  readonly colour: number
}

/** True for a chart over several steps: a picture shows their shape, which lines do not. */
export function isPicture({ labels }: Chart): boolean {
  return labels.length > 1
}

/** A chart as lines of text: what it counts one below the other, or a line of bars per series, and the span below. */
export function chartLines(chart: Chart, columns: number): readonly string[] {
  const { rows, span } = rowsOf(chart, columns)
  const names = nameWidth(rows)
  const lines = rows.map(({ name, bar, tail }) => `  ${pad(clip(name, names), names)}  ${bar}  ${tail}`)
  return span === '' ? lines : [...lines, `  ${' '.repeat(names)}  ${span}`]
}

/** The same lines for a page, each bar in the colour of its series. */
export function chartText(chart: Chart, safe: (text: string) => string): string {
  const { rows, span } = rowsOf(chart, HTML_COLUMNS)
  const names = nameWidth(rows)
  const lines = rows.map(({ name, bar, tail, colour }) => {
    const colored = `<span style="color:${COLOURS[colour % COLOURS.length]}">${bar}</span>`
    return `${safe(pad(clip(name, names), names))}  ${colored}  ${safe(tail)}`
  })
  return [...lines, ...(span === '' ? [] : [`${' '.repeat(names)}  ${safe(span)}`])].join('\n')
}

function nameWidth(rows: readonly ChartRow[]): number {
  return Math.min(Math.max(0, ...rows.map(({ name }) => width(name))), WIDEST_NAME)
}

function rowsOf(chart: Chart, columns: number): { readonly rows: readonly ChartRow[]; readonly span: string } {
  const { labels, series } = chart
  const span = labels.length > 1 ? `${labels[0]} – ${labels.at(-1)}` : (labels[0] ?? '')
  // All in one step: what is counted are the series.
  if (labels.length === 1) {
    const counts = series.map(({ name, values }) => ({ name, value: values[0] ?? 0 }))
    return { rows: barsOf(counts, columns, true), span }
  }
  const [only] = series
  if (only !== undefined && series.length === 1 && labels.length <= FEW) {
    const counts = labels.map((name, index) => ({ name, value: only.values[index] ?? 0 }))
    return { rows: barsOf(counts, columns, false), span: only.name }
  }
  const names = Math.min(Math.max(0, ...series.map(({ name }) => width(name))), WIDEST_NAME)
  const room = Math.max(columns - names - 16, 8)
  const most = Math.max(1, ...series.flatMap(({ values }) => numbersOf(squeezed(values, room))))
  const rows = series.map(({ name, values }, colour) => {
    const bars = squeezed(values, room).map((value) =>
      Number.isNaN(value) ? ' ' : (HEIGHTS[Math.min(Math.floor((value / most) * 8), 7)] ?? '▁'),
    )
    return { name, bar: bars.join(''), tail: String(sum(numbersOf(values))), colour }
  })
  return { rows, span }
}

function barsOf(
  counts: readonly { readonly name: string; readonly value: number }[],
  columns: number,
  coloured: boolean,
): readonly ChartRow[] {
  const names = Math.min(Math.max(0, ...counts.map(({ name }) => width(name))), WIDEST_NAME)
  const room = Math.min(Math.max(columns - names - 16, 4), 40)
  const most = Math.max(1, ...numbersOf(counts.map(({ value }) => value)))
  return counts.map(({ name, value }, index) => {
    const long = value > 0 ? Math.max(1, Math.round((value / most) * room)) : 0
    const tail = Number.isNaN(value) ? 'no number' : String(value)
    return { name, bar: '█'.repeat(long), tail, colour: coloured ? index : 0 }
  })
}

/** As many numbers as there is room for: neighbours are added up. */
function squeezed(values: readonly number[], room: number): readonly number[] {
  if (values.length <= room) return values
  return Array.from({ length: room }, (_, place) => {
    const from = Math.floor((place * values.length) / room)
    const some = values.slice(from, Math.max(Math.floor(((place + 1) * values.length) / room), from + 1))
    const numbers = numbersOf(some)
    return numbers.length === 0 ? Number.NaN : sum(numbers)
  })
}
