import { createPublicKey, createSecretKey, type JsonWebKey } from 'node:crypto'
import { IdTokenError, type JsonObject } from '../plan/index.ts'
import { type DecodedToken, decodeToken } from './decode.ts'
import { checkClaims, type IdTokenExpectations } from './id-token-claims.ts'
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
