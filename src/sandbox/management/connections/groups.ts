import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { bodyOf, collection, objectsOf, parameter, stringOf } from '../records.ts'

/** Groups of a directory that a connection brings along. */
function groupsOf(call: ManagementCall) {
  const id = parameter(call, 'id')
  if (!call.tenant.tables.connections.has(id)) refuse(404, 'The connection does not exist', 'inexistent_connection')
  return collection(call.tenant, `/api/v2/connections/${id}/directory-provisioning/synchronized-groups`)
}

function named(call: ManagementCall): readonly (readonly [id: string, group: JsonObject])[] {
  return objectsOf(bodyOf(call)['groups']).map((group) => [stringOf(group['id']) ?? '', group])
}

const list: ManagementHandler = (call) => {
  const q = call.query['q']?.toLowerCase()
  const found = [...groupsOf(call).values()].filter(
    (group) => q === undefined || `${String(group['name'] ?? '')} ${String(group['id'])}`.toLowerCase().includes(q),
  )
  return page(call, found, { key: 'groups', checkpoint: {}, always: 'checkpoint' })
}

/** PUT sets the groups whole. */
const set: ManagementHandler = (call) => {
  groupsOf(call).clear()
  return add(call)
}

const add: ManagementHandler = (call) => {
  for (const [id, group] of named(call)) groupsOf(call).set(id, group)
  return reply(204)
}

const remove: ManagementHandler = (call) => {
  for (const [id] of named(call)) groupsOf(call).delete(id)
  return reply(204)
}

const PREFIX = 'connections.directoryProvisioning'

export const synchronizedGroupHandlers: Readonly<Record<string, ManagementHandler>> = {
  [`${PREFIX}.listSynchronizedGroups`]: list,
  [`${PREFIX}.set`]: set,
  [`${PREFIX}.addSynchronizedGroupSelections`]: add,
  [`${PREFIX}.deleteSynchronizedGroupSelections`]: remove,
}
