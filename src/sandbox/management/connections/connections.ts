import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { type Connection, removeNested, type User } from '../../tenant/index.ts'
import { refuse, refuseQuery, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { project } from '../projection.ts'
import {
  assign,
  bodyOf,
  isoNow,
  newId,
  objectOf,
  parameter,
  pick,
  publicRecord,
  stringOf,
  stringsOf,
  without,
} from '../records.ts'
import { removeUser } from '../users/store.ts'
import { clientIdsOf } from './clients.ts'
import { checkOptions, connectionOptions } from './options.ts'
import { connectionDefaults } from './settings.ts'

function connectionOf(call: ManagementCall): Connection {
  const found = call.tenant.tables.connections.get(parameter(call, 'id'))
  return found ?? refuse(404, 'The connection does not exist', 'inexistent_connection')
}

const ALWAYS = ['id', 'strategy', 'name', 'is_domain_connection', 'authentication', 'connected_accounts']

/** A connection as it is read: with the applications that were enabled by name. */
function shown(call: ManagementCall, connection: Connection): JsonObject {
  const record = { ...publicRecord(connection), enabled_clients: clientIdsOf(call.tenant, connection) }
  const always = pick(record, ...ALWAYS)
  // Some fields come whatever `fields` asks for.
  return call.query['include_fields'] === 'false' ? project(call, record) : { ...always, ...project(call, record) }
}

/** Offset paging over connections defaults to a hundred and reaches a thousand, however few there are. */
const list: ManagementHandler = (call) => {
  const strategies = call.query['strategy']?.split(',')
  const { domain_alias: alias, name } = call.query
  const aliases = (connection: Connection) => stringsOf(connection.options?.['domain_aliases'])
  const found = [...call.tenant.tables.connections.values()]
    .filter((connection) => strategies === undefined || strategies.includes(connection.strategy))
    .filter((connection) => name === undefined || connection.name === name)
    .filter((connection) => alias === undefined || aliases(connection).includes(alias))
  const show = (connection: JsonObject): JsonObject => shown(call, connection as Connection)
  return page(call, found, { key: 'connections', offset: { usual: 100 }, checkpoint: {}, window: true, show })
}

function refuseTakenRealms(call: ManagementCall, realms: readonly string[], except?: string): void {
  const { connections } = call.tenant.tables
  if (realms.some((realm) => connections.isTaken('realm', realm, except)))
    refuse(409, 'A connection with one of these realms already exists.', 'connection_conflict')
}

function enabledClients(call: ManagementCall, body: JsonObject): readonly string[] {
  const enabled = stringsOf(body['enabled_clients'])
  const unknown = enabled.find((client) => !call.tenant.tables.clients.has(client))
  return unknown === undefined ? enabled : refuse(400, `The client ${unknown} does not exist.`, 'inexistent_client')
}

/** POST /connections. Page: https://auth0.com/docs/authenticate/identity-providers */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const name = stringOf(body['name']) ?? ''
  if (call.tenant.tables.connections.isTaken('name', name))
    refuse(409, 'A connection with the same name already exists.', 'connection_conflict')
  const realms = body['realms'] === undefined ? [name] : stringsOf(body['realms'])
  refuseTakenRealms(call, realms)
  const strategy = stringOf(body['strategy']) ?? ''
  const options = objectOf(body['options']) ?? {}
  checkOptions(strategy, options)
  const id = newId(call.tenant, 'con_')
  const connection = {
    id,
    ...connectionDefaults(call.tenant, body),
    ...assign({}, without(body, 'enabled_clients')),
    options: connectionOptions(strategy, options),
    realms,
    $clients: enabledClients(call, body),
  }
  call.tenant.tables.connections.set(id, connection)
  return reply(201, { ...publicRecord(connection), enabled_clients: connection.$clients })
}

const get: ManagementHandler = (call) => reply(200, shown(call, connectionOf(call)))

/** PATCH /connections/{id}: `options` replaces the whole object. */
const update: ManagementHandler = (call) => {
  const connection = connectionOf(call)
  const body = bodyOf(call)
  const { id } = connection
  if (body['realms'] !== undefined) refuseTakenRealms(call, stringsOf(body['realms']), id)
  const options = objectOf(body['options'])
  if (options !== undefined) checkOptions(connection.strategy, options)
  const changed: JsonObject = {
    ...assign(connection, without(body, 'enabled_clients')),
    ...(options === undefined ? {} : { options: connectionOptions(connection.strategy, options, false) }),
    ...(body['enabled_clients'] === undefined ? {} : { $clients: enabledClients(call, body) }),
  }
  call.tenant.tables.connections.set(id, changed)
  return reply(200, shown(call, changed as Connection))
}

/** DELETE /connections/{id} answers 204 for unknown ids, and takes the connection's users with it. */
const remove: ManagementHandler = (call) => {
  const connection = call.tenant.tables.connections.get(parameter(call, 'id'))
  if (connection === undefined) return reply(204)
  call.tenant.tables.connections.remove(connection.id)
  for (const user of usersOf(call, connection)) removeUser(call.tenant, user.user_id)
  removeNested(call.tenant.tables, `/api/v2/connections/${connection.id}/`)
  return reply(202, { deleted_at: isoNow(call.tenant) })
}

/** Users whose first identity is in a connection. */
function usersOf(call: ManagementCall, { name }: Connection): readonly User[] {
  return call.tenant.tables.users.where('connection', name).filter((user) => user.identities[0]?.connection === name)
}

const deleteUserByEmail: ManagementHandler = (call) => {
  const connection = connectionOf(call)
  const email = call.query['email']
  if (email === undefined) return refuseQuery("Query validation error: 'Missing required property: email'.")
  for (const user of usersOf(call, connection))
    if (user.email === email.toLowerCase()) removeUser(call.tenant, user.user_id)
  return reply(204)
}

/** The status check exists for connections behind an on-premises connector only. */
const checkStatus: ManagementHandler = (call) => {
  const strategy = connectionOf(call).strategy
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
