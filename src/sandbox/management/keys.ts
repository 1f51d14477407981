import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../contract.ts'
import type { EncryptionKey, SigningKeyRecord, Table } from '../tenant/index.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, isoNow, newUuid, parameter, publicRecord, stringOf } from './records.ts'

const ENCRYPTION = '/api/v2/keys/encryption'

function encryptionKeys(tenant: Tenant): Table<EncryptionKey> {
  return collection(tenant, ENCRYPTION)
}

/** Puts the keys into a tenant that every tenant has: a root key, the master key under it, and the signing key. */
export function seedKeys(tenant: Tenant): void {
  const now = isoNow(tenant)
  const root = newUuid(tenant)
  addEncryptionKey(tenant, { kid: root, type: 'environment-root-key', parent_kid: null }, now)
  addEncryptionKey(tenant, { kid: newUuid(tenant), type: 'tenant-master-key', parent_kid: root }, now)
  const [current, next] = [newSigningKey(tenant, 0), newSigningKey(tenant, 1)]
  tenant.tables.signingKeys.set(current.kid, { ...current, current: true, current_since: now })
  tenant.tables.signingKeys.set(next.kid, { ...next, next: true })
}

function addEncryptionKey(tenant: Tenant, key: EncryptionKey, now: string): void {
  const times = { created_at: now, updated_at: now }
  encryptionKeys(tenant).set(String(key.kid), { state: 'active', public_key: null, ...key, ...times })
}

/** A key without its certificate, which is made with the key when it is first needed. */
function newSigningKey(tenant: Tenant, place: number): SigningKeyRecord {
  const kid = tenant.random.text(21)
  const fingerprint = Array.from({ length: 20 }, () => tenant.random.text(2, '0123456789ABCDEF')).join(':')
  return {
    kid,
    cert: `-----BEGIN CERTIFICATE-----\n${tenant.random.text(64)}\n-----END CERTIFICATE-----`,
    pkcs7: `-----BEGIN PKCS7-----\n${tenant.random.text(64)}\n-----END PKCS7-----`,
    fingerprint,
    thumbprint: fingerprint.replaceAll(':', ''),
    $place: place,
  }
}

function encryptionKeyOf(call: ManagementCall): EncryptionKey {
  return encryptionKeys(call.tenant).get(parameter(call, 'kid')) ?? refuse(404, 'The key does not exist.')
}

function keep(call: ManagementCall, key: EncryptionKey): JsonObject {
  const changed = { ...key, updated_at: isoNow(call.tenant) }
  encryptionKeys(call.tenant).set(String(key.kid), changed)
  return publicRecord(changed)
}

/** POST wrapping-key: the public key that key material is wrapped with. */
const wrappingKey: ManagementHandler = (call) => {
  const key = encryptionKeyOf(call)
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  keep(call, { ...key, $wrapping: pem })
  return reply(201, { public_key: pem, algorithm: 'CKM_RSA_AES_KEY_WRAP' })
}

/** POST {kid} brings wrapped key material: the key becomes active, and the one before it is deactivated. */
const importKey: ManagementHandler = (call) => {
  const key = encryptionKeyOf(call)
  const wrapped = Buffer.from(stringOf(bodyOf(call)['wrapped_key']) ?? '', 'base64')
  if (wrapped.length < 64 || key.type !== 'customer-provided-root-key')
    refuseBody('Invalid input. Wrapped key material is invalid or unsupported key type.')
  for (const other of encryptionKeys(call.tenant).values())
    if (other.type === key.type && other.state === 'active') keep(call, { ...other, state: 'deactivated' })
  return reply(201, keep(call, { ...key, state: 'active' }))
}

/** DELETE leaves the key in the list, destroyed. */
const destroyKey: ManagementHandler = (call) => {
  const key = encryptionKeys(call.tenant).get(parameter(call, 'kid'))
  if (key !== undefined) keep(call, { ...key, state: 'destroyed' })
  return reply(204)
}

/** POST rekey: a new master key takes the place of the one in use. */
const rekey: ManagementHandler = (call) => {
  const masters = [...encryptionKeys(call.tenant).values()].filter((key) => key.type === 'tenant-master-key')
  const current = masters.find((key) => key.state === 'active')
  if (current !== undefined) keep(call, { ...current, state: 'deactivated' })
  const fresh = { kid: newUuid(call.tenant), type: 'tenant-master-key', parent_kid: current?.parent_kid ?? null }
  addEncryptionKey(call.tenant, fresh, isoNow(call.tenant))
  return reply(204)
}

async function signingKeyOf(call: ManagementCall): Promise<SigningKeyRecord> {
  await call.tenant.signingKeys.complete()
  return call.tenant.tables.signingKeys.get(parameter(call, 'kid')) ?? refuse(404, 'The key does not exist.')
}

const listSigning: ManagementHandler = async (call) => {
  await call.tenant.signingKeys.complete()
  return reply(200, [...call.tenant.tables.signingKeys.values()].map(publicRecord))
}

/** POST rotate: the next key signs from now on, and a new one stands next. Tokens of the key before still verify. */
const rotate: ManagementHandler = async (call) => {
  await call.tenant.signingKeys.complete()
  const { signingKeys } = call.tenant.tables
  const now = isoNow(call.tenant)
  const list = [...signingKeys.values()]
  const place = Math.max(...list.map((key) => key.$place)) + 1
  for (const { current, next, ...key } of list) {
    if (current === true) signingKeys.set(key.kid, { ...key, previous: true, current_until: now })
    if (next === true) signingKeys.set(key.kid, { ...key, current: true, current_since: now })
  }
  const fresh = newSigningKey(call.tenant, place)
  signingKeys.set(fresh.kid, { ...fresh, next: true })
  const { cert, kid } = await call.tenant.signingKeys.current()
  return reply(201, { cert, kid })
}

/** PUT revoke: tokens of the key are refused from now on. */
const revoke: ManagementHandler = async (call) => {
  const { previous: _previous, ...key } = await signingKeyOf(call)
  if (key.current === true) refuse(400, 'The current key cannot be revoked; rotate it first.')
  call.tenant.tables.signingKeys.set(key.kid, { ...key, revoked: true, revoked_at: isoNow(call.tenant) })
  return reply(200, { cert: key.cert, kid: key.kid })
}

export const keyHandlers: Readonly<Record<string, ManagementHandler>> = {
  'keys.encryption.createPublicWrappingKey': wrappingKey,
  'keys.encryption.import': importKey,
  'keys.encryption.delete': destroyKey,
  'keys.encryption.rekey': rekey,
  'keys.signing.list': listSigning,
  'keys.signing.get': async (call) => reply(200, publicRecord(await signingKeyOf(call))),
  'keys.signing.rotate': rotate,
  'keys.signing.revoke': revoke,
}
