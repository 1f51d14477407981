import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import type { Authenticator } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import {
  assign,
  bodyOf,
  collection,
  compact,
  isoNow,
  objectsOf,
  parameter,
  pick,
  publicRecord,
  stringOf,
  without,
} from '../records.ts'
import { userOf } from './store.ts'

const mostMethods = 20
const recoveryAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const keyTypes = ['webauthn-roaming', 'webauthn-platform', 'passkey']

/** Enrolments that the MFA API knows, and the keys (WebAuthn, passkeys) that only the Management API does. */
function recordsOf(tenant: Tenant, user: string): readonly Authenticator[] {
  return (['authenticators', 'authentication-keys'] as const).flatMap((name) =>
    [...collection(tenant, name).values()].filter((record) => record.user_id === user),
  )
}

function typeOf(record: Authenticator): string {
  const kind = record.authenticator_type
  if (kind === 'otp') return 'totp'
  if (kind !== 'oob') return stringOf(kind) ?? stringOf(record.type) ?? ''
  const channel = stringOf(record.oob_channel) ?? ''
  return { sms: 'phone', voice: 'phone', auth0: 'push', email: 'email' }[channel] ?? channel
}

/** An enrolment as the Management API shows it. */
function shown(record: Authenticator): JsonObject {
  const type = typeOf(record)
  const channel = stringOf(record.oob_channel)
  const common = { id: record.id, type, confirmed: record.active ?? true, created_at: record.created_at }
  if (keyTypes.includes(type)) return compact({ ...without(publicRecord(record), 'user_id'), ...common })
  return compact({
    ...common,
    name: record.name,
    last_auth_at: record.last_auth_at,
    phone_number: type === 'phone' ? record.phone_number : undefined,
    email: type === 'email' ? record.email : undefined,
    preferred_authentication_method: type === 'phone' ? channel : undefined,
    authentication_methods: type === 'phone' ? [{ id: record.id ?? '', type: channel ?? 'sms' }] : undefined,
  })
}

function userId(call: ManagementCall): string {
  const id = parameter(call, 'id')
  userOf(call.tenant, id)
  return id
}

const list: ManagementHandler = (call) =>
  page(call, recordsOf(call.tenant, userId(call)).map(shown), { key: 'authenticators', offset: { least: 0 } })

function add(call: ManagementCall, user: string, body: JsonObject): Authenticator {
  const { tenant } = call
  const type = stringOf(body['type']) ?? ''
  const held = recordsOf(tenant, user)
  if (held.length >= mostMethods) {
    refuse(403, `A user can have at most ${mostMethods} authentication methods.`, 'too_many_authentication_methods')
  }
  const same = held.some((record) => {
    if (typeOf(record) !== type) return false
    if (type === 'phone') return record.phone_number === body['phone_number']
    if (type === 'email') return record.email === body['email']
    return type === 'totp' || (body['key_id'] !== undefined && record.key_id === body['key_id'])
  })
  if (same) refuse(409, 'The authentication method already exists.', 'authentication_method_conflict')
  const suffix = `dev_${tenant.random.text(16)}`
  const common = { user_id: user, active: true, created_at: isoNow(tenant) }
  if (keyTypes.includes(type)) {
    if (body['key_id'] === undefined || body['public_key'] === undefined) {
      return refuseBody(`An authentication method of type ${type} needs key_id and public_key.`)
    }
    const record = { ...body, ...common, id: `${type}|${suffix}` }
    collection(tenant, 'authentication-keys').set(record.id, record)
    return record
  }
  const record: Authenticator = { ...common, ...enrolment(body, type, suffix) }
  tenant.tables.authenticators.set(record.id, record)
  return record
}

function enrolment(body: JsonObject, type: string, suffix: string): JsonObject & Pick<Authenticator, 'id'> {
  if (type === 'phone') {
    const phone = stringOf(body['phone_number'])
    if (phone === undefined) return refuseBody("Payload validation error: 'Missing required property: phone_number'.")
    const channel = body['preferred_authentication_method'] === 'voice' ? 'voice' : 'sms'
    const masked = `${'X'.repeat(Math.max(0, phone.length - 4))}${phone.slice(-4)}`
    return {
      id: `${channel}|${suffix}`,
      authenticator_type: 'oob',
      oob_channel: channel,
      name: body['name'] ?? masked,
      phone_number: phone,
    }
  }
  if (type === 'email') {
    const email = stringOf(body['email'])
    if (email === undefined) return refuseBody("Payload validation error: 'Missing required property: email'.")
    return {
      id: `email|${suffix}`,
      authenticator_type: 'oob',
      oob_channel: 'email',
      name: body['name'] ?? email,
      email,
    }
  }
  if (type === 'totp') {
    const secret = stringOf(body['totp_secret'])
    if (secret === undefined) return refuseBody("Payload validation error: 'Missing required property: totp_secret'.")
    return { id: `totp|${suffix}`, authenticator_type: 'otp', ...pick(body, 'name'), $secret: secret }
  }
  return refuseBody(`An authentication method of type ${type} cannot be created.`)
}

/** Adds a factor that an import brings; answers `false` for one that cannot be enrolled. */
export function importFactor(tenant: Tenant, user: string, factor: JsonObject): boolean {
  const value = (name: string, key: string): string | undefined =>
    stringOf((factor[name] as JsonObject | undefined)?.[key])
  const [totp, phone, email] = [value('totp', 'secret'), value('phone', 'value'), value('email', 'value')]
  const suffix = `dev_${tenant.random.text(16)}`
  const type = totp !== undefined ? 'totp' : phone !== undefined ? 'phone' : email !== undefined ? 'email' : undefined
  // A secret shorter than 80 bits passes the import schema, but no authenticator takes it.
  if (type === undefined || (totp !== undefined && totp.length < 16)) return false
  const body = compact({ totp_secret: totp, phone_number: phone, email })
  const common = { user_id: user, active: true, created_at: isoNow(tenant) }
  const record: Authenticator = { ...common, ...enrolment(body, type, suffix) }
  const authenticators = collection(tenant, 'authenticators')
  for (const [key, held] of authenticators) {
    const replaced = held.user_id === user && typeOf(held) === type
    if (replaced) authenticators.delete(key)
  }
  authenticators.set(record.id, record)
  return true
}

/** POST authentication-methods: confirmed at once. Page: https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authentication-methods-with-management-api */
const create: ManagementHandler = (call) => {
  const record = add(call, userId(call), bodyOf(call))
  const secret = stringOf(record.$secret)
  return reply(201, secret === undefined ? written(record) : { ...written(record), totp_secret: secret })
}

/** A method as the answer to a write shows it: reads alone tell whether it is confirmed. */
function written(record: Authenticator): JsonObject {
  return without(shown(record), 'confirmed')
}

function removeAll(tenant: Tenant, user: string, keep: (record: Authenticator) => boolean = () => false): void {
  for (const name of ['authenticators', 'authentication-keys'] as const) {
    const records = collection(tenant, name)
    for (const [key, record] of records) if (record.user_id === user && !keep(record)) records.delete(key)
  }
}

/** PUT replaces everything, and is refused for users that own a passkey. */
const set: ManagementHandler = (call) => {
  const user = userId(call)
  if (recordsOf(call.tenant, user).some((record) => typeOf(record) === 'passkey')) {
    refuse(403, 'Authentication methods of a user with a passkey cannot be replaced.', 'operation_not_supported')
  }
  removeAll(call.tenant, user, (record) => typeOf(record) === 'recovery-code')
  return reply(
    200,
    objectsOf(call.body).map((body) => written(add(call, user, body))),
  )
}

function methodOf(call: ManagementCall): Authenticator {
  const id = parameter(call, 'authentication_method_id')
  const found = recordsOf(call.tenant, userId(call)).find((record) => record.id === id)
  return found ?? refuse(404, 'The authentication method does not exist.', 'inexistent_authentication_method')
}

const update: ManagementHandler = (call) => {
  const record = methodOf(call)
  const id = parameter(call, 'authentication_method_id')
  const { name, preferred_authentication_method: preferred } = bodyOf(call)
  const channel = typeOf(record) === 'phone' ? preferred : undefined
  const changed = assign(record, compact({ name: name ?? undefined, oob_channel: channel }))
  collection(call.tenant, keyTypes.includes(typeOf(record)) ? 'authentication-keys' : 'authenticators').set(id, changed)
  return reply(200, written(changed))
}

const remove: ManagementHandler = (call) => {
  const record = methodOf(call)
  const ids = [record.id, record.$twin]
  for (const name of ['authenticators', 'authentication-keys'] as const) {
    for (const id of ids) if (typeof id === 'string') collection(call.tenant, name).delete(id)
  }
  return reply(204)
}

const removeEverything: ManagementHandler = (call) => {
  removeAll(call.tenant, userId(call))
  return reply(204)
}

/** DELETE /users/{id}/multifactor/{provider}: `google-authenticator` is the one-time password, `guardian` the push. */
const removeProvider: ManagementHandler = (call) => {
  const provider = parameter(call, 'provider')
  const type = { 'google-authenticator': 'totp', guardian: 'push' }[provider]
  removeAll(call.tenant, userId(call), (record) => type !== undefined && typeOf(record) !== type)
  return reply(204)
}

/** POST recovery-code-regeneration: 404 for a user that has nothing enrolled. */
const regenerate: ManagementHandler = (call) => {
  const user = userId(call)
  const held = recordsOf(call.tenant, user)
  if (held.length === 0) return refuse(404, 'The user does not have any MFA enrollments.', 'not_enrolled')
  const code = call.tenant.random.text(24, recoveryAlphabet)
  const id =
    stringOf(held.find((record) => typeOf(record) === 'recovery-code')?.id) ??
    `recovery-code|dev_${call.tenant.random.text(16)}`
  collection(call.tenant, 'authenticators').set(id, {
    id,
    user_id: user,
    authenticator_type: 'recovery-code',
    active: true,
    created_at: isoNow(call.tenant),
    $recovery_code: code,
  })
  return reply(200, { recovery_code: code })
}

/** The Guardian view of the same enrolments. */
export function guardianEnrollment(record: Authenticator): JsonObject {
  const type = typeOf(record)
  return compact({
    id: record.id,
    status: record.active === false ? 'pending' : 'confirmed',
    type: { phone: 'sms', totp: 'authenticator', push: 'pn' }[type] ?? type,
    name: record.name,
    phone_number: record.phone_number,
    enrolled_at: record.created_at,
    last_auth: record.last_auth_at,
  })
}

const listEnrollments: ManagementHandler = (call) =>
  reply(200, recordsOf(call.tenant, userId(call)).map(guardianEnrollment))

export const authenticationMethodHandlers: Readonly<Record<string, ManagementHandler>> = {
  'users.authenticationMethods.list': list,
  'users.authenticationMethods.create': create,
  'users.authenticationMethods.set': set,
  'users.authenticationMethods.get': (call) => reply(200, shown(methodOf(call))),
  'users.authenticationMethods.update': update,
  'users.authenticationMethods.delete': remove,
  'users.authenticationMethods.deleteAll': removeEverything,
  'users.authenticators.deleteAll': removeEverything,
  'users.multifactor.deleteProvider': removeProvider,
  'users.multifactor.invalidateRememberBrowser': (call) => {
    userId(call)
    return reply(204)
  },
  'users.regenerateRecoveryCode': regenerate,
  'users.enrollments.get': listEnrollments,
}
