import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import type { ClientCredential } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import {
  bodyOf,
  compact,
  isoNow,
  objectOf,
  objectsOf,
  parameter,
  publicRecord,
  stringOf,
  stringsOf,
  without,
} from '../records.ts'

const mostCredentials = 2

/** Credentials of an application. */
export function credentialsOf(tenant: Tenant, client: string): readonly ClientCredential[] {
  return tenant.tables.clientCredentials.where('client_id', client)
}

/** Stores a public key or a certificate for an application. */
function storeCredential(tenant: Tenant, client: string, body: JsonObject): JsonObject {
  const id = `cred_${tenant.random.text(22)}`
  const now = isoNow(tenant)
  const record = compact({
    id,
    client_id: client,
    name: body['name'],
    credential_type: body['credential_type'],
    ...materialOf(body),
    created_at: now,
    updated_at: now,
    $pem: body['pem'],
  })
  tenant.tables.clientCredentials.set(id, record)
  return record
}

/** What Auth0 reads out of the key or certificate that was sent. */
function materialOf(body: JsonObject): Readonly<Record<string, Json | undefined>> {
  const pem = stringOf(body['pem'])
  switch (body['credential_type']) {
    case 'cert_subject_dn': {
      const certificate = pem === undefined ? undefined : certificateOf(pem)
      if (certificate === undefined && body['subject_dn'] === undefined)
        return refuseBody("Payload validation error: 'Missing required property: pem'.")
      return { subject_dn: body['subject_dn'] ?? certificate?.subject }
    }
    case 'x509_cert': {
      if (pem === undefined) return refuseBody("Payload validation error: 'Missing required property: pem'.")
      const certificate = certificateOf(pem)
      return {
        expires_at: body['expires_at'] ?? new Date(certificate.validTo).toISOString(),
        thumbprint_sha256: createHash('sha256').update(certificate.raw).digest('base64url'),
      }
    }
    default: {
      if (pem === undefined) return refuseBody("Payload validation error: 'Missing required property: pem'.")
      const key = keyOf(pem)
      const expires =
        body['parse_expiry_from_cert'] === true ? new Date(certificateOf(pem).validTo).toISOString() : undefined
      return {
        kid: body['kid'] ?? thumbprint(key),
        alg: body['alg'] ?? 'RS256',
        expires_at: expires ?? (body['expires_at'] === null ? undefined : isoDate(body['expires_at'])),
      }
    }
  }
}

function isoDate(value: Json | undefined): string | undefined {
  const text = stringOf(value)
  return text === undefined ? undefined : new Date(text).toISOString()
}

function keyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    // The reason is OpenSSL's; the API says only that the key cannot be used.
    return refuseBody("Payload validation error: 'The public key is not valid PEM' on property pem.")
  }
}

function certificateOf(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    // As above: the API says only that the certificate cannot be used.
    return refuseBody("Payload validation error: 'The certificate is not valid PEM' on property pem.")
  }
}

/** The key's own thumbprint, so that one key has one id wherever it is stored. */
function thumbprint(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' })
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}

/** Members of an application that hold keys, and where in them the lists of keys are. */
const KEY_PLACES = ['client_authentication_methods', 'signed_request_object', 'token_vault_privileged_access'] as const

/**
 * Stores the keys that stand inline in a body.
 * @returns what the application keeps, ids alone, and what the answer to the write shows of the new keys
 */
export function storeKeys(
  tenant: Tenant,
  client: string,
  body: JsonObject,
): { readonly stored: JsonObject; readonly shown: JsonObject } {
  const stored: Record<string, Json> = {}
  const full: Record<string, Json> = {}
  for (const place of KEY_PLACES) {
    const value = objectOf(body[place])
    if (value === undefined) continue
    const [kept, seen] = withStoredKeys(tenant, client, value)
    stored[place] = kept
    if (JSON.stringify(kept) !== JSON.stringify(seen)) full[place] = seen
  }
  return { stored, shown: full }
}

function withStoredKeys(
  tenant: Tenant,
  client: string,
  value: JsonObject,
): readonly [kept: JsonObject, seen: JsonObject] {
  const kept: Record<string, Json> = { ...value }
  const seen: Record<string, Json> = { ...value }
  for (const [name, member] of Object.entries(value)) {
    if (name === 'credentials' && Array.isArray(member)) {
      const records = objectsOf(member).map((each) => {
        const known = stringOf(each['id'])
        return known === undefined ? storeCredential(tenant, client, each) : { id: known }
      })
      kept[name] = records.map((record) => ({ id: record['id'] ?? '' }))
      seen[name] = records.map((record) => shown(record))
    } else if (objectOf(member) !== undefined) {
      const [keptMember, seenMember] = withStoredKeys(tenant, client, member as JsonObject)
      kept[name] = keptMember
      seen[name] = seenMember
    }
  }
  return [kept, seen]
}

function shown(record: JsonObject): JsonObject {
  return without(publicRecord(record), 'client_id')
}

function clientId(call: ManagementCall): string {
  const id = parameter(call, 'client_id')
  if (!call.tenant.tables.clients.has(id)) refuse(404, 'The client does not exist', 'inexistent_client')
  return id
}

function credentialOf(call: ManagementCall): ClientCredential {
  const client = clientId(call)
  const found = call.tenant.tables.clientCredentials.get(parameter(call, 'credential_id'))
  if (found === undefined || found.client_id !== client)
    return refuse(404, 'The credential does not exist.', 'inexistent_credential')
  return found
}

const create: ManagementHandler = (call) => {
  const client = clientId(call)
  if (credentialsOf(call.tenant, client).length >= mostCredentials) {
    refuse(403, `A client can have at most ${mostCredentials} credentials.`, 'operation_not_supported')
  }
  return reply(201, shown(storeCredential(call.tenant, client, bodyOf(call))))
}

/** PATCH sets the time at which a key ends; `null` takes it away. */
const update: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const { expires_at, ...rest } = { ...credentialOf(call), ...body, updated_at: isoNow(call.tenant) } as JsonObject
  const changed = compact({ ...rest, expires_at: expires_at === null ? undefined : isoDate(expires_at) })
  call.tenant.tables.clientCredentials.set(parameter(call, 'credential_id'), changed)
  return reply(200, shown(changed))
}

/** DELETE answers 204 for an unknown credential too. One that the application still names cannot go. */
const remove: ManagementHandler = (call) => {
  const client = clientId(call)
  const id = parameter(call, 'credential_id')
  const named = JSON.stringify(
    KEY_PLACES.map((place) => (call.tenant.tables.clients.get(client) as JsonObject)[place] ?? ''),
  )
  if (stringsOf(JSON.parse(named).flatMap(idsIn)).includes(id))
    refuse(400, 'The credential is in use by the client; take it out of its settings first.', 'invalid_body')
  if (call.tenant.tables.clientCredentials.get(id)?.client_id === client)
    call.tenant.tables.clientCredentials.delete(id)
  return reply(204)
}

function idsIn(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(idsIn)
  const object = objectOf(value)
  return object === undefined
    ? []
    : [...(object['id'] === undefined ? [] : [object['id']]), ...Object.values(object).flatMap(idsIn)]
}

export const credentialHandlers: Readonly<Record<string, ManagementHandler>> = {
  'clients.credentials.list': (call) => reply(200, credentialsOf(call.tenant, clientId(call)).map(shown)),
  'clients.credentials.create': create,
  'clients.credentials.get': (call) => reply(200, shown(credentialOf(call))),
  'clients.credentials.update': update,
  'clients.credentials.delete': remove,
}
