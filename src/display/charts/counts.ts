import { type Chart, type ChartOptions, type Mark, sum } from './drawing.ts'
import { kindIn, ranked } from './over-time.ts'
import { memberOf, numberOf, numbersIn, type Row, timedOf } from './records.ts'

const MOST_BARS = 12

/** Kinds of records and how many there are of each, or the sum of a field; the largest first. */
export function categories(rows: readonly Row[], { by, fields, limit }: ChartOptions): Chart | undefined {
  if (by === undefined || rows.length === 0) return undefined
  const [field] = fields ?? []
  const totals = new Map<string, number>()
  for (const row of rows) {
    const name = kindIn(row, by)
    totals.set(name, (totals.get(name) ?? 0) + (field === undefined ? 1 : numberOf(memberOf(row, field))))
  }
  const shown = ranked(
    [...totals].map(([name, value]) => ({ name, values: [value] })),
    limit ?? MOST_BARS,
  )
  return {
    labels: shown.map(({ name }) => name),
    series: [{ name: field ?? 'count', values: shown.map(({ values }) => sum(values)) }],
  }
}

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** How much falls into each hour of each weekday, in UTC: a series for each weekday, a label for each hour. */
export function heatMap(rows: readonly Row[], options: ChartOptions): Chart | undefined {
  const timed = timedOf(rows, options.time)
  if (timed.length === 0) return undefined
  const [field] = options.fields ?? []
  const grid = WEEKDAYS.map(() => new Array<number>(24).fill(0))
  for (const { at, row } of timed) {
    const date = new Date(at)
    const day = grid[(date.getUTCDay() + 6) % 7] as number[]
    const hour = date.getUTCHours()
    day[hour] = (day[hour] ?? 0) + (field === undefined ? 1 : numberOf(memberOf(row, field)))
  }
  return {
    labels: Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')),
    series: WEEKDAYS.map((name, day) => ({ name, values: grid[day] as number[] })),
  }
}

/** How often which value came, in steps of equal width; a few far ones are put into the last step. */
export function distribution(
  rows: readonly Row[],
  { fields, time }: ChartOptions,
): (Chart & { readonly field: string; readonly marks: readonly Mark[] }) | undefined {
  const field = fields?.[0] ?? numbersIn(rows, time)[0]
  if (field === undefined) return undefined
  const values = rows.map((row) => memberOf(row, field)).filter((value) => typeof value === 'number')
  return binned(
    values.filter((value) => Number.isFinite(value)),
    field,
  )
}

const MOST_BINS = 24

/** The same for numbers alone. */
export function binned(
  given: readonly number[],
  field: string,
): (Chart & { readonly field: string; readonly marks: readonly Mark[] }) | undefined {
  const values = [...given].sort((a, b) => a - b)
  if (values.length === 0) return undefined
  const least = values[0] as number
  const high = quantile(values, 0.995)
  const step = niceStep((Math.max(high, least) - least) / MOST_BINS)
  const start = Math.floor(least / step) * step
  const count = Math.min(Math.max(Math.floor((high - start) / step) + 1, 1), MOST_BINS + 2)
  const counts = new Array<number>(count).fill(0)
  for (const value of values) {
    const bin = Math.min(Math.floor((value - start) / step), count - 1)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  const labels = counts.map((_, bin) => (start + bin * step).toFixed(digits))
  const isCut = (values.at(-1) as number) >= start + count * step
  if (isCut && labels.length > 1) labels[labels.length - 1] += '+'
  return {
    field,
    labels,
    series: [{ name: 'count', values: counts }],
    marks: [0.5, 0.95, 0.99].map((share) => ({ name: `p${share * 100}`, value: quantile(values, share) })),
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.ceil(share * sorted.length), sorted.length) - 1] ?? sorted[0] ?? 0
}

/** The next of 1, 2, 5, 10 … that is not smaller. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least * 0.999) ?? power * 10
}
