import { isJsonObject, type JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { bodyOf, isoNow, listOf, objectsOf, parameter, pick, stringOf, without } from '../records.ts'
import { checkSubject, primaryIdentity, removeUser, userOf } from './store.ts'

const profileKeys = [
  'email',
  'email_verified',
  'name',
  'username',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'phone_number',
  'phone_verified',
]

/** POST /users/{id}/identities. Page: https://auth0.com/docs/manage-users/user-accounts/user-account-linking */
const link: ManagementHandler = (call) => {
  const { tenant } = call
  const id = parameter(call, 'id')
  checkSubject(call, id)
  const body = bodyOf(call)
  if (Object.keys(body).length === 0)
    refuseBody("Payload validation error: 'Too few properties defined (0), minimum 1'.")
  const primary = userOf(tenant, id)
  const secondaryId =
    body['link_with'] === undefined ? namedSecondary(call, body) : tokenSubject(call, stringOf(body['link_with']) ?? '')
  if (secondaryId === id) refuse(400, 'Main identity and linked identity are the same.', 'operation_not_supported')
  const linked = [...tenant.tables.users.values()].some((user) =>
    user.identities
      .slice(1)
      .some((identity) => `${String(identity.provider)}|${String(identity.user_id)}` === secondaryId),
  )
  if (linked) refuse(409, 'Specified identity is already linked to another user.', 'identity_conflict')
  const secondary = tenant.tables.users.get(secondaryId)
  if (secondary === undefined) return refuse(400, 'The linked user does not exist.', 'inexistent_user')
  const [main, ...rest] = objectsOf(secondary.identities)
  const joined: readonly JsonObject[] = [
    ...objectsOf(primary.identities),
    { ...main, profileData: pick(secondary, ...profileKeys), ...pick(secondary, '$password') },
    ...rest,
  ]
  removeUser(tenant, secondaryId)
  tenant.tables.users.set(id, { ...primary, identities: joined, updated_at: isoNow(tenant) })
  return reply(
    201,
    joined.map((identity) => without(identity, '$password')),
  )
}

function namedSecondary(call: ManagementCall, body: JsonObject): string {
  if (!call.scopes.includes('update:users')) {
    refuse(403, 'Insufficient scope, expected any of: update:users', 'insufficient_scope')
  }
  const provider = stringOf(body['provider'])
  const userId = body['user_id']
  if (provider === undefined || userId === undefined) {
    return refuseBody('Linking by the server needs provider and user_id.')
  }
  const written = String(userId)
  return written.startsWith(`${provider}|`) ? written : `${provider}|${written}`
}

/** Subject of the ID token in `link_with`, which has to come from this tenant and name the caller's application. */
function tokenSubject(call: ManagementCall, token: string): string {
  const parts = token.split('.')
  if (parts.length !== 3) return refuseBody('link_with is not a JSON Web Token.')
  const [header, claims] = parts.slice(0, 2).map(decodePart)
  if (header?.['alg'] !== 'RS256') return refuseBody('link_with must be signed with RS256.')
  if (claims === undefined || typeof claims['sub'] !== 'string') return refuseBody('link_with does not name a subject.')
  if (claims['iss'] !== call.claims['iss']) return refuseBody('link_with has a different issuer.')
  const audiences = [claims['aud'], ...listOf(claims['aud'])]
  if (!audiences.includes(call.claims['azp'] ?? null)) {
    return refuseBody("link_with was issued to another application than the caller's token.")
  }
  return claims['sub']
}

function decodePart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isJsonObject(value) ? value : undefined
  } catch {
    // A part that does not decode is answered as a malformed token by the caller.
    return undefined
  }
}

/** DELETE /users/{id}/identities/{provider}/{user_id}: the secondary becomes a user of its own, without metadata. */
const unlink: ManagementHandler = (call) => {
  const { tenant } = call
  const id = parameter(call, 'id')
  checkSubject(call, id)
  const provider = parameter(call, 'provider')
  const part = parameter(call, 'user_id')
  const user = userOf(tenant, id)
  const identities = user.identities
  const main = primaryIdentity(user)
  if (main.provider === provider && String(main.user_id) === part) {
    refuse(400, 'Main identity can not be unlinked.', 'operation_not_supported')
  }
  const found = identities.find((one) => one.provider === provider && String(one.user_id) === part)
  if (found === undefined) return refuse(400, 'The user does not have the specified identity.', 'inexistent_identity')
  const remaining = identities.filter((one) => one !== found)
  const now = isoNow(tenant)
  const freed = `${provider}|${part}`
  tenant.tables.users.set(id, { ...user, identities: remaining, updated_at: now })
  tenant.tables.users.set(freed, {
    ...found.profileData,
    ...pick(found, '$password'),
    user_id: freed,
    created_at: now,
    updated_at: now,
    identities: [without(found, 'profileData', '$password')],
  })
  return reply(
    200,
    remaining.map((identity) => without(identity, '$password')),
  )
}

export const identityHandlers: Readonly<Record<string, ManagementHandler>> = {
  'users.identities.link': link,
  'users.identities.delete': unlink,
}
