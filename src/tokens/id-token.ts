import type { JsonWebKey } from 'node:crypto'
import { IdTokenError, type JsonObject } from '../plan/index.ts'
import { type DecodedToken, decodeToken } from './decode.ts'
import { type KeyEnvironment, type SigningKey, signingKey } from './keys.ts'

/** Claims of a verified ID token. */
export interface IdTokenClaims extends JsonObject {
  readonly iss: string
  readonly sub: string
  readonly exp: number
  readonly iat: number
}

const RSA_ALGORITHMS = new Set(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256'])

/**
 * Verifies an ID token: signature, issuer, audience, times, nonce and organization, with 60 s of tolerance on the
 * session's clock.
 *
 * @returns its claims.
 * @throws IdTokenError naming the check that failed, what was expected, what was found, and the next step.
 * @see https://auth0.com/docs/secure/tokens/id-tokens/validate-id-tokens
 */
export async function verifyIdToken(
  token: string,
  expected: IdTokenExpectations,
  environment: KeyEnvironment,
  signal?: AbortSignal,
): Promise<IdTokenClaims> {
  const decoded = decodeToken(token)
  if (decoded === undefined) {
    throw new IdTokenError(
      'ID token, check "format": expected a signed JWT of three parts, found something else. Encrypted ID tokens are ' +
        "not supported here; turn the application's token encryption off, or connect with idToken: false.",
      { check: 'format' },
    )
  }
  await checkSignature(token, decoded, expected, environment, signal)
  checkClaims(decoded.claims, expected, environment.domain, environment.clock.now())
  return decoded.claims as IdTokenClaims
}

async function checkSignature(
  token: string,
  { header }: DecodedToken,
  expected: IdTokenExpectations,
  environment: KeyEnvironment,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { compactVerify } = await import('jose')
  const { createPublicKey, createSecretKey } = process.getBuiltinModule('node:crypto')
  const alg = typeof header.alg === 'string' ? header.alg : 'none'
  if (alg === 'HS256') {
    const { clientSecret } = expected
    if (clientSecret === undefined) {
      throw new IdTokenError(
        'ID token, check "alg": the token is signed with HS256, which only the client secret can verify, and none was ' +
          'given. Pass its clientSecret, or set the JWT signature algorithm of the application to RS256.',
        { check: 'alg' },
      )
    }
    const secret = createSecretKey(Buffer.from(clientSecret, 'utf8'))
    return verified(() => compactVerify(token, secret, { algorithms: ['HS256'] }), 'the client secret')
  }
  if (!RSA_ALGORITHMS.has(alg)) {
    throw new IdTokenError(
      `ID token, check "alg": expected RS256, PS256, ES256 or HS256, found ${alg}. Set the application's JWT signature ` +
        'algorithm to RS256.',
      { check: 'alg' },
    )
  }
  const kid = typeof header.kid === 'string' ? header.kid : undefined
  const first = await signingKey(environment, kid, false, signal)
  if (first.key === undefined) throw unknownKey(kid, environment.domain)
  const { key } = first
  const verify = (jwk: SigningKey) =>
    compactVerify(token, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }), { algorithms: [alg] })
  if (first.source === 'cache') {
    // A tenant may have replaced its key under the same id; only a fresh key proves the signature wrong.
    try {
      await verify(key)
      return
    } catch {
      const second = await signingKey(environment, kid, true, signal)
      if (second.key === undefined) throw unknownKey(kid, environment.domain)
      const fresh = second.key
      return verified(() => verify(fresh), `key ${kid ?? 'without id'} of ${environment.domain}`)
    }
  }
  return verified(() => verify(key), `key ${kid ?? 'without id'} of ${environment.domain}`)
}

async function verified(verify: () => Promise<unknown>, by: string): Promise<void> {
  try {
    await verify()
  } catch (cause) {
    throw new IdTokenError(
      `ID token, check "signature": expected a signature by ${by}, found one that does not fit. Do not trust this login; ` +
        'check that nothing stands between this process and the tenant, and log in again.',
      { check: 'signature', cause },
    )
  }
}

function unknownKey(kid: string | undefined, domain: string): IdTokenError {
  return new IdTokenError(
    `ID token, check "kid": expected a key that https://${domain}/.well-known/jwks.json lists, found ` +
      `${kid === undefined ? 'no key id' : `key ${kid}`}. Connect to the domain that issued the token, and log in again.`,
    { check: 'kid' },
  )
}

/** What an ID token must be. */
export interface IdTokenExpectations {
  /** The application that the token was asked for. */
  readonly clientId: string
  /** Verifies HS256. */
  readonly clientSecret?: string
  readonly nonce?: string
  /** `org_…` compares the id, anything else the name. */
  readonly organization?: string
  /** Seconds; 60. */
  readonly tolerance?: number
}

/**
 * Checks the claims of an ID token whose signature holds.
 *
 * @param now epoch milliseconds.
 * @throws IdTokenError naming the first claim that fails.
 */
function checkClaims(claims: JsonObject, expected: IdTokenExpectations, domain: string, now: number): void {
  const tolerance = (expected.tolerance ?? 60) * 1000
  const issuer = `https://${domain}/`
  if (claims.iss !== issuer) {
    fail(
      'iss',
      issuer,
      claims.iss,
      'Connect with the domain that the login used: tokens name the domain they came from.',
    )
  }
  if (typeof claims.sub !== 'string' || claims.sub === '') {
    fail('sub', 'a user id', claims.sub, 'Log in again; without a subject the token names nobody.')
  }
  checkAudience(claims, expected.clientId)
  checkTimes(claims, tolerance, now)
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) {
    fail('nonce', 'the nonce of this login', claims.nonce === undefined ? undefined : 'another one', 'Log in again.')
  }
  if (expected.organization !== undefined) checkOrganization(claims, expected.organization)
}

function checkAudience(claims: JsonObject, clientId: string): void {
  const audiences: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  const next = 'Give the clientId of the application that logged in.'
  if (!audiences.includes(clientId)) fail('aud', clientId, claims.aud, next)
  if (audiences.length > 1 && claims.azp !== clientId) fail('azp', clientId, claims.azp, next)
  else if (claims.azp !== undefined && claims.azp !== clientId) fail('azp', clientId, claims.azp, next)
}

function checkTimes(claims: JsonObject, tolerance: number, now: number): void {
  const { exp, iat, nbf } = claims
  if (typeof exp !== 'number') return fail('exp', 'a time of expiry', exp, 'Log in again.')
  if (exp * 1000 + tolerance <= now) {
    fail('exp', `a time after ${iso(now)}`, iso(exp * 1000), "Check this machine's clock, or log in again.")
  }
  if (typeof iat !== 'number') return fail('iat', 'a time of issue', iat, 'Log in again.')
  if (iat * 1000 - tolerance > now) {
    fail('iat', `a time not after ${iso(now)}`, iso(iat * 1000), "Check this machine's clock.")
  }
  if (nbf === undefined) return
  if (typeof nbf !== 'number') return fail('nbf', 'a time from which it holds', nbf, 'Log in again.')
  if (nbf * 1000 - tolerance > now) {
    fail('nbf', `a time not after ${iso(now)}`, iso(nbf * 1000), "Check this machine's clock, or wait until then.")
  }
}

function checkOrganization(claims: JsonObject, organization: string): void {
  const next = 'Log in with this organization; a token for another one says nothing about it.'
  if (organization.startsWith('org_')) {
    if (claims.org_id !== organization) fail('org_id', organization, claims.org_id, next)
    return
  }
  // Organization names are lower case in tokens, whatever case the caller wrote.
  if (claims.org_name !== organization.toLowerCase())
    fail('org_name', organization.toLowerCase(), claims.org_name, next)
}

function fail(check: string, expected: string, found: unknown, next: string): never {
  const shown = found === undefined ? 'none' : typeof found === 'string' ? found : JSON.stringify(found)
  throw new IdTokenError(`ID token, check "${check}": expected ${expected}, found ${shown}. ${next}`, { check })
}

function iso(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString()
}
