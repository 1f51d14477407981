import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { OrganizationConnection } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { assign, bodyOf, collection, parameter, pick } from '../records.ts'
import { connectionRecord, connectionsOf, describeConnection, enableConnection, organizationId } from './store.ts'

const olderFields = ['connection_id', 'assign_membership_on_login', 'show_as_button', 'is_signup_enabled', 'connection']

/** `/enabled_connections` shows the fields that it always had; the newer `/connections` shows all of them. */
function shape(record: JsonObject, newer: boolean): JsonObject {
  return newer ? { is_enabled: true, organization_access_level: 'none', ...record } : pick(record, ...olderFields)
}

function handlers(newer: boolean): Readonly<Record<'list' | 'add' | 'get' | 'update' | 'remove', ManagementHandler>> {
  const idOf = (call: ManagementCall): string => call.params['connection_id'] ?? parameter(call, 'connectionId')
  const found = (call: ManagementCall): OrganizationConnection =>
    connectionRecord(call.tenant, organizationId(call), idOf(call)) ?? refuse(404, 'No connection found by that id')
  return {
    list: (call) => {
      const wanted = call.query['is_enabled']
      const rows = connectionsOf(call.tenant, organizationId(call))
        .map((record) => shape(record, newer))
        .filter((record) => wanted === undefined || String(record['is_enabled']) === wanted)
      return page(call, rows, { key: newer ? 'connections' : 'enabled_connections', offset: {} })
    },
    add: (call) => reply(201, shape(enableConnection(call.tenant, organizationId(call), bodyOf(call)), newer)),
    get: (call) => reply(200, shape(describeConnection(call.tenant, found(call)), newer)),
    update: (call) => {
      const changed = assign(found(call), bodyOf(call))
      collection(call.tenant, 'organization-connections').set(`${organizationId(call)} ${idOf(call)}`, changed)
      return reply(200, shape(describeConnection(call.tenant, changed), newer))
    },
    remove: (call) => {
      collection(call.tenant, 'organization-connections').delete(`${organizationId(call)} ${idOf(call)}`)
      return reply(204)
    },
  }
}

const older = handlers(false)
const newer = handlers(true)

export const organizationConnectionHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.enabledConnections.list': older.list,
  'organizations.enabledConnections.add': older.add,
  'organizations.enabledConnections.get': older.get,
  'organizations.enabledConnections.update': older.update,
  'organizations.enabledConnections.delete': older.remove,
  'organizations.connections.list': newer.list,
  'organizations.connections.create': newer.add,
  'organizations.connections.get': newer.get,
  'organizations.connections.update': newer.update,
  'organizations.connections.delete': newer.remove,
}
