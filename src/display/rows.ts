import { optionFault } from '../catalogue/index.ts'
import { ConfigurationError, refuseSetting } from '../plan/index.ts'
import type { Card } from './card.ts'
import { type Look, lookOf, ROWS_DRAWN } from './look.ts'
import { chosen, columnsOf, isRecord, memberAt } from './looks/index.ts'
import { withoutSecrets } from './secrets.ts'
import { inLine, relativeText } from './summary.ts'

/**
 * How `show()` draws rows.
 *
 * @example
 * show(await auth0.users.list().run(), { columns: ['email', 'last_login'], title: 'Users' })
 */
export interface ShowOptions {
  /** Members to draw, in order; dotted paths reach into records: `app_metadata.plan`. The most telling when left out. */
  readonly columns?: readonly string[]
  /** Member to sort by, as Auth0 writes it: `created_at:-1` for the newest first, `email` or `email:1` for the first of the alphabet. */
  readonly sort?: string
  /** Most rows to draw; 50. */
  readonly limit?: number
  /** `relative` writes times as what has passed since: `3 days ago`. As they are when left out. */
  readonly dates?: 'relative' | 'as they are'
  /** What relative times are told from, in epoch milliseconds or as a date; this moment when left out. */
  readonly now?: number | Date
  /** What stands above; the number of rows when left out. */
  readonly title?: string
}

const NAMES = ['columns', 'sort', 'limit', 'dates', 'now', 'title'] as const

/** @throws ConfigurationError for options that do not fit. */
export function checkShowOptions(options: ShowOptions): void {
  const fault = optionFault(options, NAMES)
  if (fault !== undefined) refuseSetting('show()', fault)
  const { columns, sort, limit, dates, title } = options
  if (columns !== undefined && !(Array.isArray(columns) && columns.every((name) => typeof name === 'string'))) {
    throw new ConfigurationError("show(): columns must be a list of names. Write show(rows, { columns: ['email'] }).")
  }
  if (sort !== undefined && sortOf(sort) === undefined) {
    throw new ConfigurationError(
      "show(): sort names a member and a direction. Write show(rows, { sort: 'created_at:-1' }).",
    )
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new ConfigurationError('show(): limit must be a whole number from 1 up.')
  }
  if (dates !== undefined && dates !== 'relative' && dates !== 'as they are') {
    throw new ConfigurationError("show(): dates must be 'relative' or 'as they are'.")
  }
  if (title !== undefined && typeof title !== 'string') throw new ConfigurationError('show(): title must be a text.')
}

/** True where the options ask for a table of rows. */
export function asksForRows(options: ShowOptions): boolean {
  return NAMES.some((name) => options[name] !== undefined)
}

/** The rows of a value: a list, a page, or one record. */
export function rowsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (isRecord(value)) return Array.isArray(value.items) ? value.items : [value]
  throw new ConfigurationError('show(): columns and title belong to rows. Give a list of records, or a page of one.')
}

/** A table of rows; what is stored with it is what it draws. */
export function rowsLook(rows: readonly unknown[], options: ShowOptions): Look {
  const drawn = (): readonly unknown[] =>
    withoutSecrets(sorted(rows, options.sort).map(written)).slice(0, options.limit ?? ROWS_DRAWN)
  const stored = (): readonly unknown[] => {
    const { columns } = options
    if (columns === undefined) return drawn()
    return drawn().map((row) => chosen(row, columns))
  }
  return lookOf(() => rowsCard(rows.length, drawn(), options), stored)
}

function rowsCard(count: number, rows: readonly unknown[], options: ShowOptions): Card {
  const columns = options.columns ?? columnsOf(rows)
  const title = options.title ?? `${count} ${count === 1 ? 'row' : 'rows'}`
  const cells = rows.map((row) =>
    isRecord(row) ? columns.map((name) => cellText(memberAt(row, name), options)) : [inLine(row)],
  )
  const told = [
    ...(count > rows.length ? [`${count - rows.length} more are not drawn.`] : []),
    ...columnsTold(rows.filter(isRecord), columns, options.columns !== undefined),
  ]
  const rest = told.length > 0 ? { rest: told.join(' ') } : {}
  return { title, blocks: [{ kind: 'table', columns, rows: cells, ...rest }] }
}

/** What a reader would look for in vain: columns that no row has, or those that were left out. */
function columnsTold(
  records: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  isChosen: boolean,
): readonly string[] {
  if (records.length === 0) return []
  if (isChosen) {
    const missing = columns.filter((name) => records.every((record) => memberAt(record, name) === undefined))
    return missing.length === 0 ? [] : [`No row has ${missing.join(', ')}.`]
  }
  const filled = records.flatMap((record) => Object.keys(record).filter((key) => isThere(record[key])))
  const left = new Set(filled).size - columns.filter((name) => filled.includes(name)).length
  return left > 0
    ? [`${left} more ${left === 1 ? 'column is' : 'columns are'} not drawn: name those that you want.`]
    : []
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** A row with its dates, errors, maps and sets as they are written: an own row is JavaScript, and not only JSON. */
function written(row: unknown): unknown {
  if (!isRecord(row) || !Object.values(row).some((value) => value !== plainOf(value))) return row
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainOf(value)]))
}

function plainOf(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), each]))
  return value instanceof Set ? [...value] : value
}

function cellText(value: unknown, { dates, now }: ShowOptions): string {
  if (isNumbers(value)) return sparkline(value)
  if (dates !== 'relative' || typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return inLine(value)
  const at = Date.parse(value)
  return Number.isNaN(at) ? value : relativeText(at - Number(now ?? Date.now()))
}

const HEIGHTS = '▁▂▃▄▅▆▇█'

/** Several numbers are read as their course, and their last one. */
function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const low = Math.min(least, 0)
  const bars = values.map((value) => HEIGHTS[Math.round(((value - low) / (most - low || 1)) * 7)])
  return `${bars.join('')} ${values.at(-1)}`
}

function isNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length > 1 && value.every((each) => typeof each === 'number' && Number.isFinite(each))
  )
}

interface Order {
  readonly name: string
  readonly direction: 1 | -1
}

export function sortOf(text: unknown): Order | undefined {
  const found = typeof text === 'string' ? /^(-?)(.+?)(?::(-?1))?$/.exec(text) : null
  if (found === null) return undefined
  const [, minus, name = '', direction] = found
  return { name, direction: minus === '-' || direction === '-1' ? -1 : 1 }
}

/** Rows in the order that a sort names; those without the member come last, whichever way. */
export function sorted(rows: readonly unknown[], sort: string | undefined): readonly unknown[] {
  const order = sortOf(sort)
  if (order === undefined) return rows
  const key = (row: unknown): unknown => (isRecord(row) ? memberAt(row, order.name) : undefined)
  return [...rows].sort((a, b) => {
    const [one, two] = [key(a), key(b)]
    if (one === undefined || one === null) return two === undefined || two === null ? 0 : 1
    if (two === undefined || two === null) return -1
    return compare(one, two) * order.direction
  })
}

function compare(one: unknown, two: unknown): number {
  if (typeof one === 'number' && typeof two === 'number') return one - two
  const [a, b] = [String(one), String(two)]
  return a < b ? -1 : a > b ? 1 : 0
}
