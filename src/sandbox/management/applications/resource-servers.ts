import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { ResourceServer } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { dropPermissions } from '../permissions.ts'
import { project } from '../projection.ts'
import { assign, bodyOf, objectOf, objectsOf, parameter, publicRecord, stringOf, without } from '../records.ts'
import { ownWords, refuseSystemChange, refuseSystemRemoval, systemApi } from './system-apis.ts'

/** The path takes the id or the identifier, encoded once or, as some clients send it, twice. */
function find(call: ManagementCall): ResourceServer | undefined {
  const id = parameter(call, 'id')
  const { resourceServers } = call.tenant.tables
  const found = resourceServers.get(id) ?? resourceServers.find('identifier', id)
  return found ?? resourceServers.find('identifier', decodedOnce(id))
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function serverOf(call: ManagementCall): ResourceServer {
  return find(call) ?? refuse(404, 'The resource server does not exist', 'inexistent_resource_server')
}

/** An API as it is read: with the application that stands for it, where there is one. */
function shown(call: ManagementCall, server: ResourceServer): JsonObject {
  const client = call.tenant.tables.clients.find('resource_server_identifier', server.identifier)
  return project(call, { ...publicRecord(server), ...(client === undefined ? {} : { client_id: client.client_id }) })
}

const list: ManagementHandler = (call) => {
  const identifiers = call.query['identifiers']?.split(',')
  const servers = [...call.tenant.tables.resourceServers.values()].filter(
    (server) => identifiers === undefined || identifiers.includes(server.identifier),
  )
  const show = (server: JsonObject): JsonObject => shown(call, server as ResourceServer)
  return page(call, servers, { key: 'resource_servers', offset: {}, show })
}

function checkScopes(body: JsonObject): void {
  const values = objectsOf(body['scopes']).map((scope) => scope['value'])
  if (values.length > 1000) refuse(403, 'A resource server can have at most 1000 scopes.', 'operation_not_supported')
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) refuseBody(`The scope ${String(twice)} is defined more than once.`)
}

/** An API whose tokens are encrypted shows the thumbprint of the key, as RFC 7638 makes it, in place of the key. */
function withThumbprint(server: JsonObject): JsonObject {
  const encryption = objectOf(server['token_encryption'])
  const key = objectOf(encryption?.['encryption_key'])
  const pem = stringOf(key?.['pem'])
  if (encryption === undefined || key === undefined || pem === undefined) return server
  const shown = { ...without(key, 'pem'), thumbprint_sha256: thumbprintOf(pem) }
  return { ...server, token_encryption: { ...encryption, encryption_key: shown } }
}

function thumbprintOf(pem: string): string {
  try {
    const key = pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem)
    const { e, n } = key.export({ format: 'jwk' })
    return createHash('sha256')
      .update(JSON.stringify({ e, kty: 'RSA', n }))
      .digest('base64url')
  } catch {
    return refuseBody(
      "Payload validation error: 'pem is not an RSA public key or certificate' on property token_encryption.",
    )
  }
}

const SUBJECTS: JsonObject = { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } }

/** A new API: what was sent, and what Auth0 adds. */
export function newResourceServer(id: string, body: JsonObject): JsonObject {
  return withThumbprint({
    id,
    signing_alg: 'RS256',
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    ...assign({}, body),
    subject_type_authorization: { ...SUBJECTS, ...objectOf(body['subject_type_authorization']) },
  })
}

/** POST /resource-servers. Page: https://auth0.com/docs/get-started/apis */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  checkScopes(body)
  const { resourceServers } = call.tenant.tables
  if (resourceServers.isTaken('identifier', stringOf(body['identifier']) ?? '')) {
    refuse(409, 'A resource server with the same identifier already exists.', 'resource_server_conflict')
  }
  const id = call.tenant.random.text(24, '0123456789abcdef')
  const system = systemApi(call.tenant.domain, stringOf(body['identifier']) ?? '')
  const server = newResourceServer(id, system === undefined ? body : { ...system, ...ownWords(body) })
  resourceServers.set(id, server)
  return reply(201, publicRecord(server))
}

const update: ManagementHandler = (call) => {
  const server = serverOf(call)
  const body = bodyOf(call)
  checkScopes(body)
  refuseSystemChange(server, body)
  const subjects = objectOf(body['subject_type_authorization'])
  const changed = withThumbprint({
    ...assign(server, body),
    ...(subjects === undefined ? {} : { subject_type_authorization: { ...SUBJECTS, ...subjects } }),
  })
  call.tenant.tables.resourceServers.set(server.id, changed)
  if (body['scopes'] !== undefined)
    dropPermissions(
      call.tenant,
      server.identifier,
      objectsOf(body['scopes']).map((scope) => String(scope['value'])),
    )
  return reply(200, shown(call, changed as ResourceServer))
}

/** DELETE answers 204 for unknown ids as well. Grants and permissions of the API go with it. */
const remove: ManagementHandler = (call) => {
  const server = find(call)
  if (server === undefined) return reply(204)
  refuseSystemRemoval(call.tenant.domain, server)
  const { clientGrants, resourceServers } = call.tenant.tables
  for (const grant of clientGrants.keysWhere('audience', server.identifier)) clientGrants.remove(grant)
  dropPermissions(call.tenant, server.identifier)
  resourceServers.remove(server.id)
  return reply(204)
}

export const resourceServerHandlers: Readonly<Record<string, ManagementHandler>> = {
  'resourceServers.list': list,
  'resourceServers.create': create,
  'resourceServers.get': (call) => reply(200, shown(call, serverOf(call))),
  'resourceServers.update': update,
  'resourceServers.delete': remove,
}
