/** Numbers over time, apart from how they are drawn. Its texts may come from a tenant: the renderers escape them. */
export interface Chart {
  /** One per step, in order. */
  readonly labels: readonly string[]
  readonly series: readonly Series[]
}

/** One line of numbers, one per label. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

/** How to read values as a chart. */
export interface ChartOptions {
  /** Field that holds the time; found by its look when left out. */
  readonly time?: string
  /** Fields to draw, each with a number; all that have one when left out. */
  readonly fields?: readonly string[]
  /** Instead of fields: count the values by what stands in this one, such as `type` of log entries. */
  readonly by?: string
  /** Step of the count; chosen by the span when left out. */
  readonly every?: 'minute' | 'hour' | 'day'
}

const MOST_SERIES = 8
const MOST_STEPS = 120
const STEPS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

type Row = Readonly<Record<string, unknown>>

/** A chart of records; `undefined` where they hold nothing that could be drawn over time. */
export function chartOf(records: readonly unknown[], options: ChartOptions = {}): Chart | undefined {
  const rows = records.filter(isRow)
  const time = options.time ?? timeFieldOf(rows)
  if (time === undefined) return undefined
  const timed = rows.flatMap((row) => {
    const at = timeOf(row[time])
    return at === undefined ? [] : [{ at, row }]
  })
  if (timed.length === 0) return undefined
  timed.sort((a, b) => a.at - b.at)
  return options.by === undefined ? measured(timed, time, options) : counted(timed, options.by, options.every)
}

interface Timed {
  readonly at: number
  readonly row: Row
}

function measured(timed: readonly Timed[], time: string, { fields }: ChartOptions): Chart | undefined {
  const names = fields ?? fieldsOf(timed, time)
  if (names.length === 0) return undefined
  const shown = timed.slice(-MOST_STEPS)
  return {
    labels: shown.map(({ at }) => labelOf(at, STEPS.day)),
    series: names.slice(0, MOST_SERIES).map((name) => ({ name, values: shown.map(({ row }) => numberIn(row[name])) })),
  }
}

function fieldsOf(timed: readonly Timed[], time: string): readonly string[] {
  const names = new Set(timed.flatMap(({ row }) => Object.keys(row).filter((key) => typeof row[key] === 'number')))
  names.delete(time)
  return [...names]
}

function counted(timed: readonly Timed[], by: string, every: ChartOptions['every']): Chart {
  const first = timed[0]?.at ?? 0
  const last = timed.at(-1)?.at ?? first
  const step = every === undefined ? stepFor(last - first) : STEPS[every]
  const start = Math.floor(first / step)
  const count = Math.min(Math.floor(last / step) - start + 1, MOST_STEPS)
  const from = Math.floor(last / step) - count + 1
  const totals = new Map<string, number[]>()
  for (const { at, row } of timed) {
    const place = Math.floor(at / step) - from
    if (place < 0) continue
    const name = String(row[by] ?? 'none')
    const values = totals.get(name) ?? new Array<number>(count).fill(0)
    values[place] = (values[place] ?? 0) + 1
    totals.set(name, values)
  }
  return {
    labels: Array.from({ length: count }, (_, place) => labelOf((from + place) * step, step)),
    series: ranked([...totals].map(([name, values]) => ({ name, values }))),
  }
}

/** The largest series, and the others together. */
function ranked(series: readonly Series[]): readonly Series[] {
  const sorted = [...series].sort((a, b) => sum(b.values) - sum(a.values))
  if (sorted.length <= MOST_SERIES) return sorted
  const others = sorted.slice(MOST_SERIES - 1)
  const values = (others[0]?.values ?? []).map((_, place) => sum(others.map((one) => one.values[place] ?? 0)))
  return [...sorted.slice(0, MOST_SERIES - 1), { name: `${others.length} others`, values }]
}

function stepFor(span: number): number {
  if (span <= 2 * STEPS.hour) return STEPS.minute
  return span <= 4 * STEPS.day ? STEPS.hour : STEPS.day
}

function labelOf(at: number, step: number): string {
  const text = new Date(at).toISOString()
  return step >= STEPS.day ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`
}

function timeFieldOf(rows: readonly Row[]): string | undefined {
  const first = rows[0] ?? {}
  const named = ['date', 'created_at', 'time', 'timestamp', 'at']
  const keys = [...named.filter((name) => name in first), ...Object.keys(first)]
  return keys.find((key) => typeof first[key] === 'string' && timeOf(first[key]) !== undefined)
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 8.64e15) return value
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}

function numberIn(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
