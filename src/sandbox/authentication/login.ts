import type { Json, JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import { issueAccessToken } from './access-token.ts'
import { targetOf } from './audience.ts'
import { type AuthenticationCall, AuthenticationFailure, type AuthenticationReply, field } from './call.ts'
import { issueIdToken } from './id-token.ts'
import type { Login, LoginStart } from './login-state.ts'
import { demandsMfa, startTransaction } from './mfa/index.ts'
import { organizationNamed } from './organization.ts'
import { issueRefreshToken } from './refresh-token.ts'
import { grantScopes, permissionsOf } from './scopes.ts'
import { noteLogin, refuseBlocked } from './users.ts'

/** The organization a call names, which the user must belong to. */
export function organizationOf(call: AuthenticationCall, user: JsonObject): JsonObject | undefined {
  const named = field(call, 'organization')
  if (named === undefined) return undefined
  const organization = organizationNamed(call.core, named)
  const members = collection(call.core.tables, 'members')
  if (members.has(`${organization.id} ${user.user_id}`)) return organization
  throw new AuthenticationFailure(403, 'access_denied', `user is not part of the ${organization.id} organization`)
}

/**
 * Goes on with a user whose first factor was proven: asks for the second one where it is due, else gives the tokens.
 * @throws 403 `mfa_required` with an mfa token
 */
export async function continueLogin(
  call: AuthenticationCall,
  start: LoginStart,
  extra: JsonObject = {},
): Promise<AuthenticationReply> {
  const { core, ip, issuer } = call
  const { client, user } = start
  refuseBlocked(core, user, ip)
  const target = targetOf(core, issuer, start.audience)
  const scopes = grantScopes(core, client, user, target, start.scope)
  if (!start.mfa && !start.settled && demandsMfa(core, user, target)) {
    core.log({ type: 'mfar', description: 'MFA required', user_id: user.user_id, client_id: client.client_id, ip })
    const extra = { mfa_token: startTransaction(core, start) }
    throw new AuthenticationFailure(403, 'mfa_required', 'Multifactor authentication required', { extra })
  }
  const login: Login = { ...start, scopes, mfa: start.mfa === true, sid: start.sid ?? openSession(call, start) }
  // A browser noted its login when the person came in; the exchange of its code is none.
  if (!start.settled) noteLogin(core, user, ip)
  return { status: 200, json: { ...(await issueTokens(call, login)), ...extra } }
}

/**
 * The tokens of a login.
 * @param front true where a browser gets them with the answer of `/authorize`
 */
export async function issueTokens(
  call: AuthenticationCall,
  login: Login,
  refresh: 'new' | 'none' = 'new',
  front = false,
): Promise<JsonObject> {
  const { core, issuer } = call
  const { audience, authorizationDetails, client, code, gty, organization, scopes, user } = login
  const target = targetOf(core, issuer, audience)
  const withPermissions = target.kind === 'api' && String(target.api.token_dialect ?? '').endsWith('_authz')
  const access = await issueAccessToken(core, {
    issuer,
    client,
    subject: String(user.user_id),
    target,
    scopes,
    front,
    ...(gty === undefined ? {} : { gty }),
    ...(organization ? { organization } : {}),
    ...(authorizationDetails ? { authorizationDetails } : {}),
    ...(code === undefined ? {} : { code }),
    ...(withPermissions
      ? { permissions: permissionsOf(core, String(user.user_id), String(target.api.identifier)) }
      : {}),
  })
  const tokens: Record<string, Json> = { access_token: access.token }
  if (refresh === 'new' && scopes.includes('offline_access')) tokens.refresh_token = issueRefreshToken(core, login)
  if (scopes.includes('openid')) {
    tokens.id_token = await issueIdToken(core, {
      issuer,
      client,
      user,
      scopes,
      accessToken: access.token,
      sid: login.sid,
      ...(login.nonce === undefined ? {} : { nonce: login.nonce }),
      ...(organization ? { organization } : {}),
      ...(login.mfa ? { amr: ['mfa'] } : {}),
      ...(login.authTime === undefined ? {} : { authTime: login.authTime }),
    })
  }
  if (scopes.length > 0) tokens.scope = scopes.join(' ')
  if (authorizationDetails) tokens.authorization_details = authorizationDetails
  return { ...tokens, expires_in: access.seconds, token_type: 'Bearer' }
}

function openSession({ core }: AuthenticationCall, { client, user }: LoginStart): string {
  const id = core.random.text(32)
  const at = new Date(core.clock.now()).toISOString()
  collection(core.tables, 'sessions').set(id, {
    id,
    user_id: String(user.user_id),
    clients: [{ client_id: String(client.client_id) }],
    created_at: at,
    updated_at: at,
    authenticated_at: at,
    last_interacted_at: at,
  })
  return id
}
