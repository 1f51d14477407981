import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  X509Certificate,
} from 'node:crypto'
import { promisify } from 'node:util'
import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import type { SigningKeyRecord } from './records.ts'
import type { Table } from './table.ts'

/** An RS256 key that signs the tokens of a tenant, and what its JWKS says about it. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The entry of the JWKS. */
  readonly jwk: JsonObject
  /** Its certificate, as PEM text. */
  readonly cert: string
}

/** The signing keys of a tenant, which are made when they are first needed. */
export interface SigningKeys {
  /** The key that signs now. */
  current(): Promise<SigningKey>
  /** The key with this id; `undefined` for one that is unknown or revoked. */
  find(kid: string | undefined): Promise<SigningKey | undefined>
  /** The keys of the JWKS: those that tokens may be signed with now, next or until they expire. */
  published(): Promise<readonly SigningKey[]>
  /** Writes certificate and fingerprint into the records that lack them. */
  complete(): Promise<void>
}

interface Material {
  readonly privateKey: KeyObject
  readonly cert: string
}

/**
 * Keys of this process, in the order in which they were needed. Making an RSA key is the slow part of a start, so it is
 * made once, off the main thread, and the first keys of all tenants of a process are the same.
 */
const pool: Promise<Material>[] = []

function fromPool(place: number): Promise<Material> {
  pool[place] ??= makeMaterial()
  return pool[place]
}

async function makeMaterial(): Promise<Material> {
  const [{ privateKey }, { generate }] = await Promise.all([
    promisify(generateKeyPair)('rsa', { modulusLength: 2048 }),
    import('selfsigned'),
  ])
  const { cert } = await generate([{ name: 'commonName', value: 'tenantlab' }], {
    algorithm: 'sha256',
    keyPair: {
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    },
  })
  return { privateKey, cert }
}

/** The signing keys that the records of a tenant stand for. A key's private half is kept in its record. */
export function createSigningKeys(records: () => Table<SigningKeyRecord>): SigningKeys {
  const read = new Map<string, SigningKey>()

  const keyOf = async (record: SigningKeyRecord): Promise<SigningKey> => {
    const { $pem, cert, kid } = record
    const known = read.get(kid)
    if (known !== undefined && known.cert === cert) return known
    const material =
      $pem === undefined ? await fromPool(record.$place) : { privateKey: createPrivateKey($pem), cert: record.cert }
    const key = describe(kid, material)
    read.set(kid, key)
    // What the record says may have changed meanwhile, by a rotation.
    const now = records().get(kid)
    if (now !== undefined && now.cert !== key.cert) {
      const pem = material.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      records().set(kid, { ...now, $pem: pem, cert: key.cert, ...fingerprintOf(key.cert) })
    }
    return key
  }
  const usable = (): readonly SigningKeyRecord[] => [...records().values()].filter((each) => each.revoked !== true)

  return {
    current() {
      const record = usable().find((each) => each.current === true)
      if (record === undefined) throw new Error('The tenant has no signing key; this is a defect of tenantlab.')
      return keyOf(record)
    },
    async find(kid) {
      const record = usable().find((each) => each.kid === kid)
      return record === undefined ? undefined : keyOf(record)
    },
    published: () => Promise.all(usable().map(keyOf)),
    async complete() {
      await Promise.all([...records().values()].map(keyOf))
    },
  }
}

function describe(kid: string, { cert, privateKey }: Material): SigningKey {
  const publicKey = createPublicKey(privateKey)
  const raw = new X509Certificate(cert).raw
  const x5t = createHash('sha1').update(raw).digest('base64url')
  const exported: unknown = publicKey.export({ format: 'jwk' })
  const { n = '', e = '' } = isJsonObject(exported) ? exported : {}
  const jwk = { kty: 'RSA', use: 'sig', alg: 'RS256', n, e, kid, x5t, x5c: [raw.toString('base64')] }
  return { kid, privateKey, publicKey, jwk, cert }
}

function fingerprintOf(cert: string): { readonly fingerprint: string; readonly thumbprint: string } {
  const fingerprint = new X509Certificate(cert).fingerprint
  return { fingerprint, thumbprint: fingerprint.replaceAll(':', '') }
}
