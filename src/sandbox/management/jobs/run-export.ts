import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import type { Job, User } from '../../tenant/index.ts'
import { numberOf, objectsOf, publicRecord, stringOf } from '../records.ts'
import type { JobOutcome } from './outcome.ts'

/** Content types of the two formats; the JSON one is one object per line. */
export const exportTypes = { json: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const

const plainFields = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
  'created_at',
  'updated_at',
  'last_ip',
  'last_login',
  'logins_count',
  'last_password_reset',
]
const objectFields = ['identities', 'user_metadata', 'app_metadata', 'multifactor', 'multifactor_last_modified']

interface Column {
  readonly path: string
  readonly title: string
}

/** Writes the file of an export whose time has come. */
export function finishExport(tenant: Tenant, job: Job): JobOutcome {
  const connectionId = stringOf(job.connection_id)
  const connection = connectionId === undefined ? undefined : tenant.tables.connections.get(connectionId)
  if (connectionId !== undefined && connection === undefined) {
    return { status: 'failed', fields: { status_details: 'The connection no longer exists.' } }
  }
  const users = [...tenant.tables.users.values()]
    .filter((user) => connection === undefined || user.identities.some((one) => one.connection === connection.name))
    .slice(0, numberOf(job.limit) ?? Number.POSITIVE_INFINITY)
    .map(exportable)
  const csv = job.format === 'csv'
  const named = objectsOf(job.fields).map((field) => {
    const path = stringOf(field['name']) ?? ''
    return { path, title: stringOf(field['export_as']) ?? path }
  })
  const usual = (csv ? plainFields : [...plainFields, ...objectFields]).map((path) => ({ path, title: path }))
  const columns = named.length > 0 ? named : usual
  return { status: 'completed', fields: { $content: csv ? asCsv(users, columns) : asLines(users, columns) } }
}

/** A profile without private keys; those of linked identities neither. */
function exportable(user: User): JsonObject {
  return { ...publicRecord(user), identities: user.identities.map(publicRecord) }
}

function asLines(users: readonly JsonObject[], columns: readonly Column[]): string {
  const lines = users.map((user) => {
    const entries = columns.flatMap(({ path, title }) => {
      const value = valueAt(user, path)
      return value === undefined ? [] : [[title, value] as const]
    })
    return `${JSON.stringify(Object.fromEntries(entries))}\n`
  })
  return lines.join('')
}

function asCsv(users: readonly JsonObject[], columns: readonly Column[]): string {
  const header = columns.map(({ title }) => quote(title)).join(',')
  const rows = users.map((user) => columns.map(({ path }) => cell(valueAt(user, path))).join(','))
  return [header, ...rows, ''].join('\n')
}

/** Strings carry an apostrophe in front, so that no spreadsheet reads them as a formula; dates go without. */
function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return quote(`'${JSON.stringify(value)}`)
  return quote(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value) ? value : `'${value}`)
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** A value under a dotted path with indexes: `identities[0].connection`. */
function valueAt(user: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = user
  for (const key of path.replace(/\[(\d+)\]/g, '.$1').split('.')) {
    if (Array.isArray(value)) value = (value as readonly Json[])[Number(key)]
    else if (isJsonObject(value)) value = (value as JsonObject)[key]
    else return undefined
  }
  return value
}
