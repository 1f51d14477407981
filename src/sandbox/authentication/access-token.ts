import { SignJWT } from 'jose'
import type { Json, JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { MFA_TOKEN_SECONDS, type Target } from './audience.ts'

const DEFAULT_SECONDS = 86_400

/** What an access token says. */
export interface AccessTokenRequest {
  readonly issuer: string
  readonly client: JsonObject
  /** `user_id`, or `{client_id}@clients`. */
  readonly subject: string
  readonly target: Target
  readonly scopes: readonly string[]
  /** `client-credentials`, `password`, `refresh_token`; other grants leave no `gty`. */
  readonly gty?: string
  readonly organization?: JsonObject
  readonly permissions?: readonly string[]
  readonly authorizationDetails?: readonly Json[]
  /** True where the token goes to a browser with the answer of `/authorize`: APIs have a lifetime of their own for that. */
  readonly front?: boolean
  /** The authorization code that led to the token; a second use of the code takes an opaque token away. */
  readonly code?: string
}

/** A token and its lifetime in seconds. */
export interface IssuedAccessToken {
  readonly token: string
  readonly seconds: number
}

/** Issues an access token: a signed JWT for an API, an opaque one that only `/userinfo` takes where none is named. */
export async function issueAccessToken(core: Core, request: AccessTokenRequest): Promise<IssuedAccessToken> {
  if (request.target.kind === 'userinfo') return opaqueToken(core, request)
  const api = request.target.kind === 'api' ? request.target.api : undefined
  const own = (request.front ? api?.token_lifetime_for_web : undefined) ?? api?.token_lifetime
  const lifetime = request.target.kind === 'mfa' ? MFA_TOKEN_SECONDS : own
  const seconds = typeof lifetime === 'number' ? lifetime : DEFAULT_SECONDS
  const token = await signed(core, api, claimsOf(core, request, seconds))
  return { token, seconds }
}

function claimsOf(core: Core, request: AccessTokenRequest, seconds: number): Record<string, Json> {
  const { client, issuer, organization, permissions, scopes, subject, target } = request
  const now = Math.floor(core.clock.now() / 1000)
  const api = target.kind === 'api' ? target.api : undefined
  const rfc9068 = String(api?.token_dialect ?? '').startsWith('rfc9068_profile')
  const audience = target.kind === 'userinfo' ? `${issuer}userinfo` : target.audience
  const forUserinfo = scopes.includes('openid') && api !== undefined && api.signing_alg !== 'HS256'
  const claims: Record<string, Json> = {
    iss: issuer,
    sub: subject,
    aud: forUserinfo ? [audience, `${issuer}userinfo`] : audience,
    iat: now,
    exp: now + seconds,
  }
  if (scopes.length > 0) claims.scope = scopes.join(' ')
  Object.assign(claims, organizationClaims(core, organization))
  if (rfc9068) Object.assign(claims, { client_id: client.client_id, jti: core.random.text(22) })
  else Object.assign(claims, request.gty ? { gty: request.gty } : {}, { azp: client.client_id })
  if (permissions) claims.permissions = permissions
  if (request.authorizationDetails) claims.authorization_details = request.authorizationDetails
  return claims
}

/** `org_id`, and `org_name` where the tenant uses organization names. */
export function organizationClaims(core: Core, organization: JsonObject | undefined): JsonObject {
  if (!organization) return {}
  const names = core.tables.documents.get('tenant')?.allow_organization_name_in_authentication_api === true
  return { org_id: String(organization.id), ...(names ? { org_name: String(organization.name) } : {}) }
}

async function signed(core: Core, api: JsonObject | undefined, claims: Record<string, Json>): Promise<string> {
  const typ = String(api?.token_dialect ?? '').startsWith('rfc9068_profile') ? 'at+jwt' : 'JWT'
  if (api?.signing_alg === 'HS256') {
    const secret = new TextEncoder().encode(signingSecret(core, api))
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ }).sign(secret)
  }
  const key = await core.signingKeys.current()
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ, kid: key.kid }).sign(key.privateKey)
}

/** The secret of an API that signs with one; it gets one when it is first needed. */
function signingSecret(core: Core, api: JsonObject): string {
  if (typeof api.signing_secret === 'string' && api.signing_secret !== '') return api.signing_secret
  const signing_secret = core.random.text(32)
  core.tables.resourceServers.set(String(api.id), { ...api, signing_secret })
  return signing_secret
}

/** An opaque token in the form of an encrypted JWT, as Auth0 gives it; what it means lies in the tables. */
function opaqueToken(core: Core, request: AccessTokenRequest): IssuedAccessToken {
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', iss: request.issuer })).toString('base64url')
  const token = `${header}..${core.random.text(16)}.${core.random.text(72)}.${core.random.text(22)}`
  collection(core.tables, 'sandbox/opaque-tokens').set(token, {
    user_id: request.subject,
    client_id: String(request.client.client_id),
    scope: request.scopes.join(' '),
    iss: request.issuer,
    expires_at: core.clock.now() + DEFAULT_SECONDS * 1000,
    ...(request.code === undefined ? {} : { $code: request.code }),
    ...organizationClaims(core, request.organization),
  })
  return { token, seconds: DEFAULT_SECONDS }
}
