import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Connection, User } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { assign, bodyOf, isoNow, mergeMetadata, objectOf, parameter, stringOf, without } from '../records.ts'
import { sendPhoneCode, sendVerificationEmail } from '../tickets.ts'
import { checkPassword, withPassword } from './password-policy.ts'
import { checkMetadata, checkSubject, connectionByName, holds, primaryIdentity, publicUser, userOf } from './store.ts'

const rootKeys = [
  'app_metadata',
  'blocked',
  'email',
  'email_verified',
  'family_name',
  'given_name',
  'name',
  'nickname',
  'password',
  'phone_number',
  'phone_verified',
  'picture',
  'username',
  'user_metadata',
  'verify_email',
  'verify_phone_number',
  'connection',
  'client_id',
]
const instructions = ['verify_email', 'verify_phone_number', 'connection', 'client_id', 'password']
const identityKeys = ['email', 'email_verified', 'phone_number', 'phone_verified', 'username', 'password']
const profileKeys = ['name', 'given_name', 'family_name', 'nickname', 'picture']
const illegalTogether: readonly (readonly [string, string])[] = [
  ['password', 'email'],
  ['password', 'email_verified'],
  ['username', 'email'],
  ['username', 'email_verified'],
  ['username', 'password'],
]
const unsettable = [
  'blocked',
  'family_name',
  'given_name',
  'name',
  'nickname',
  'picture',
  'phone_number',
  'phone_verified',
]

/**
 * PATCH /users/{id}: root fields replace, metadata merges on its first level.
 * Page: https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
const update: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  checkSubject(call, id)
  const body = bodyOf(call)
  checkShape(call, body)
  const user = userOf(call.tenant, id)
  const connection = targetConnection(call, user, body)
  checkConnectionRules(call, user, body, connection)
  const changed = apply(call, user, body, connection)
  call.tenant.tables.users.set(id, changed)
  follow(call, user, changed, body)
  return reply(200, publicUser(call, changed))
}

function checkShape(call: ManagementCall, body: JsonObject): void {
  const keys = Object.keys(body)
  if (keys.length === 0) refuseBody("Payload validation error: 'Too few properties defined (0), minimum 1'.")
  const unknown = keys.filter((key) => !rootKeys.includes(key))
  if (unknown.length > 0)
    refuseBody(`Payload validation error: 'Additional properties not allowed: ${unknown.join(', ')}'.`)
  const selfOnly = !call.scopes.includes('update:users') && !call.scopes.includes('update:users_app_metadata')
  if (selfOnly && keys.some((key) => key !== 'user_metadata')) {
    refuse(403, 'Insufficient scope, expected any of: update:users, update:users_app_metadata', 'insufficient_scope')
  }
  if (!selfOnly && !call.scopes.includes('update:users') && keys.some((key) => key !== 'app_metadata')) {
    refuse(403, 'Insufficient scope, expected any of: update:users', 'insufficient_scope')
  }
  for (const [one, other] of illegalTogether) {
    if (body[one] !== undefined && body[other] !== undefined) {
      refuseBody(`Cannot update ${one} and ${other} simultaneously.`)
    }
  }
  for (const key of keys) {
    if (body[key] === null && !unsettable.includes(key) && !key.endsWith('_metadata')) {
      refuseBody(`Payload validation error: 'Expected type string but found type null' on property ${key}.`)
    }
  }
  checkMetadata(body)
}

/** The identity that a change of e-mail, phone, username or password goes to: the main one unless `connection` names another. */
function targetConnection(call: ManagementCall, user: User, body: JsonObject): Partial<Connection> {
  const name = stringOf(body['connection'])
  const names = user.identities.map((identity) => identity.connection)
  if (name !== undefined && !names.includes(name)) {
    return refuseBody(`The user does not have an identity in the connection '${name}'.`)
  }
  const wanted = name ?? primaryIdentity(user).connection ?? ''
  const found = connectionByName(call.tenant, wanted)
  const touched = identityKeys.some((key) => body[key] !== undefined)
  if (found === undefined && touched) refuse(400, 'The connection does not exist.', 'inexistent_connection')
  return found ?? {}
}

function checkConnectionRules(
  call: ManagementCall,
  user: User,
  body: JsonObject,
  connection: Partial<Connection>,
): void {
  const strategy = stringOf(connection.strategy) ?? primaryIdentity(user).provider ?? ''
  const name = stringOf(connection.name) ?? ''
  const database = strategy === 'auth0'
  const options = objectOf(connection.options) ?? {}
  if (body['email'] !== undefined && !database && strategy !== 'email') {
    refuseBody(`The specified connection (${name}) does not support setting email.`)
  }
  if (body['email_verified'] !== undefined && !database && strategy !== 'email') {
    refuseBody(`The specified connection (${name}) does not support setting email_verified.`)
  }
  for (const key of ['password', 'username']) {
    if (body[key] !== undefined && !database) refuseBody(`Your account does not allow setting the ${key} in ${name}.`)
  }
  if (body['username'] !== undefined && options['requires_username'] !== true) {
    refuseBody('Cannot set username for connection without requires_username.')
  }
  const synced =
    !database && strategy !== 'email' && strategy !== 'sms' && options['set_user_root_attributes'] !== 'on_first_login'
  const refused = profileKeys.filter((key) => body[key] !== undefined)
  if (synced && options['set_user_root_attributes'] !== 'never_on_login' && refused.length > 0) {
    refuseBody(
      `The following user attributes cannot be updated: ${refused.join(', ')}. The connection (${name}) syncs them.`,
    )
  }
  for (const field of ['email', 'username', 'phone_number'] as const) {
    const value = stringOf(body[field])
    const written = field === 'phone_number' ? value : value?.toLowerCase()
    const unique = field !== 'phone_number' || strategy === 'sms'
    if (written !== undefined && unique && holds(call.tenant, name, field, written, user.user_id)) {
      refuse(400, `The specified new ${field.replace('_', ' ')} already exists.`, 'auth0_idp_error')
    }
  }
  const password = stringOf(body['password'])
  if (password !== undefined) checkPassword(connection, user, password)
}

function apply(call: ManagementCall, user: User, body: JsonObject, connection: Partial<Connection>): User {
  const changes: Record<string, Json> = { ...without(body, 'user_metadata', 'app_metadata', ...instructions) }
  for (const key of ['email', 'username']) {
    const value = stringOf(changes[key])
    if (value !== undefined) changes[key] = value.toLowerCase()
  }
  if (changes['email'] !== undefined && changes['email'] !== user.email && body['email_verified'] === undefined) {
    changes['email_verified'] = false
  }
  if (stringOf(changes['phone_number']) !== undefined && changes['phone_number'] !== user.phone_number) {
    changes['phone_verified'] = body['phone_verified'] ?? false
  }
  const secondary = connection.name !== primaryIdentity(user).connection && body['connection'] !== undefined
  let changed: JsonObject = secondary
    ? applySecondary(user, changes, stringOf(connection.name) ?? '')
    : assign(user, changes)
  for (const field of ['user_metadata', 'app_metadata'] as const) {
    const metadata = body[field]
    if (metadata === null) changed = without(changed, field)
    else if (metadata !== undefined)
      changed = { ...changed, [field]: mergeMetadata(user[field], objectOf(metadata) ?? {}) }
  }
  const password = stringOf(body['password'])
  if (password !== undefined) {
    changed = { ...without(withPassword(changed, password), 'blocked'), last_password_reset: isoNow(call.tenant) }
  }
  return { ...changed, updated_at: isoNow(call.tenant) } as User
}

/** Identity fields of a linked account live in its `profileData`; the other root fields stay those of the user. */
function applySecondary(user: User, changes: JsonObject, connection: string): JsonObject {
  const own = Object.fromEntries(Object.entries(changes).filter(([key]) => identityKeys.includes(key)))
  const identities = user.identities.map((identity) =>
    identity.connection === connection
      ? { ...identity, profileData: assign(identity.profileData ?? {}, own) }
      : identity,
  )
  return { ...assign(user, without(changes, ...identityKeys)), identities }
}

/** What a change causes beside the profile: messages, ended sessions, lifted blocks. */
function follow(call: ManagementCall, before: User, after: User, body: JsonObject): void {
  const id = parameter(call, 'id')
  if (body['verify_email'] === true && after.email !== undefined) {
    sendVerificationEmail(
      call.tenant,
      after,
      { domain: call.linkDomain, origin: call.linkOrigin },
      { client_id: stringOf(body['client_id']) },
    )
  }
  if (body['verify_phone_number'] === true && after.phone_number !== undefined) sendPhoneCode(call.tenant, after)
  if (body['email'] !== undefined && before.email !== after.email) {
    call.tenant.log({ type: 'sce', description: 'The e-mail address was changed by the Management API.', user_id: id })
  }
  if (body['password'] !== undefined) {
    const { refreshTokens, sessions, userBlocks } = call.tenant.tables
    userBlocks.delete(id)
    for (const table of [sessions, refreshTokens]) for (const key of table.keysWhere('user_id', id)) table.delete(key)
    call.tenant.log({ type: 'scp', description: 'The password was changed by the Management API.', user_id: id })
  }
}

export const userUpdateHandlers: Readonly<Record<string, ManagementHandler>> = { 'users.update': update }
