import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../contract.ts'
import type { Table } from '../tenant/index.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, isoNow, newUuid, parameter, publicRecord, stringOf } from './records.ts'

const ENCRYPTION = '/api/v2/keys/encryption'
const SIGNING = '/api/v2/keys/signing'

function encryptionKeys(tenant: Tenant): Table {
  return collection(tenant, ENCRYPTION)
}

/** Puts the keys into a tenant that every tenant has: a root key, the master key under it, and the signing key. */
export function seedKeys(tenant: Tenant): void {
  const now = isoNow(tenant)
  const root = newUuid(tenant)
  addEncryptionKey(tenant, { kid: root, type: 'environment-root-key', parent_kid: null }, now)
  addEncryptionKey(tenant, { kid: newUuid(tenant), type: 'tenant-master-key', parent_kid: root }, now)
  const [current, next] = [newSigningKey(tenant), newSigningKey(tenant)]
  collection(tenant, SIGNING).set(String(current['kid']), { ...current, current: true, current_since: now })
  collection(tenant, SIGNING).set(String(next['kid']), { ...next, next: true })
}

function addEncryptionKey(tenant: Tenant, key: JsonObject, now: string): void {
  const times = { created_at: now, updated_at: now }
  encryptionKeys(tenant).set(String(key['kid']), { state: 'active', public_key: null, ...key, ...times })
}

/** A key as the list shows it. The sandbox signs with one key of its process; these stand for what a tenant tells. */
function newSigningKey(tenant: Tenant): JsonObject {
  const kid = tenant.random.text(21)
  const fingerprint = Array.from({ length: 20 }, () => tenant.random.text(2, '0123456789ABCDEF')).join(':')
  return {
    kid,
    cert: `-----BEGIN CERTIFICATE-----\n${tenant.random.text(64)}\n-----END CERTIFICATE-----`,
    pkcs7: `-----BEGIN PKCS7-----\n${tenant.random.text(64)}\n-----END PKCS7-----`,
    fingerprint,
    thumbprint: fingerprint.replaceAll(':', ''),
  }
}

function encryptionKeyOf(call: ManagementCall): JsonObject {
  return encryptionKeys(call.tenant).get(parameter(call, 'kid')) ?? refuse(404, 'The key does not exist.')
}

function keep(call: ManagementCall, key: JsonObject): JsonObject {
  const changed = { ...key, updated_at: isoNow(call.tenant) }
  encryptionKeys(call.tenant).set(String(key['kid']), changed)
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
  if (wrapped.length < 64 || key['type'] !== 'customer-provided-root-key')
    refuseBody('Invalid input. Wrapped key material is invalid or unsupported key type.')
  for (const other of encryptionKeys(call.tenant).values())
    if (other['type'] === key['type'] && other['state'] === 'active') keep(call, { ...other, state: 'deactivated' })
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
  const masters = [...encryptionKeys(call.tenant).values()].filter((key) => key['type'] === 'tenant-master-key')
  const current = masters.find((key) => key['state'] === 'active')
  if (current !== undefined) keep(call, { ...current, state: 'deactivated' })
  const fresh = { kid: newUuid(call.tenant), type: 'tenant-master-key', parent_kid: current?.['parent_kid'] ?? null }
  addEncryptionKey(call.tenant, fresh, isoNow(call.tenant))
  return reply(204)
}

function signingKeys(call: ManagementCall): Table {
  return collection(call.tenant, SIGNING)
}

function signingKeyOf(call: ManagementCall): JsonObject {
  return signingKeys(call).get(parameter(call, 'kid')) ?? refuse(404, 'The key does not exist.')
}

/** POST rotate: the next key becomes the current one, and a new one stands next. */
const rotate: ManagementHandler = (call) => {
  const keys = signingKeys(call)
  const now = isoNow(call.tenant)
  const list = [...keys.values()]
  const current = list.find((key) => key['current'] === true)
  const next = list.find((key) => key['next'] === true)
  if (current !== undefined) {
    const { current: _current, ...rest } = current
    keys.set(String(current['kid']), { ...rest, previous: true, current_until: now })
  }
  const promoted = next ?? newSigningKey(call.tenant)
  const { next: _next, ...rest } = promoted
  keys.set(String(promoted['kid']), { ...rest, current: true, current_since: now })
  const fresh = newSigningKey(call.tenant)
  keys.set(String(fresh['kid']), { ...fresh, next: true })
  return reply(201, { cert: String(promoted['cert']), kid: String(promoted['kid']) })
}

const revoke: ManagementHandler = (call) => {
  const key = signingKeyOf(call)
  if (key['current'] === true) refuse(400, 'The current key cannot be revoked; rotate it first.')
  signingKeys(call).set(String(key['kid']), { ...key, revoked: true, revoked_at: isoNow(call.tenant) })
  return reply(200, { cert: key['cert'] ?? '', kid: key['kid'] ?? '' })
}

export const keyHandlers: Readonly<Record<string, ManagementHandler>> = {
  'keys.encryption.createPublicWrappingKey': wrappingKey,
  'keys.encryption.import': importKey,
  'keys.encryption.delete': destroyKey,
  'keys.encryption.rekey': rekey,
  'keys.signing.get': (call) => reply(200, signingKeyOf(call)),
  'keys.signing.rotate': rotate,
  'keys.signing.revoke': revoke,
}
