import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Connection } from '../tenant/index.ts'
import { AuthenticationFailure } from './call.ts'

const PROTECTION = '/api/v2/attack-protection/brute-force-protection'
/** What a tenant has that never changed the setting. */
const MOST_FAILED_LOGINS = 10

/** The connection a realm names, which the application may use. */
export function connectionFor(core: Core, client: JsonObject, realm: string): Connection {
  const found = [...core.tables.connections.values()].find((each) => each.name === realm)
  if (!found || found.$disabled === true)
    throw new AuthenticationFailure(400, 'invalid_request', `The connection ${realm} does not exist.`)
  if (Array.isArray(found.$clients) && !found.$clients.includes(String(client.client_id)))
    throw new AuthenticationFailure(
      403,
      'unauthorized_client',
      `The connection ${realm} is not enabled for the client.`,
    )
  return found
}

const IDENTIFIERS = ['email', 'username', 'phone_number'] as const

/** The user of a connection with an e-mail address, user name or phone number. */
export function findUser(core: Core, connection: string, identifier: string): JsonObject | undefined {
  const { users } = core.tables
  const wanted = identifier.toLowerCase()
  for (const field of IDENTIFIERS) {
    const found = users.find('identifier', `${connection} ${field} ${wanted}`)
    if (found) return found
  }
  // Records that were imported or linked may keep capital letters, which the index does not fold.
  return users
    .where('connection', connection)
    .find((user) => IDENTIFIERS.some((field) => String(user[field] ?? '').toLowerCase() === wanted))
}

/** Identities of a user. */
export function identitiesOf(user: JsonObject): readonly JsonObject[] {
  return Array.isArray(user.identities) ? user.identities.filter(isJsonObject) : []
}

/** The user of an id; a deleted one makes grants invalid. */
export function userById(core: Core, id: string): JsonObject {
  const user = core.tables.users.get(id)
  if (!user) throw new AuthenticationFailure(403, 'invalid_grant', 'The user no longer exists.')
  return user
}

/** Refuses a user whom an administrator or brute-force protection has blocked. */
export function refuseBlocked(core: Core, user: JsonObject, ip: string): void {
  if (user.blocked === true) throw new AuthenticationFailure(403, 'unauthorized', 'user is blocked')
  const blocks = collection(core.tables, 'user-blocks').get(String(user.user_id))
  const blocked = Array.isArray(blocks?.blocked_for) ? blocks.blocked_for.filter(isJsonObject) : []
  if (blocked.some((each) => each.ip === undefined || each.ip === ip)) {
    const text = 'The account is blocked after too many failed logins. Remove its user block, or wait.'
    throw new AuthenticationFailure(429, 'too_many_attempts', text)
  }
}

/**
 * Counts a failed login; so many in a row as the tenant's brute-force protection allows, from one address or from all,
 * block the user there.
 */
export function noteFailedLogin(
  core: Core,
  user: JsonObject,
  identifier: string,
  connection: string,
  ip: string,
): void {
  const { allowlist, enabled, max_attempts, mode, shields } = core.tables.documents.get(PROTECTION) ?? {}
  if (enabled === false || (Array.isArray(allowlist) && allowlist.includes(ip))) return
  if (Array.isArray(shields) && !shields.includes('block')) return
  if (!protects(core.tables.connections.find('name', connection))) return
  const id = String(user.user_id)
  const place: JsonObject = mode === 'count_per_identifier' ? {} : { ip }
  const failures = collection(core.tables, 'sandbox/failed-logins')
  const key = `${id} ${place.ip ?? ''}`
  const count = Number(failures.get(key)?.count ?? 0) + 1
  failures.set(key, { count })
  if (count < Number(max_attempts ?? MOST_FAILED_LOGINS)) return
  failures.delete(key)
  const blocks = collection(core.tables, 'user-blocks')
  const held = blocks.get(id)?.blocked_for
  blocks.set(id, { blocked_for: [...(Array.isArray(held) ? held : []), { identifier, ...place, connection }] })
  core.log({ type: 'limit_wc', description: 'Blocked after consecutive failed logins', user_id: id, connection, ip })
}

function protects(connection: Connection | undefined): boolean {
  const { options } = connection ?? {}
  return !(isJsonObject(options) && options.brute_force_protection === false)
}

/** Notes a finished login in the profile. */
export function noteLogin(core: Core, user: JsonObject, ip: string): void {
  const id = String(user.user_id)
  const failures = collection(core.tables, 'sandbox/failed-logins')
  for (const place of [ip, '']) failures.delete(`${id} ${place}`)
  core.tables.users.set(id, {
    ...user,
    last_login: new Date(core.clock.now()).toISOString(),
    last_ip: ip,
    logins_count: Number(user.logins_count ?? 0) + 1,
  })
}
