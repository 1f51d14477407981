import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, Tenant } from '../../contract.ts'
import type { Connection, Identity, User } from '../../tenant/index.ts'
import { refuse, refuseBody } from '../answer.ts'
import { compact, isoNow, objectOf, publicRecord, stringOf, without } from '../records.ts'

/** Keys that `app_metadata` may not hold. Page: https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data */
const reservedMetadata = [
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email_verified',
  'email',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor_last_modified',
  'multifactor',
  'updated_at',
  'user_id',
]

/** The user of an id, or the 404 that the API answers. */
export function userOf(tenant: Tenant, id: string): User {
  return tenant.tables.users.get(id) ?? refuse(404, 'The user does not exist.', 'inexistent_user')
}

/** Refuses callers whose token speaks for one user only when they name another. */
export function checkSubject(call: ManagementCall, id: string): void {
  const forAll = call.scopes.some((scope) => !scope.includes('current_user') && call.row.scopes.includes(scope))
  const forSelf = call.scopes.some((scope) => scope.includes('current_user') && call.row.scopes.includes(scope))
  if (!forAll && forSelf && call.claims['sub'] !== id) {
    refuse(403, 'User to be acted on does not match subject in bearer token.', 'insufficient_scope')
  }
}

/** The profile as the API shows it: no private keys, no identity tokens without their scope. */
export function publicUser(call: ManagementCall, user: User): JsonObject {
  const tokens = call.scopes.includes('read:user_idp_tokens')
  const hidden = tokens ? ['$password'] : ['$password', 'access_token', 'access_token_secret', 'refresh_token']
  const identities = user.identities.map((identity) => without(identity, ...hidden))
  const shown = publicRecord(user) as Record<string, Json>
  shown['identities'] = identities
  return shown
}

/** Connection of a name. */
export function connectionByName(tenant: Tenant, name: string): Connection | undefined {
  return tenant.tables.connections.find('name', name)
}

export function primaryIdentity(user: User): Partial<Identity> {
  return user.identities[0] ?? {}
}

/** Whether another user of the same connection holds the value. */
export function holds(
  tenant: Tenant,
  connection: string,
  field: 'email' | 'username' | 'phone_number',
  value: string,
  except?: string,
): boolean {
  return tenant.tables.users.isTaken('identifier', `${connection} ${field} ${value}`, except)
}

/** Metadata rules that hold on every write. */
export function checkMetadata(changes: JsonObject): void {
  for (const field of ['user_metadata', 'app_metadata']) {
    for (const key of Object.keys(objectOf(changes[field]) ?? {})) {
      if (/[.$]/.test(key))
        refuseBody(`Payload validation error: '${field} keys cannot contain . or $' on property ${field}.`)
      if (field === 'app_metadata' && reservedMetadata.includes(key)) {
        refuseBody(`Payload validation error: 'app_metadata.${key} is a reserved property' on property app_metadata.`)
      }
    }
  }
}

/** Provider of the identities that a connection makes. */
export function providerOf(connection: Connection): string {
  return stringOf(connection.strategy) ?? 'auth0'
}

/** What a new user is made from. */
export interface NewUser {
  readonly connection: Connection
  readonly profile: JsonObject
  readonly password?: string
}

/** Puts a user into the tenant; every rule of the caller's operation has been checked before. */
export function addUser(tenant: Tenant, { connection, profile, password }: NewUser): User {
  const now = isoNow(tenant)
  const provider = providerOf(connection)
  const local = stringOf(profile['user_id']) ?? tenant.random.text(24, '0123456789abcdef')
  const email = stringOf(profile['email'])?.toLowerCase()
  const display = email ?? stringOf(profile['username']) ?? stringOf(profile['phone_number'])
  const user = compact({
    ...without(profile, 'user_id', 'connection', 'password', 'verify_email'),
    user_id: `${provider}|${local}`,
    email,
    email_verified: email === undefined ? undefined : (profile['email_verified'] ?? false),
    username: stringOf(profile['username'])?.toLowerCase(),
    phone_verified: profile['phone_number'] === undefined ? undefined : (profile['phone_verified'] ?? false),
    name: profile['name'] ?? display,
    nickname: profile['nickname'] ?? email?.split('@')[0] ?? stringOf(profile['username']),
    picture: profile['picture'] ?? pictureOf(display ?? local),
    created_at: now,
    updated_at: now,
    identities: [{ connection: connection.name ?? '', user_id: local, provider, isSocial: false }],
    $password: password,
  }) as User
  tenant.tables.users.set(user.user_id, user)
  return user
}

/** The picture of an address; where there is none, one with the first two letters. */
function pictureOf(name: string): string {
  const digest = createHash('md5').update(name.trim().toLowerCase()).digest('hex')
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 2)
  const drawn = encodeURIComponent(`https://cdn.auth0.com/avatars/${letters}.png`)
  return `https://s.gravatar.com/avatar/${digest}?s=480&r=pg&d=${drawn}`
}

/** Takes a user away with everything that belongs to it. */
export function removeUser(tenant: Tenant, id: string): void {
  tenant.tables.users.remove(id)
}
