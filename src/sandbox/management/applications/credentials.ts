import { createPublicKey } from 'node:crypto'
import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import {
  bodyOf,
  collection,
  compact,
  isoNow,
  objectOf,
  objectsOf,
  parameter,
  publicRecord,
  stringOf,
  without,
} from '../records.ts'

const mostCredentials = 2

/** Credentials of an application: `others.get('client-credentials')`, by id, with `client_id` and `$pem`. */
export function credentialsOf(tenant: Tenant, client: string): readonly JsonObject[] {
  return [...collection(tenant, 'client-credentials').values()].filter((one) => one['client_id'] === client)
}

/** Stores a public key for an application. */
export function storeCredential(tenant: Tenant, client: string, body: JsonObject): JsonObject {
  const pem = stringOf(body['pem'])
  if (body['credential_type'] === 'public_key') {
    if (pem === undefined) refuseBody("Payload validation error: 'Missing required property: pem'.")
    else checkKey(pem)
  }
  const id = `cred_${tenant.random.text(22)}`
  const now = isoNow(tenant)
  const record = compact({
    id,
    client_id: client,
    name: body['name'],
    credential_type: body['credential_type'],
    kid: body['kid'] ?? tenant.random.text(43),
    alg: body['alg'] ?? (body['credential_type'] === 'public_key' ? 'RS256' : undefined),
    subject_dn: body['subject_dn'],
    expires_at: body['expires_at'],
    created_at: now,
    updated_at: now,
    $pem: pem,
  })
  collection(tenant, 'client-credentials').set(id, record)
  return record
}

function checkKey(pem: string): void {
  try {
    createPublicKey(pem)
  } catch {
    // The reason is OpenSSL's; the API says only that the key cannot be used.
    refuseBody("Payload validation error: 'The public key is not valid PEM' on property pem.")
  }
}

/** Stores keys that stand inline in `client_authentication_methods` and answers the object with their ids instead. */
export function storeAuthenticationMethods(
  tenant: Tenant,
  client: string,
  methods: JsonObject | undefined,
): JsonObject | undefined {
  if (methods === undefined) return undefined
  const stored: Record<string, Json> = {}
  for (const [method, value] of Object.entries(methods)) {
    const credentials = objectsOf(objectOf(value)?.['credentials']).map((credential) => ({
      id: stringOf(credential['id']) ?? stringOf(storeCredential(tenant, client, credential)['id']) ?? '',
    }))
    stored[method] = { credentials }
  }
  return stored
}

function shown(record: JsonObject): JsonObject {
  return without(publicRecord(record), 'client_id')
}

function clientId(call: ManagementCall): string {
  const id = parameter(call, 'client_id')
  if (!call.tenant.tables.clients.has(id)) refuse(404, 'The client does not exist', 'inexistent_client')
  return id
}

function credentialOf(call: ManagementCall): JsonObject {
  const id = parameter(call, 'credential_id')
  const found = credentialsOf(call.tenant, clientId(call)).find((one) => one['id'] === id)
  return found ?? refuse(404, 'The credential does not exist.', 'inexistent_credential')
}

const create: ManagementHandler = (call) => {
  const client = clientId(call)
  if (credentialsOf(call.tenant, client).length >= mostCredentials) {
    refuse(403, `A client can have at most ${mostCredentials} credentials.`, 'operation_not_supported')
  }
  return reply(201, shown(storeCredential(call.tenant, client, bodyOf(call))))
}

/** PATCH answers 201. */
const update: ManagementHandler = (call) => {
  const changed = { ...credentialOf(call), ...bodyOf(call), updated_at: isoNow(call.tenant) }
  collection(call.tenant, 'client-credentials').set(parameter(call, 'credential_id'), changed)
  return reply(201, shown(changed))
}

const remove: ManagementHandler = (call) => {
  credentialOf(call)
  collection(call.tenant, 'client-credentials').delete(parameter(call, 'credential_id'))
  return reply(204)
}

export const credentialHandlers: Readonly<Record<string, ManagementHandler>> = {
  'clients.credentials.list': (call) => reply(200, credentialsOf(call.tenant, clientId(call)).map(shown)),
  'clients.credentials.create': create,
  'clients.credentials.get': (call) => reply(200, shown(credentialOf(call))),
  'clients.credentials.update': update,
  'clients.credentials.delete': remove,
}
