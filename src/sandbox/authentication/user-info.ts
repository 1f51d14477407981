import { jwtVerify } from 'jose'
import type { Json, JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import { isRevoked } from './authorization-codes.ts'
import { type AuthenticationCall, type AuthenticationEndpoint, AuthenticationFailure, field } from './call.ts'
import { profileClaims } from './id-token.ts'
import { signerOf } from './signer.ts'

const invalid = (): AuthenticationFailure =>
  new AuthenticationFailure(401, 'invalid_token', 'The access token is missing, invalid or expired.', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  })

/** `GET` and `POST /userinfo`: claims about the user of an access token that has the scope `openid`. */
export const userInfo: AuthenticationEndpoint = async (call) => {
  const token = /^bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1] ?? field(call, 'access_token')
  if (token === undefined || isRevoked(call.core, token)) throw invalid()
  const { org_id, org_name, scopes, subject } = opaque(call, token) ?? (await signed(call, token))
  const user = call.core.tables.users.get(subject)
  if (!user || !scopes.includes('openid')) throw invalid()
  const organization: Record<string, Json> = {}
  if (org_id !== undefined) organization.org_id = org_id
  if (org_name !== undefined) organization.org_name = org_name
  return { status: 200, json: { ...profileClaims(user, scopes), ...organization } }
}

interface Bearer {
  readonly subject: string
  readonly scopes: readonly string[]
  readonly org_id?: Json
  readonly org_name?: Json
}

function bearer(subject: unknown, scope: unknown, claims: JsonObject): Bearer {
  const { org_id, org_name } = claims
  const scopes = String(scope ?? '').split(' ')
  return { subject: String(subject), scopes, ...(org_id ? { org_id } : {}), ...(org_name ? { org_name } : {}) }
}

function opaque({ core, issuer }: AuthenticationCall, token: string): Bearer | undefined {
  const record = collection(core.tables, 'sandbox/opaque-tokens').get(token)
  if (!record) return undefined
  if (Number(record.expires_at) <= core.clock.now() || record.iss !== issuer) throw invalid()
  return bearer(record.user_id, record.scope, record)
}

async function signed({ core, issuer }: AuthenticationCall, token: string): Promise<Bearer> {
  const options = {
    issuer,
    audience: `${issuer}userinfo`,
    currentDate: new Date(core.clock.now()),
    algorithms: ['RS256'],
  }
  const verified = await jwtVerify(token, signerOf(core), options).catch(() => undefined)
  if (!verified) throw invalid()
  return bearer(verified.payload.sub, verified.payload.scope, verified.payload as JsonObject)
}
