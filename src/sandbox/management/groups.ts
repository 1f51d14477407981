import type { ManagementCall, ManagementHandler } from '../contract.ts'
import type { Table } from '../tenant/index.ts'
import { refuse, reply } from './answer.ts'
import { page } from './paging.ts'
import { bodyOf, collection, parameter, present, stringsOf } from './records.ts'

/** Groups come from directories; the tenant keeps which of them have a role. */
function groups(call: ManagementCall): Table {
  return collection(call.tenant, '/api/v2/groups')
}

function roleGroups(call: ManagementCall): Table {
  const id = parameter(call, 'id')
  if (!call.tenant.tables.roles.has(id)) refuse(404, 'The role does not exist.')
  return collection(call.tenant, `/api/v2/roles/${id}/groups`)
}

const list: ManagementHandler = (call) => {
  const found = [...roleGroups(call).keys()].flatMap((id) => present(groups(call).get(id)))
  return page(call, found, { key: 'groups', checkpoint: {}, always: 'checkpoint' })
}

const assign: ManagementHandler = (call) => {
  const ids = stringsOf(bodyOf(call)['groups'])
  const unknown = ids.find((id) => !groups(call).has(id))
  if (unknown !== undefined) refuse(404, `The group ${unknown} does not exist.`)
  for (const id of ids) roleGroups(call).set(id, { id })
  return reply(204)
}

const remove: ManagementHandler = (call) => {
  for (const id of stringsOf(bodyOf(call)['groups'])) roleGroups(call).delete(id)
  return reply(204)
}

/** Roles of a group: the same relation from its other side. */
const listRoles: ManagementHandler = (call) => {
  const group = groupOf(call)
  const found = [...call.tenant.tables.roles.values()].filter(({ id }) =>
    collection(call.tenant, `/api/v2/roles/${id}/groups`).has(group),
  )
  return page(call, found, { key: 'roles', checkpoint: {}, always: 'checkpoint' })
}

const assignRoles: ManagementHandler = (call) => {
  const group = groupOf(call)
  const ids = stringsOf(bodyOf(call)['roles'])
  const unknown = ids.find((id) => !call.tenant.tables.roles.has(id))
  if (unknown !== undefined) refuse(404, `The role ${unknown} does not exist.`)
  for (const id of ids) collection(call.tenant, `/api/v2/roles/${id}/groups`).set(group, { id: group })
  return reply(204)
}

const removeRoles: ManagementHandler = (call) => {
  const group = groupOf(call)
  for (const id of stringsOf(bodyOf(call)['roles'])) collection(call.tenant, `/api/v2/roles/${id}/groups`).delete(group)
  return reply(204)
}

function groupOf(call: ManagementCall): string {
  const id = parameter(call, 'id')
  return groups(call).has(id) ? id : refuse(404, 'The group does not exist.')
}

export const groupHandlers: Readonly<Record<string, ManagementHandler>> = {
  'roles.groups.get': list,
  'roles.groups.create': assign,
  'roles.groups.delete': remove,
  'groups.roles.list': listRoles,
  'groups.roles.create': assignRoles,
  'groups.roles.delete': removeRoles,
}
