import type { KeyObject } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import type { OperationRow } from '../../../catalogue/index.ts'
import type { Json, JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import { Refusal } from '../../refusal.ts'
import { type Host, managementAudience, type SigningKey } from '../../tenant/index.ts'

const unauthorized = (message: string): Refusal =>
  new Refusal(401, message, { extra: { attributes: { error: message } } })

/**
 * Claims of the access token of a Management API call.
 * @throws 401 for a missing, invalid or expired token, 400 for a header of another form
 */
export async function verifyBearer(core: Core, host: Host, issuer: string, header?: string): Promise<JsonObject> {
  if (header === undefined || header === '') throw unauthorized('Missing authentication')
  const token = /^bearer (\S+)$/i.exec(header)?.[1]
  if (token === undefined) throw new Refusal(400, 'Bad HTTP authentication header format')
  const claims = await verified(core, token)
  const audiences = [claims.aud].flat().map(String)
  const accepted = [managementAudience(core.domain), `${issuer}api/v2/`]
  if (!audiences.some((audience) => accepted.includes(audience)))
    throw unauthorized(`Bad audience: ${audiences.join(', ')}`)
  const issuedHere = claims.iss === issuer || (host.kind !== 'custom' && isOwnIssuer(core, claims.iss))
  const client = String(claims.azp ?? claims.client_id ?? '')
  if (!issuedHere || !core.tables.clients.has(client)) throw unauthorized('Invalid token')
  return claims
}

/** Loopback and the canonical domain are two names of one host; custom domains stand for themselves. */
function isOwnIssuer(core: Core, issuer: Json | undefined): boolean {
  const authority = /^https?:\/\/([^/]+)\/$/.exec(String(issuer))?.[1]
  const host = authority === undefined ? undefined : core.hostOf(authority)
  return host !== undefined && host.kind !== 'custom'
}

/** How many tokens are remembered; the oldest are forgotten. */
const MOST_TOKENS = 1000

/** Claims of tokens whose signature was found right, by key: a client sends one token many times. */
const trusted = new WeakMap<KeyObject, Map<string, JsonObject>>()

async function verified(core: Core, token: string): Promise<JsonObject> {
  const key = await core.signingKeys.find(kidOf(token))
  if (key === undefined) throw unauthorized('Invalid signature received for JSON Web Token validation')
  let known = trusted.get(key.publicKey)
  if (known === undefined) {
    known = new Map()
    trusted.set(key.publicKey, known)
  }
  const before = known.get(token)
  // The time goes on: only the signature of a token stays right.
  if (before !== undefined && Number(before.exp) > Math.floor(core.clock.now() / 1000)) return before
  const claims = await checked(core, key, token)
  known.set(token, claims)
  for (const oldest of known.keys()) {
    if (known.size <= MOST_TOKENS) break
    known.delete(oldest)
  }
  return claims
}

function kidOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    throw unauthorized('Invalid token')
  }
}

async function checked(core: Core, key: SigningKey, token: string): Promise<JsonObject> {
  try {
    const options = { algorithms: ['RS256'], currentDate: new Date(core.clock.now()) }
    const { payload } = await jwtVerify(token, key.publicKey, options)
    return payload as JsonObject
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (error instanceof errors.JWTExpired) throw unauthorized('Expired token received for JSON Web Token validation')
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw unauthorized('Invalid signature received for JSON Web Token validation')
    throw unauthorized('Invalid token')
  }
}

/** Scopes of a token. */
export function grantedScopes(claims: JsonObject): readonly string[] {
  const listed = Array.isArray(claims.permissions) ? claims.permissions.map(String) : []
  return [
    ...String(claims.scope ?? '')
      .split(' ')
      .filter(Boolean),
    ...listed,
  ]
}

/**
 * Checks that the scopes allow an operation; a token of a user may act on that user alone.
 * @throws 403 `insufficient_scope`
 */
export function requireScope(row: OperationRow, scopes: readonly string[], claims: JsonObject, userId?: string): void {
  if (row.scopes.length === 0) return
  const held = row.scopes.filter((scope) => scopes.includes(scope))
  if (row.allScopes ? held.length < row.scopes.length : held.length === 0) {
    const quantity = row.allScopes ? 'all' : 'any'
    throw new Refusal(403, `Insufficient scope, expected ${quantity} of: ${row.scopes.join(',')}`, {
      errorCode: 'insufficient_scope',
    })
  }
  const ownOnly = held.every((scope) => scope.includes(':current_user'))
  if (ownOnly && userId !== undefined && userId !== claims.sub)
    throw new Refusal(403, 'user does not match subject', { errorCode: 'insufficient_scope' })
}
