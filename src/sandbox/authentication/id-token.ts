import { createHash } from 'node:crypto'
import { SignJWT } from 'jose'
import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { organizationClaims } from './access-token.ts'

const DEFAULT_SECONDS = 36_000
const PROFILE = ['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'picture', 'updated_at']
const EMAIL = ['email', 'email_verified']
const PHONE = ['phone_number', 'phone_verified']

/** What an ID token is made from. */
export interface IdTokenRequest {
  readonly issuer: string
  readonly client: JsonObject
  readonly user: JsonObject
  readonly scopes: readonly string[]
  /** The access token that is given beside it, for `at_hash`. */
  readonly accessToken?: string
  readonly sid: string
  readonly nonce?: string
  readonly organization?: JsonObject
  /** `mfa` when a second factor was passed. */
  readonly amr?: readonly string[]
  /** Epoch seconds of the login; only where the application asked by `max_age`. */
  readonly authTime?: number
  /** The code that is given beside the token, for `c_hash`. */
  readonly code?: string
}

/** Claims about a user that the scopes allow. */
export function profileClaims(user: JsonObject, scopes: readonly string[]): Record<string, Json> {
  const names = [
    ...(scopes.includes('profile') ? PROFILE : []),
    ...(scopes.includes('email') ? EMAIL : []),
    ...(scopes.includes('phone') ? PHONE : []),
  ]
  const claims: Record<string, Json> = { sub: String(user.user_id) }
  for (const name of names) {
    const value = user[name]
    if (value !== undefined) claims[name === 'phone_verified' ? 'phone_number_verified' : name] = value
  }
  return claims
}

/** Signs an ID token as the application is set up: RS256 with the tenant's key, or HS256 with the client secret. */
export async function issueIdToken(core: Core, request: IdTokenRequest): Promise<string> {
  const { accessToken, amr, authTime, client, code, issuer, nonce, organization, scopes, sid, user } = request
  const settings = isJsonObject(client.jwt_configuration) ? client.jwt_configuration : {}
  const seconds = typeof settings.lifetime_in_seconds === 'number' ? settings.lifetime_in_seconds : DEFAULT_SECONDS
  const now = Math.floor(core.clock.now() / 1000)
  const claims: Record<string, Json> = {
    ...profileClaims(user, scopes),
    iss: issuer,
    aud: String(client.client_id),
    iat: now,
    exp: now + seconds,
    sid,
    ...(accessToken === undefined ? {} : { at_hash: halfHash(accessToken) }),
    ...(code === undefined ? {} : { c_hash: halfHash(code) }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(amr ? { amr } : {}),
    ...organizationClaims(core, organization),
  }
  if (settings.alg === 'HS256') {
    const secret = new TextEncoder().encode(String(client.client_secret ?? ''))
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secret)
  }
  const key = await core.signingKeys.current()
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid }).sign(key.privateKey)
}

/** Left half of the SHA-256 of a token or code, as `at_hash` and `c_hash` hold it. */
function halfHash(value: string): string {
  return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url')
}
