import type { JsonWebKey, KeyObject, webcrypto } from 'node:crypto'
import { type Clock, ConfigurationError, canonicalJson, sha256 } from '../plan/index.ts'
import type { ClientAssertion } from './contract.ts'
import { processMark } from './identity.ts'

const LIFETIME = 120
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The fields by which an application with a private key authenticates itself. */
export interface AssertionFields extends Record<string, string> {
  readonly client_id: string
  readonly client_assertion: string
  readonly client_assertion_type: string
}

/**
 * Signs a fresh assertion: one use, two minutes.
 *
 * @param domain the domain that the request goes to; the audience is `https://{domain}/`.
 * @throws ConfigurationError when the key cannot be read or does not fit the algorithm.
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt
 */
export async function assertionFields(
  clientId: string,
  assertion: ClientAssertion,
  domain: string,
  clock: Clock,
): Promise<AssertionFields> {
  const { SignJWT } = await import('jose')
  const alg = assertion.alg ?? 'RS256'
  const key = signingKey(assertion)
  const now = Math.floor(clock.now() / 1000)
  const kid = assertion.kid ?? keyId(assertion.key)
  try {
    const signed = await new SignJWT()
      .setProtectedHeader({ alg, typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`https://${domain}/`)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME)
      .setJti(crypto.randomUUID())
      .sign(key as webcrypto.CryptoKey)
    return { client_id: clientId, client_assertion: signed, client_assertion_type: TYPE }
  } catch (cause) {
    throw new ConfigurationError(
      `clientAssertion: the key cannot sign with ${alg}. Pass the algorithm that is registered with the application ` +
        'as clientAssertion.alg, and a private key of that type.',
      { cause },
    )
  }
}

/** Identifies a private key without showing it; equal for equal keys. */
export function assertionFingerprint(assertion: ClientAssertion): string {
  const { key } = assertion
  if (typeof key === 'string') return sha256(key)
  if (isJwk(key)) return sha256(canonicalJson(key))
  let number = known.get(key)
  if (number === undefined) {
    number = ++count
    known.set(key, number)
  }
  return `key-${processMark()}-${number}`
}

// A CryptoKey may not be extractable, so that the object itself is its identity.
const known = new WeakMap<object, number>()
let count = 0

function signingKey(assertion: ClientAssertion): KeyObject | object {
  const { key } = assertion
  const { createPrivateKey } = process.getBuiltinModule('node:crypto')
  try {
    if (typeof key === 'string') return createPrivateKey(key)
    if (isJwk(key)) return createPrivateKey({ key: key as JsonWebKey, format: 'jwk' })
    return key
  } catch (cause) {
    throw new ConfigurationError(
      'clientAssertion.key: this is no private key that can be read. Pass an unencrypted PKCS#8 PEM ' +
        '(-----BEGIN PRIVATE KEY-----), a private JWK, or a CryptoKey.',
      { cause },
    )
  }
}

function isJwk(key: object): boolean {
  return 'kty' in key
}

function keyId(key: string | object): string | undefined {
  return typeof key === 'object' && isJwk(key) && 'kid' in key && typeof key.kid === 'string' ? key.kid : undefined
}
