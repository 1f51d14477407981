import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import type { Permission, Role } from '../tenant/index.ts'
import { refuse, reply } from './answer.ts'
import { page } from './paging.ts'
import { describePermission, namedPermissions, samePermission } from './permissions.ts'
import { assign, bodyOf, compact, newId, parameter, pick, stringOf, stringsOf } from './records.ts'
import { giveRoles } from './users/access.ts'

function roleOf(call: ManagementCall): Role {
  return call.tenant.tables.roles.get(parameter(call, 'id')) ?? refuse(404, 'The role does not exist.')
}

function refuseTaken(call: ManagementCall, name: string, except?: string): void {
  if (call.tenant.tables.roles.isTaken('name', name, except))
    refuse(409, `A role with the name '${name}' already exists.`, 'role_conflict')
}

const list: ManagementHandler = (call) => {
  const { name_filter, type } = call.query
  const filter = name_filter?.toLowerCase()
  const roles = [...call.tenant.tables.roles.values()]
    .filter((role) => filter === undefined || role.name.toLowerCase().includes(filter))
    .filter((role) => type === undefined || type.split(',').includes(role.type ?? 'tenant'))
  return page(call, roles, { key: 'roles', offset: {} })
}

/** POST /roles answers 200, not 201. Page: https://auth0.com/docs/manage-users/access-control/configure-core-rbac/roles */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  refuseTaken(call, stringOf(body['name']) ?? '')
  const owner = stringOf(body['owner_id'])
  if (owner !== undefined && !call.tenant.tables.organizations.has(owner))
    refuse(400, `The organization ${owner} does not exist.`, 'invalid_body')
  const id = newId(call.tenant, 'rol_')
  const role = compact({ id, description: '', ...assign({}, body) })
  call.tenant.tables.roles.set(id, role)
  // The answer says that there is no description; every read after it shows an empty one.
  return reply(200, body['description'] === undefined ? { ...role, description: null } : role)
}

const get: ManagementHandler = (call) => reply(200, roleOf(call))

const update: ManagementHandler = (call) => {
  const role = roleOf(call)
  const body = bodyOf(call)
  const name = stringOf(body['name'])
  if (name !== undefined) refuseTaken(call, name, role.id)
  const changed = assign(role, body)
  call.tenant.tables.roles.set(role.id, changed)
  return reply(200, changed)
}

/** DELETE takes the role from users and members; the answer is an empty object. */
const remove: ManagementHandler = (call) => {
  call.tenant.tables.roles.remove(roleOf(call).id)
  return reply(200, {})
}

function permissionsOf(call: ManagementCall): readonly Permission[] {
  return call.tenant.tables.rolePermissions.get(roleOf(call).id)?.permissions ?? []
}

const listPermissions: ManagementHandler = (call) => {
  const show = (permission: Permission): JsonObject => describePermission(call.tenant, permission)
  return page(call, permissionsOf(call), { key: 'permissions', offset: {}, show })
}

const addPermissions: ManagementHandler = (call) => {
  const held = permissionsOf(call)
  const added = namedPermissions(call).filter((one) => !held.some((other) => samePermission(one, other)))
  if (held.length + added.length > 1000)
    refuse(403, 'A role can have at most 1000 permissions.', 'operation_not_supported')
  call.tenant.tables.rolePermissions.set(parameter(call, 'id'), { permissions: [...held, ...added] })
  return reply(201, {})
}

const removePermissions: ManagementHandler = (call) => {
  const held = permissionsOf(call)
  const gone = namedPermissions(call)
  const left = held.filter((one) => !gone.some((other) => samePermission(one, other)))
  call.tenant.tables.rolePermissions.set(parameter(call, 'id'), { permissions: left })
  return reply(204)
}

/** GET /roles/{id}/users needs both of its scopes. */
const listUsers: ManagementHandler = (call) => {
  roleOf(call)
  const missing = ['read:users', 'read:roles'].filter((scope) => !call.scopes.includes(scope))
  if (missing.length > 0 && !call.scopes.includes('read:role_members')) {
    refuse(403, 'Insufficient scope, expected all of: read:users, read:roles', 'insufficient_scope')
  }
  const id = parameter(call, 'id')
  const { userRoles, users } = call.tenant.tables
  const holders = userRoles.keysWhere('roles', id).flatMap((user) => users.get(user) ?? [])
  const show = (user: JsonObject): JsonObject => pick(user, 'user_id', 'picture', 'name', 'email')
  return page(call, holders, { key: 'users', offset: {}, checkpoint: { open: true }, window: true, show })
}

const assignUsers: ManagementHandler = (call) => {
  roleOf(call)
  const users = stringsOf(bodyOf(call)['users'])
  const unknown = users.find((user) => !call.tenant.tables.users.has(user))
  if (unknown !== undefined) refuse(404, 'The user does not exist.', 'inexistent_user')
  for (const user of users) giveRoles(call.tenant, user, [parameter(call, 'id')])
  return reply(200, {})
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
