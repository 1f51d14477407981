import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import type { Permission, RefreshToken, Session } from '../../tenant/index.ts'
import { refuse, refuseQuery, reply } from '../answer.ts'
import { logPage } from '../logs.ts'
import { page } from '../paging.ts'
import { describePermission, namedPermissions, samePermission } from '../permissions.ts'
import {
  bodyOf,
  collection,
  objectsOf,
  parameter,
  pick,
  present,
  publicRecord,
  seenAt,
  stringOf,
  stringsOf,
} from '../records.ts'
import { shownOwned } from '../sessions.ts'
import { userOf } from './store.ts'

const mostRoles = 50
const mostPermissions = 1000

function userId(call: ManagementCall): string {
  const id = call.params['id'] ?? parameter(call, 'user_id')
  userOf(call.tenant, id)
  return id
}

/** Ids of the roles that a user holds directly. */
export function roleIdsOf(tenant: Tenant, user: string): readonly string[] {
  return stringsOf(collection(tenant, 'user-roles').get(user)?.roles)
}

/** Gives roles to a user; roles that it has already are left as they are. */
export function giveRoles(tenant: Tenant, user: string, roles: readonly string[]): void {
  const unknown = roles.find((role) => !tenant.tables.roles.has(role))
  if (unknown !== undefined) refuse(404, `The role ${unknown} does not exist.`, 'inexistent_role')
  const held = [...new Set([...roleIdsOf(tenant, user), ...roles])]
  if (held.length > mostRoles) refuse(403, `A user can have at most ${mostRoles} roles.`, 'operation_not_supported')
  collection(tenant, 'user-roles').set(user, { roles: held })
}

const listRoles: ManagementHandler = (call) => {
  const held = roleIdsOf(call.tenant, userId(call)).flatMap((role) => present(call.tenant.tables.roles.get(role)))
  return page(call, held.map(publicRecord), { key: 'roles', offset: {} })
}

const assignRoles: ManagementHandler = (call) => {
  giveRoles(call.tenant, userId(call), stringsOf(bodyOf(call)['roles']))
  return reply(204)
}

const removeRoles: ManagementHandler = (call) => {
  const id = userId(call)
  const gone = stringsOf(bodyOf(call)['roles'])
  const left = roleIdsOf(call.tenant, id).filter((role) => !gone.includes(role))
  collection(call.tenant, 'user-roles').set(id, { roles: left })
  return reply(204)
}

function directPermissions(tenant: Tenant, user: string): readonly Permission[] {
  return tenant.tables.userPermissions.get(user)?.permissions ?? []
}

const listPermissions: ManagementHandler = (call) => {
  const id = userId(call)
  const direct = directPermissions(call.tenant, id).map((permission) => ({
    permission,
    source: { source_id: '', source_name: '', source_type: 'DIRECT' },
  }))
  const byRole = roleIdsOf(call.tenant, id).flatMap((role) =>
    (call.tenant.tables.rolePermissions.get(role)?.permissions ?? []).map((permission) => ({
      permission,
      source: {
        source_id: role,
        source_name: stringOf(call.tenant.tables.roles.get(role)?.name) ?? '',
        source_type: 'ROLE',
      },
    })),
  )
  const rows: JsonObject[] = []
  for (const { permission, source } of [...direct, ...byRole]) {
    const at = rows.findIndex((row) => samePermission(row, permission))
    const row = rows[at]
    if (row === undefined) rows.push({ ...describePermission(call.tenant, permission), sources: [source] })
    else rows[at] = { ...row, sources: [...objectsOf(row['sources']), source] }
  }
  return page(call, rows, { key: 'permissions', offset: {} })
}

const addPermissions: ManagementHandler = (call) => {
  const id = userId(call)
  const named = namedPermissions(call)
  const held = directPermissions(call.tenant, id)
  const added = named.filter((permission) => !held.some((one) => samePermission(one, permission)))
  if (held.length + added.length > mostPermissions) {
    refuse(403, `A user can have at most ${mostPermissions} permissions.`, 'operation_not_supported')
  }
  collection(call.tenant, 'user-permissions').set(id, { permissions: [...held, ...added] })
  return reply(201, {})
}

const removePermissions: ManagementHandler = (call) => {
  const id = userId(call)
  const gone = objectsOf(bodyOf(call)['permissions'])
  const left = directPermissions(call.tenant, id).filter((one) => !gone.some((other) => samePermission(one, other)))
  collection(call.tenant, 'user-permissions').set(id, { permissions: left })
  return reply(204)
}

const listOrganizations: ManagementHandler = (call) => {
  const id = userId(call)
  const memberships = call.tenant.tables.members.where('user_id', id)
  const organizations = memberships.flatMap((member) =>
    present(call.tenant.tables.organizations.get(stringOf(member.organization_id) ?? '')),
  )
  const shown = organizations.map((one) => pick(one, 'id', 'name', 'display_name', 'branding', 'metadata'))
  return page(call, shown, { key: 'organizations', offset: {} })
}

/** GET /users/{id}/logs has no 404. */
const listLogs: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  return logPage(call, call.tenant.tables.logs.where('user', id))
}

const listEffectiveRoles: ManagementHandler = (call) => {
  const held = roleIdsOf(call.tenant, userId(call)).flatMap((role) => present(call.tenant.tables.roles.get(role)))
  const rows = held.map((role) => ({
    description: '',
    ...pick(role, 'id', 'name', 'description'),
    sources: ['direct'],
  }))
  return page(call, rows, { key: 'roles', checkpoint: {}, always: 'checkpoint' })
}

const listEffectivePermissions: ManagementHandler = (call) => {
  const id = userId(call)
  const server = call.query['resource_server_identifier']
  if (server === undefined)
    return refuseQuery("Query validation error: 'Missing required property: resource_server_identifier'.")
  const byRole = roleIdsOf(call.tenant, id).flatMap(
    (role) => call.tenant.tables.rolePermissions.get(role)?.permissions ?? [],
  )
  const rows: JsonObject[] = []
  for (const permission of [...directPermissions(call.tenant, id), ...byRole]) {
    if (permission.resource_server_identifier !== server) continue
    if (!rows.some((row) => samePermission(row, permission))) rows.push(describePermission(call.tenant, permission))
  }
  return page(call, rows, { key: 'permissions', checkpoint: {}, always: 'checkpoint' })
}

type Owned = 'sessions' | 'refreshTokens'

/** Sessions and refresh tokens of a user, and their revocation. */
function listOwned(name: Owned, key: string): ManagementHandler {
  return (call) => {
    const id = userId(call)
    const show = (record: Session | RefreshToken): JsonObject => shownOwned(call.tenant, record)
    const owned = [...call.tenant.tables[name].where('user_id', id), ...stillShown(call.tenant, name, id)]
    return page(call, owned, { key, checkpoint: {}, always: 'checkpoint', show })
  }
}

/** What was deleted a moment ago, where the tenant shows that late. */
function stillShown(tenant: Tenant, name: Owned, user: string): readonly (RefreshToken | Session)[] {
  const at = seenAt(tenant, 'sessions')
  if (at === undefined) return []
  return [...tenant.tables[name].goneSince(at).values()].filter((record) => record.user_id === user)
}

function dropOwned(
  tenant: Tenant,
  name: Owned,
  user: string,
  keep: (record: JsonObject) => boolean = () => false,
): void {
  const records = tenant.tables[name]
  for (const key of records.keysWhere('user_id', user)) {
    const record = records.get(key)
    if (record !== undefined && !keep(record)) records.delete(key)
  }
}

function removeOwned(name: Owned): ManagementHandler {
  return (call) => {
    dropOwned(call.tenant, name, parameter(call, 'user_id'))
    return reply(202, {})
  }
}

const revokeAccess: ManagementHandler = (call) => {
  const id = userId(call)
  const body = bodyOf(call)
  const session = stringOf(body['session_id'])
  const others = (record: JsonObject): boolean =>
    session !== undefined && (record['session_id'] ?? record['id']) !== session
  dropOwned(call.tenant, 'sessions', id, others)
  if (body['preserve_refresh_tokens'] !== true) dropOwned(call.tenant, 'refreshTokens', id, others)
  return reply(202)
}

export const userAccessHandlers: Readonly<Record<string, ManagementHandler>> = {
  'users.roles.list': listRoles,
  'users.roles.assign': assignRoles,
  'users.roles.delete': removeRoles,
  'users.permissions.list': listPermissions,
  'users.permissions.create': addPermissions,
  'users.permissions.delete': removePermissions,
  'users.organizations.list': listOrganizations,
  'users.logs.list': listLogs,
  'users.effectiveRoles.list': listEffectiveRoles,
  'users.effectivePermissions.list': listEffectivePermissions,
  'users.sessions.list': listOwned('sessions', 'sessions'),
  'users.sessions.delete': removeOwned('sessions'),
  'users.refreshToken.list': listOwned('refreshTokens', 'tokens'),
  'users.refreshToken.delete': removeOwned('refreshTokens'),
  'users.revokeAccess': revokeAccess,
}
