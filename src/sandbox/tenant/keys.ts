import { createHash, createPublicKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonObject } from '../../plan/index.ts'

/** The RS256 key that signs the tokens of a tenant, and what its JWKS says about it. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The entry of the JWKS. */
  readonly jwk: JsonObject
}

let shared: Promise<SigningKey> | undefined

/**
 * The signing key of this process. Making an RSA key is the slow part of a start, so it is made once, off the main
 * thread, on first use; sandboxes with the same seed then also accept each other's tokens, which a client may still
 * hold in its cache.
 */
export function signingKey(): Promise<SigningKey> {
  shared ??= makeSigningKey()
  return shared
}

async function makeSigningKey(): Promise<SigningKey> {
  const [{ privateKey }, { generate }] = await Promise.all([
    promisify(generateKeyPair)('rsa', { modulusLength: 2048 }),
    import('selfsigned'),
  ])
  const publicKey = createPublicKey(privateKey)
  const { cert } = await generate([{ name: 'commonName', value: 'tenantlab' }], {
    algorithm: 'sha256',
    keyPair: {
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
  })
  const certificate = new X509Certificate(cert).raw
  const x5t = createHash('sha1').update(certificate).digest('base64url')
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha256').update(n).digest('base64url').slice(0, 21)
  const jwk = { kty: 'RSA', use: 'sig', alg: 'RS256', n, e, kid, x5t, x5c: [certificate.toString('base64')] }
  return { kid, privateKey, publicKey, jwk }
}
