import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import type { Connection, Job, User } from '../../tenant/index.ts'
import { compact, isoNow, objectOf, objectsOf, pick, stringOf, without } from '../records.ts'
import { importFactor } from '../users/authentication-methods.ts'
import { addUser, holds } from '../users/store.ts'
import type { JobOutcome } from './outcome.ts'
import type { RecordError } from './record-checks.ts'
import { checkRecord } from './record-schema.ts'

const upsertable = [
  'email_verified',
  'given_name',
  'family_name',
  'name',
  'nickname',
  'picture',
  'app_metadata',
  'user_metadata',
]

/** Imports the records of a job whose time has come. Single bad records leave the job completed. */
export function finishImport(tenant: Tenant, job: Job): JobOutcome {
  const connection = tenant.tables.connections.get(stringOf(job.connection_id) ?? '')
  const outcome = importable(connection) ? importAll(tenant, job, connection) : fail(connection)
  const failed = outcome.status === 'failed'
  tenant.log({
    type: failed ? 'fui' : 'sui',
    description: failed ? 'The users import failed.' : 'The users import was completed.',
    connection: stringOf(job.connection),
    connection_id: stringOf(job.connection_id),
    details: { job_id: job.id ?? '', ...pick(outcome.fields ?? {}, 'summary', 'status_details') },
  })
  if (job.$mail === true) tellOwners(tenant, job, outcome)
  return { ...outcome, fields: { ...outcome.fields, $users: '' } }
}

function importable(connection: Connection | undefined): connection is Connection {
  return connection !== undefined && connection.$disabled !== true
}

function fail(connection: Connection | undefined): JobOutcome {
  const reason = connection === undefined ? 'The connection no longer exists.' : 'The connection is disabled.'
  return { status: 'failed', fields: { status_details: reason } }
}

function tellOwners(tenant: Tenant, job: Job, outcome: JobOutcome): void {
  const to = stringOf(tenant.tables.documents.get('tenant')?.['support_email']) ?? `owner@${tenant.domain}`
  tenant.deliver({
    kind: 'email',
    to,
    subject: 'Your users import has ended',
    text: `The job ${String(job.id)} is ${outcome.status}: ${JSON.stringify(outcome.fields?.['summary'] ?? outcome.fields?.['status_details'] ?? {})}`,
  })
}

function parse(text: string): readonly Json[] | string {
  try {
    const value = JSON.parse(text) as Json
    return Array.isArray(value) ? value : 'The users file must contain an array of users.'
  } catch {
    // The position that JSON.parse names would show a piece of the file, which may hold password hashes.
    return 'Failed to parse users file JSON when importing users. Make sure it is valid JSON.'
  }
}

function importAll(tenant: Tenant, job: Job, connection: Connection): JobOutcome {
  const records = parse(stringOf(job.$users) ?? '')
  if (typeof records === 'string') return { status: 'failed', fields: { status_details: records } }
  const summary = { failed: 0, updated: 0, inserted: 0, total: records.length }
  const errors: JsonObject[] = []
  const seen = new Set<string>()
  for (const record of records) {
    const result = importOne(tenant, connection, record, job.upsert === true, seen)
    if (result.done !== undefined) summary[result.done] += 1
    else summary.failed += 1
    if (result.errors.length > 0)
      errors.push({ user: masked(record), errors: result.errors.map((error) => ({ ...error })) })
  }
  return { status: 'completed', fields: { summary, $errors: errors } }
}

interface Result {
  readonly done?: 'inserted' | 'updated'
  readonly errors: readonly RecordError[]
}

function importOne(tenant: Tenant, connection: Connection, record: Json, upsert: boolean, seen: Set<string>): Result {
  const errors = checkRecord(record)
  if (errors.length > 0 || !isJsonObject(record)) return { errors }
  const name = connection.name ?? ''
  if (record['username'] !== undefined && objectOf(connection.options)?.['requires_username'] !== true) {
    return { errors: [{ code: 'NOT_PASSED', message: 'The connection does not use usernames.', path: 'username' }] }
  }
  const keys = keysOf(record)
  const twice = keys.find((key) => seen.has(key))
  for (const key of keys) seen.add(key)
  if (twice !== undefined) {
    return {
      errors: [
        {
          code: 'DUPLICATED_USER',
          message: 'The user appears more than once in the file.',
          path: twice.split(' ')[0] ?? '',
        },
      ],
    }
  }
  const email = stringOf(record['email'])?.toLowerCase() ?? ''
  const existing = [...tenant.tables.users.values()].find(
    (user) => user.email === email && user.identities.some((identity) => identity.connection === name),
  )
  if (existing !== undefined && upsert) return update(tenant, existing, record)
  const conflict = findConflict(tenant, name, record, existing)
  if (conflict !== undefined) return { errors: [conflict] }
  const user = addUser(tenant, { connection, profile: profileOf(record) })
  const id = user.user_id
  const hash = pick(record, 'password_hash', 'custom_password_hash')
  tenant.tables.users.set(id, { ...user, ...hashFields(hash) })
  return { done: 'inserted', errors: addFactors(tenant, id, record) }
}

function keysOf(record: JsonObject): readonly string[] {
  return ['email', 'username', 'user_id', 'phone_number'].flatMap((field) => {
    const value = stringOf(record[field])
    return value === undefined ? [] : [`${field} ${value.toLowerCase()}`]
  })
}

function findConflict(
  tenant: Tenant,
  connection: string,
  record: JsonObject,
  existing: JsonObject | undefined,
): RecordError | undefined {
  if (existing !== undefined)
    return { code: 'DUPLICATED_USER', message: 'The user already exist and upsert parameter is false', path: 'email' }
  const username = stringOf(record['username'])?.toLowerCase()
  if (username !== undefined && holds(tenant, connection, 'username', username)) {
    return {
      code: 'CONFLICT_USERNAME',
      message: `A user with the username ${username} already exists.`,
      path: 'username',
    }
  }
  const phone = stringOf(record['phone_number'])
  if (phone !== undefined && holds(tenant, connection, 'phone_number', phone)) {
    return { code: 'CONFLICT', message: `A user with the phone number ${phone} already exists.`, path: 'phone_number' }
  }
  const id = stringOf(record['user_id'])
  if (id !== undefined && tenant.tables.users.has(`auth0|${id}`)) {
    return { code: 'CONFLICT', message: `A user with the id auth0|${id} already exists.`, path: 'user_id' }
  }
  return undefined
}

function profileOf(record: JsonObject): JsonObject {
  return without(record, 'password_hash', 'custom_password_hash', 'mfa_factors')
}

function hashFields(hash: JsonObject): JsonObject {
  return compact({ $password_hash: hash['password_hash'], $custom_password_hash: hash['custom_password_hash'] })
}

/** An update by import overwrites metadata, it does not merge. */
function update(tenant: Tenant, user: User, record: JsonObject): Result {
  const id = user.user_id
  // The hash may still be replaced while nobody has logged in with the imported one.
  const replaces = user.$password === undefined && user.last_login === undefined
  const hash = replaces ? hashFields(pick(record, 'custom_password_hash')) : {}
  tenant.tables.users.set(id, { ...user, ...pick(record, ...upsertable), ...hash, updated_at: isoNow(tenant) })
  return { done: 'updated', errors: addFactors(tenant, id, record) }
}

/** A factor that fails is reported; the rest of the record stays applied. */
function addFactors(tenant: Tenant, user: string, record: JsonObject): readonly RecordError[] {
  const added = objectsOf(record['mfa_factors']).map((factor) => importFactor(tenant, user, factor))
  if (!added.includes(false)) return []
  return [{ code: 'MFA_FACTORS_FAILED', message: 'Unable to import factors', path: 'mfa_factors' }]
}

/** The record as a report shows it: hashes are masked. */
function masked(record: Json): Json {
  if (!isJsonObject(record)) return record
  const shown: Record<string, Json> = { ...record }
  if (shown['password_hash'] !== undefined) shown['password_hash'] = '*****'
  const custom = objectOf(shown['custom_password_hash'])
  const hash = objectOf(custom?.['hash'])
  if (custom !== undefined)
    shown['custom_password_hash'] = {
      ...custom,
      ...(hash === undefined ? { hash: '*****' } : { hash: { ...hash, value: '*****' } }),
    }
  return shown
}
