/** One record of what is drawn. */
export type Row = Readonly<Record<string, unknown>>

/** A record with its time, in epoch milliseconds. */
export interface Timed {
  readonly at: number
  readonly row: Row
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member at a dotted path: `location_info.country_name`. */
export function memberOf(row: Row, path: string): unknown {
  if (path in row) return row[path]
  let here: unknown = row
  for (const key of path.split('.')) {
    if (!isRow(here)) return undefined
    here = here[key]
  }
  return here
}

/** The records with their times, oldest first; none where no field holds a time. */
export function timedOf(rows: readonly Row[], named: string | undefined): readonly Timed[] {
  const time = named ?? timeFieldOf(rows)
  if (time === undefined) return []
  const timed = rows.flatMap((row) => {
    const at = timeOf(memberOf(row, time))
    return at === undefined ? [] : [{ at, row }]
  })
  return timed.sort((a, b) => a.at - b.at)
}

/** Fields of the records that hold a number. */
export function numbersIn(rows: readonly Row[], without: string | undefined): readonly string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row).filter((key) => typeof row[key] === 'number')))
  if (without !== undefined) names.delete(without)
  return [...names]
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

/** A number of a record over time; `NaN` where there is none: a gap is not a zero. */
export function measureOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN
}

export function timeFieldOf(rows: readonly Row[]): string | undefined {
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
