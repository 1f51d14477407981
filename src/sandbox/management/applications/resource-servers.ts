import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { assign, bodyOf, objectsOf, parameter, publicRecord, stringOf } from '../records.ts'

function byIdentifier(tenant: Tenant, identifier: string): JsonObject | undefined {
  return [...tenant.tables.resourceServers.values()].find((server) => server['identifier'] === identifier)
}

/** The path takes the id or the identifier. */
function find(call: ManagementCall): JsonObject | undefined {
  const id = parameter(call, 'id')
  return call.tenant.tables.resourceServers.get(id) ?? byIdentifier(call.tenant, id)
}

function serverOf(call: ManagementCall): JsonObject {
  return find(call) ?? refuse(404, 'The resource server does not exist.', 'inexistent_resource_server')
}

const list: ManagementHandler = (call) => {
  const identifiers = call.query['identifiers']?.split(',')
  const servers = [...call.tenant.tables.resourceServers.values()].filter(
    (server) => identifiers === undefined || identifiers.includes(stringOf(server['identifier']) ?? ''),
  )
  return page(call, servers.map(publicRecord), { key: 'resource_servers', offset: {} })
}

function checkScopes(body: JsonObject): void {
  const values = objectsOf(body['scopes']).map((scope) => scope['value'])
  if (values.length > 1000) refuse(403, 'A resource server can have at most 1000 scopes.', 'operation_not_supported')
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) refuseBody(`The scope ${String(twice)} is defined more than once.`)
}

/** POST /resource-servers. Page: https://auth0.com/docs/get-started/apis */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  checkScopes(body)
  const identifier = stringOf(body['identifier']) ?? ''
  if (byIdentifier(call.tenant, identifier) !== undefined) {
    refuse(409, 'A resource server with the same identifier already exists.', 'resource_server_conflict')
  }
  const id = call.tenant.random.text(24, '0123456789abcdef')
  const server = {
    id,
    name: identifier,
    is_system: false,
    signing_alg: 'RS256',
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: true,
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    ...assign({}, body),
  }
  call.tenant.tables.resourceServers.set(id, server)
  return reply(201, publicRecord(server))
}

/** PATCH answers 201. */
const update: ManagementHandler = (call) => {
  const server = serverOf(call)
  const body = bodyOf(call)
  checkScopes(body)
  const changed = assign(server, body)
  call.tenant.tables.resourceServers.set(stringOf(server['id']) ?? '', changed)
  return reply(201, publicRecord(changed))
}

/** DELETE answers 204 for unknown ids as well. */
const remove: ManagementHandler = (call) => {
  const server = find(call)
  if (server?.['is_system'] === true)
    refuse(400, 'System resource servers cannot be deleted.', 'operation_not_supported')
  call.tenant.tables.resourceServers.delete(stringOf(server?.['id']) ?? '')
  return reply(204)
}

export const resourceServerHandlers: Readonly<Record<string, ManagementHandler>> = {
  'resourceServers.list': list,
  'resourceServers.create': create,
  'resourceServers.get': (call) => reply(200, publicRecord(serverOf(call))),
  'resourceServers.update': update,
  'resourceServers.delete': remove,
}
