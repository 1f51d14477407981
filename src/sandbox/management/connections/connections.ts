import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, refuseQuery, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { project } from '../projection.ts'
import {
  assign,
  bodyOf,
  collection,
  newId,
  objectsOf,
  parameter,
  publicRecord,
  stringOf,
  stringsOf,
  without,
} from '../records.ts'
import { removeUser } from '../users/store.ts'

function connectionOf(call: ManagementCall): JsonObject {
  const found = call.tenant.tables.connections.get(parameter(call, 'id'))
  return found ?? refuse(404, 'The connection does not exist.', 'inexistent_connection')
}

/** Offset paging over connections defaults to a hundred and reaches a thousand, however few there are. */
const list: ManagementHandler = (call) => {
  const strategies = call.query['strategy']?.split(',')
  const connections = [...call.tenant.tables.connections.values()]
    .filter((connection) => strategies === undefined || strategies.includes(stringOf(connection['strategy']) ?? ''))
    .filter((connection) => call.query['name'] === undefined || connection['name'] === call.query['name'])
  const rows = connections.map((connection) => project(call, connection))
  return page(call, rows, { key: 'connections', offset: { usual: 100 }, checkpoint: {}, window: true })
}

function refuseTakenRealms(call: ManagementCall, realms: readonly string[], except?: string): void {
  const taken = [...call.tenant.tables.connections.values()].some(
    (one) => one['id'] !== except && stringsOf(one['realms']).some((realm) => realms.includes(realm)),
  )
  if (taken) refuse(409, 'A connection with one of these realms already exists.', 'connection_conflict')
}

/** POST /connections. Page: https://auth0.com/docs/authenticate/identity-providers */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const name = stringOf(body['name']) ?? ''
  if ([...call.tenant.tables.connections.values()].some((one) => one['name'] === name)) {
    refuse(409, 'A connection with the same name already exists.', 'connection_conflict')
  }
  const realms = body['realms'] === undefined ? [name] : stringsOf(body['realms'])
  refuseTakenRealms(call, realms)
  const enabled = stringsOf(body['enabled_clients'])
  const unknown = enabled.find((client) => !call.tenant.tables.clients.has(client))
  if (unknown !== undefined) refuse(400, `The client ${unknown} does not exist.`, 'inexistent_client')
  const id = newId(call.tenant, 'con_')
  const connection = {
    id,
    options: {},
    is_domain_connection: false,
    show_as_button: false,
    ...assign({}, without(body, 'enabled_clients')),
    realms,
    $clients: enabled,
  }
  call.tenant.tables.connections.set(id, connection)
  return reply(201, { ...publicRecord(connection), enabled_clients: enabled })
}

const get: ManagementHandler = (call) => reply(200, project(call, connectionOf(call)))

/** PATCH /connections/{id}: `options` replaces the whole object. */
const update: ManagementHandler = (call) => {
  const connection = connectionOf(call)
  const body = bodyOf(call)
  const id = parameter(call, 'id')
  if (body['realms'] !== undefined) refuseTakenRealms(call, stringsOf(body['realms']), id)
  const replaced = assign(connection, without(body, 'enabled_clients'))
  const listed = body['enabled_clients'] !== undefined
  const changed: JsonObject = listed ? { ...replaced, $clients: stringsOf(body['enabled_clients']) } : replaced
  call.tenant.tables.connections.set(id, changed)
  return reply(200, publicRecord(changed))
}

/** DELETE /connections/{id} answers 204 for unknown ids as well, and takes the connection's users with it. */
const remove: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  const connection = call.tenant.tables.connections.get(id)
  if (connection === undefined) return reply(204)
  call.tenant.tables.connections.delete(id)
  for (const [key, user] of call.tenant.tables.users) {
    if (objectsOf(user['identities'])[0]?.['connection'] === connection['name']) removeUser(call.tenant, key)
  }
  const joined = collection(call.tenant, 'organization-connections')
  for (const [key, record] of joined) if (record['connection_id'] === id) joined.delete(key)
  return reply(204)
}

const deleteUserByEmail: ManagementHandler = (call) => {
  const connection = connectionOf(call)
  const email = call.query['email']
  if (email === undefined) return refuseQuery("Query validation error: 'Missing required property: email'.")
  for (const [key, user] of call.tenant.tables.users) {
    const here = objectsOf(user['identities'])[0]?.['connection'] === connection['name']
    if (here && user['email'] === email.toLowerCase()) removeUser(call.tenant, key)
  }
  return reply(204)
}

/** The status check exists for connections behind an on-premises connector only. */
const checkStatus: ManagementHandler = (call) => {
  const strategy = connectionOf(call)['strategy']
  if (strategy !== 'ad' && strategy !== 'auth0-adldap') {
    refuse(400, 'The connection status is available for AD/LDAP connections only.', 'operation_not_supported')
  }
  return reply(200)
}

export const connectionHandlers: Readonly<Record<string, ManagementHandler>> = {
  'connections.list': list,
  'connections.create': create,
  'connections.get': get,
  'connections.update': update,
  'connections.delete': remove,
  'connections.users.deleteByEmail': deleteUserByEmail,
  'connections.checkStatus': checkStatus,
}
