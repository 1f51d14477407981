import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { refuse, reply } from './answer.ts'
import { page } from './paging.ts'
import { describePermission, namedPermissions, samePermission } from './permissions.ts'
import {
  assign,
  bodyOf,
  collection,
  compact,
  newId,
  objectsOf,
  parameter,
  pick,
  present,
  stringOf,
  stringsOf,
} from './records.ts'
import { giveRoles } from './users/access.ts'

function roleOf(call: ManagementCall): JsonObject {
  return (
    call.tenant.tables.roles.get(parameter(call, 'id')) ?? refuse(404, 'The role does not exist.', 'inexistent_role')
  )
}

function refuseTaken(call: ManagementCall, name: string, except?: string): void {
  const taken = [...call.tenant.tables.roles.values()].some((role) => role['name'] === name && role['id'] !== except)
  if (taken) refuse(409, `A role with the name '${name}' already exists.`, 'role_conflict')
}

const list: ManagementHandler = (call) => {
  const filter = call.query['name_filter']?.toLowerCase()
  const roles = [...call.tenant.tables.roles.values()].filter(
    (role) => filter === undefined || (stringOf(role['name']) ?? '').toLowerCase().includes(filter),
  )
  return page(call, roles, { key: 'roles', offset: {} })
}

/** POST /roles answers 200, not 201. Page: https://auth0.com/docs/manage-users/access-control/configure-core-rbac/roles */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  refuseTaken(call, stringOf(body['name']) ?? '')
  const id = newId(call.tenant, 'rol_')
  const role = compact({ id, name: body['name'], description: body['description'] })
  call.tenant.tables.roles.set(id, role)
  return reply(200, role)
}

const get: ManagementHandler = (call) => reply(200, roleOf(call))

const update: ManagementHandler = (call) => {
  const role = roleOf(call)
  const body = bodyOf(call)
  const id = parameter(call, 'id')
  const name = stringOf(body['name'])
  if (name !== undefined) refuseTaken(call, name, id)
  const changed = assign(role, body)
  call.tenant.tables.roles.set(id, changed)
  return reply(200, changed)
}

const remove: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  roleOf(call)
  call.tenant.tables.roles.delete(id)
  collection(call.tenant, 'role-permissions').delete(id)
  for (const name of ['user-roles', 'members']) {
    const records = collection(call.tenant, name)
    for (const [key, record] of records) {
      records.set(key, { ...record, roles: stringsOf(record['roles']).filter((role) => role !== id) })
    }
  }
  return reply(200)
}

function permissionsOf(call: ManagementCall): readonly JsonObject[] {
  return objectsOf(collection(call.tenant, 'role-permissions').get(parameter(call, 'id'))?.['permissions'])
}

const listPermissions: ManagementHandler = (call) => {
  roleOf(call)
  const rows = permissionsOf(call).map((permission) => describePermission(call.tenant, permission))
  return page(call, rows, { key: 'permissions', offset: {} })
}

const addPermissions: ManagementHandler = (call) => {
  roleOf(call)
  const held = permissionsOf(call)
  const added = namedPermissions(call).filter((one) => !held.some((other) => samePermission(one, other)))
  if (held.length + added.length > 1000)
    refuse(403, 'A role can have at most 1000 permissions.', 'operation_not_supported')
  collection(call.tenant, 'role-permissions').set(parameter(call, 'id'), { permissions: [...held, ...added] })
  return reply(201)
}

const removePermissions: ManagementHandler = (call) => {
  roleOf(call)
  const gone = objectsOf(bodyOf(call)['permissions'])
  const left = permissionsOf(call).filter((one) => !gone.some((other) => samePermission(one, other)))
  collection(call.tenant, 'role-permissions').set(parameter(call, 'id'), { permissions: left })
  return reply(200)
}

/** GET /roles/{id}/users needs both of its scopes. */
const listUsers: ManagementHandler = (call) => {
  roleOf(call)
  const missing = ['read:users', 'read:roles'].filter((scope) => !call.scopes.includes(scope))
  if (missing.length > 0 && !call.scopes.includes('read:role_members')) {
    refuse(403, 'Insufficient scope, expected all of: read:users, read:roles', 'insufficient_scope')
  }
  const id = parameter(call, 'id')
  const holders = [...collection(call.tenant, 'user-roles')].filter(([, held]) => stringsOf(held['roles']).includes(id))
  const users = holders.flatMap(([user]) => present(call.tenant.tables.users.get(user)))
  const shown = users.map((user) => pick(user, 'user_id', 'picture', 'name', 'email'))
  return page(call, shown, { key: 'users', offset: {}, checkpoint: {}, window: true })
}

const assignUsers: ManagementHandler = (call) => {
  roleOf(call)
  const users = stringsOf(bodyOf(call)['users'])
  const unknown = users.find((user) => !call.tenant.tables.users.has(user))
  if (unknown !== undefined) refuse(404, 'The user does not exist.', 'inexistent_user')
  for (const user of users) giveRoles(call.tenant, user, [parameter(call, 'id')])
  return reply(200)
}

export const roleHandlers: Readonly<Record<string, ManagementHandler>> = {
  'roles.list': list,
  'roles.create': create,
  'roles.get': get,
  'roles.update': update,
  'roles.delete': remove,
  'roles.permissions.list': listPermissions,
  'roles.permissions.add': addPermissions,
  'roles.permissions.delete': removePermissions,
  'roles.users.list': listUsers,
  'roles.users.assign': assignUsers,
}
