import type { OperationRow } from '../../catalogue/index.ts'
import type { Card, Field } from '../card.ts'
import { ROWS_DRAWN } from '../look.ts'
import { asCode, inLine, isNested } from '../summary.ts'

/** A collection as the table of its records, and how to get the rest. */
export function listCard(
  title: string,
  items: readonly unknown[],
  rest: string | undefined,
  chosen?: readonly string[],
): Card {
  const shown = items.slice(0, ROWS_DRAWN)
  const columns = chosen ?? columnsOf(shown)
  const rows = shown.map((item) => {
    if (!isRecord(item)) return [inLine(item)]
    return columns.map((column) => inLine(chosen === undefined ? item[column] : memberAt(item, column)))
  })
  const hidden = items.length - shown.length
  const rests = [hidden > 0 ? `${hidden} more are not drawn; the value holds them.` : undefined, rest]
  const sentence = rests.filter((part) => part !== undefined).join(' ')
  return {
    title,
    blocks: [{ kind: 'table', columns, rows, ...(sentence === '' ? {} : { rest: sentence }) }],
  }
}

/** One record as the table of its fields, nested ones in short. */
export function recordCard(title: string, record: Readonly<Record<string, unknown>>): Card {
  const rows: Field[] = Object.entries(record).map(([name, value]) => {
    const short = inLine(value)
    return isNested(value) ? { name, value: asCode(value), code: true, fold: short } : { name, value: short }
  })
  return { title, blocks: [{ kind: 'fields', fields: rows }] }
}

const MOST_COLUMNS = 8
const FIRST = [
  'id',
  'user_id',
  'client_id',
  'custom_domain_id',
  'log_id',
  'name',
  'display_name',
  'email',
  'domain',
  'type',
  'status',
]

const LAST = ['_id', 'created_at', 'updated_at', 'picture', 'logo_uri']

/** What tells most of something that happened, such as an entry of the log: when, what, who and where from. */
const FIRST_OF_EVENTS = ['date', 'type', 'user_name', 'ip', 'description', 'client_name', 'connection', 'log_id']

/** True for entries of the log, each of which has a code of what happened and a time. */
function areEvents(records: readonly Readonly<Record<string, unknown>>[]): boolean {
  return records.every(({ date, type, ...rest }) => {
    return typeof type === 'string' && date !== undefined && ('log_id' in rest || '_id' in rest)
  })
}

/** The most telling members of records. */
export function columnsOf(items: readonly unknown[]): readonly string[] {
  const records = items.filter(isRecord)
  if (records.length === 0) return ['value']
  const seen = new Map<string, number>()
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      const known = seen.get(key) ?? 0
      // What needs more than a cell comes after what does not.
      seen.set(key, known + (value === null || value === undefined ? 0 : isNested(value) ? 0.2 : 1))
    }
  }
  const events = areEvents(records)
  // Auth0 answers the id of an entry twice.
  if (events && seen.has('log_id')) seen.delete('_id')
  const first = events ? FIRST_OF_EVENTS : FIRST
  const place = (key: string): number => {
    if (LAST.includes(key)) return 1
    return first.includes(key) ? first.indexOf(key) - first.length : 0
  }
  const keys = [...seen.keys()]
  const useful = keys.filter((key) => (seen.get(key) ?? 0) > 0)
  const ranked = useful.sort((a, b) => place(a) - place(b) || Math.sign(seen.get(b)! - seen.get(a)!))
  return (ranked.length === 0 ? keys : ranked).slice(0, MOST_COLUMNS)
}

/** The member at a dotted path: `app_metadata.plan`. */
export function memberAt(item: Readonly<Record<string, unknown>>, path: string): unknown {
  if (path in item) return item[path]
  let here: unknown = item
  for (const key of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined
    here = (here as Record<string, unknown>)[key]
  }
  return here
}

/** True for an object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What an operation lists, in its own words and number: `users`, `network ACL`. */
export function counted(count: number, row: OperationRow | undefined): string {
  const group = row?.group.at(-1) ?? 'items'
  const words = group.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/ acls$/, ' ACLs')
  return count === 1 ? words.replace(/ies$/, 'y').replace(/s$/, '') : words
}

/** A record with no more than the members that are shown. */
export function chosen(item: unknown, columns: readonly string[]): unknown {
  return isRecord(item) ? Object.fromEntries(columns.map((name) => [name, memberAt(item, name)])) : item
}
