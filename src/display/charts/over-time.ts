import { type Chart, type ChartOptions, type Series, sum } from './drawing.ts'
import { measureOf, memberOf, numbersIn, type Row, type Timed, timedOf, timeFieldOf } from './records.ts'

const MOST_SERIES = 8
const MOST_STEPS = 366
export const STEPS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** A chart of records over time; `undefined` where they hold nothing that could be drawn so. */
export function overTime(
  rows: readonly Row[],
  options: ChartOptions,
): (Chart & { readonly note?: string }) | undefined {
  const timed = timedOf(rows, options.time)
  if (timed.length === 0) return undefined
  return options.by === undefined ? measured(timed, options) : counted(timed, options.by, options)
}

function measured(
  timed: readonly Timed[],
  { fields, time, limit, every }: ChartOptions,
): (Chart & { readonly note?: string }) | undefined {
  const rows = timed.map(({ row }) => row)
  const names = fields ?? numbersIn(rows, time ?? timeFieldOf(rows))
  if (names.length === 0) return undefined
  const shown = timed.slice(-MOST_STEPS)
  const hidden = timed.length - shown.length
  // Two records of one day are told apart by their time.
  const days = new Set(shown.map(({ at }) => labelOf(at, STEPS.day))).size
  const step = every === undefined ? (days < shown.length ? STEPS.minute : STEPS.day) : STEPS[every]
  return {
    labels: shown.map(({ at }) => labelOf(at, step)),
    series: names
      .slice(0, limit ?? MOST_SERIES)
      .map((name) => ({ name, values: shown.map(({ row }) => measureOf(memberOf(row, name))) })),
    ...(hidden > 0 ? { note: `${hidden} before are not drawn` } : {}),
  }
}

function counted(timed: readonly Timed[], by: string, options: ChartOptions): Chart & { readonly note?: string } {
  const first = timed[0]?.at ?? 0
  const last = timed.at(-1)?.at ?? first
  const step = stepOf(timed, options)
  const start = Math.floor(first / step)
  const count = Math.min(Math.floor(last / step) - start + 1, MOST_STEPS)
  const from = Math.floor(last / step) - count + 1
  const hidden = from - start
  const totals = new Map<string, number[]>()
  for (const { at, row } of timed) {
    const place = Math.floor(at / step) - from
    if (place < 0) continue
    const name = kindIn(row, by)
    const values = totals.get(name) ?? new Array<number>(count).fill(0)
    values[place] = (values[place] ?? 0) + 1
    totals.set(name, values)
  }
  return {
    labels: Array.from({ length: count }, (_, place) => labelOf((from + place) * step, step)),
    series: ranked(
      [...totals].map(([name, values]) => ({ name, values })),
      options.limit ?? MOST_SERIES,
    ),
    ...(hidden > 0 ? { note: `${hidden} steps before are not drawn` } : {}),
  }
}

/** The step that a count takes, in milliseconds. */
export function stepOf(timed: readonly Timed[], { every }: ChartOptions): number {
  if (every !== undefined) return STEPS[every]
  const span = (timed.at(-1)?.at ?? 0) - (timed[0]?.at ?? 0)
  if (span <= 2 * STEPS.hour) return STEPS.minute
  return span <= 4 * STEPS.day ? STEPS.hour : STEPS.day
}

/** What kind a record is of. */
export function kindIn(row: Row, by: string): string {
  const value = memberOf(row, by)
  return value === undefined || value === null || value === '' ? 'none' : String(value)
}

/** The largest series, and the others together. */
export function ranked(series: readonly Series[], most: number): readonly Series[] {
  const sorted = [...series].sort((a, b) => sum(b.values) - sum(a.values))
  if (sorted.length <= most) return sorted
  const others = sorted.slice(most - 1)
  const values = (others[0]?.values ?? []).map((_, place) => sum(others.map((one) => one.values[place] ?? 0)))
  return [...sorted.slice(0, most - 1), { name: `${others.length} others`, values }]
}

function labelOf(at: number, step: number): string {
  const text = new Date(at).toISOString()
  return step >= STEPS.day ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`
}
