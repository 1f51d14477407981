import type { JsonObject } from '../../../plan/index.ts'
import { targetOf } from '../audience.ts'
import { type AuthenticationCall, AuthenticationFailure, field, requiredField } from '../call.ts'
import { issueTokens } from '../login.ts'
import { demandsMfa, startTransaction } from '../mfa/index.ts'
import { issueRefreshToken, redeemRefreshToken } from '../refresh-token.ts'
import { refuseBlocked, userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** New tokens from a refresh token; a new refresh token only where the application rotates. */
export const refreshToken: Grant = async (call, client) => {
  const { core, ip, issuer } = call
  const { record, rotating } = redeemRefreshToken(core, client, requiredField(call, 'refresh_token'))
  const user = userById(core, String(record.user_id))
  refuseBlocked(core, user, ip)
  const audience = audienceOf(call, record.$audience)
  const scopes = narrowed(String(record.$scope), field(call, 'scope'))
  const organization = core.tables.organizations.get(String(record.$organization ?? ''))
  const target = targetOf(core, issuer, audience)
  const { $auth_time, $authorization_details, $code } = record
  const common = {
    client,
    user,
    ...(typeof $auth_time === 'number' ? { authTime: $auth_time } : {}),
    ...(Array.isArray($authorization_details) ? { authorizationDetails: $authorization_details } : {}),
    ...(typeof $code === 'string' ? { code: $code } : {}),
    ...(audience === undefined ? {} : { audience }),
    ...(organization ? { organization } : {}),
    gty: 'refresh_token',
  }
  if (record.$mfa !== true && demandsMfa(core, user, target)) {
    const extra = { mfa_token: startTransaction(core, { ...common, scope: scopes.join(' ') }) }
    throw new AuthenticationFailure(403, 'mfa_required', 'Multifactor authentication required', { extra })
  }
  const login = { ...common, scopes, mfa: record.$mfa === true, sid: String(record.session_id) }
  const tokens = await issueTokens(call, login, 'none')
  const full = { ...login, scopes: String(record.$scope).split(' ') }
  const next: JsonObject = rotating ? { refresh_token: issueRefreshToken(core, full, record) } : {}
  return { status: 200, json: { ...tokens, ...next } }
}

function audienceOf(call: AuthenticationCall, stored: unknown): string | undefined {
  const original = typeof stored === 'string' ? stored : undefined
  const asked = field(call, 'audience')
  if (asked === undefined || asked === original) return original
  const text = 'The refresh token was issued for another audience. Log in for that audience instead.'
  throw new AuthenticationFailure(403, 'invalid_grant', text)
}

function narrowed(granted: string, asked: string | undefined): readonly string[] {
  const all = granted.split(' ').filter(Boolean)
  if (asked === undefined) return all
  const wanted = asked.split(' ')
  return all.filter((scope) => wanted.includes(scope))
}
