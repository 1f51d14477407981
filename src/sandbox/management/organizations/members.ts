import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Member } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { namedFields, project } from '../projection.ts'
import { bodyOf, collection, parameter, pick, present, seenAt, stringsOf } from '../records.ts'
import { organizationId } from './store.ts'

const mostPerCall = 10
const mostRoles = 50

/** Members come without roles unless `fields` names them, which needs a scope of its own. */
const list: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const wantsRoles = namedFields(call).includes('roles') && call.query['include_fields'] !== 'false'
  if (wantsRoles && !call.scopes.includes('read:organization_member_roles')) {
    refuse(403, 'Insufficient scope, expected any of: read:organization_member_roles', 'insufficient_scope')
  }
  const { members, users } = call.tenant.tables
  const seen = members
    .where('organization_id', organization, seenAt(call.tenant, 'members'))
    .filter((member) => users.has(member.user_id))
  const show = (member: Member): JsonObject => {
    const shown = pick(users.get(String(member.user_id)) ?? {}, 'user_id', 'picture', 'name', 'email')
    return project(call, wantsRoles ? { ...shown, roles: describeRoles(call, member) } : shown)
  }
  return page(call, seen, { key: 'members', offset: {}, checkpoint: { open: true }, window: true, show })
}

function describeRoles(call: ManagementCall, member: Member): readonly JsonObject[] {
  return stringsOf(member.roles).flatMap((role) =>
    present(call.tenant.tables.roles.get(role)).map((record) => pick(record, 'id', 'name')),
  )
}

/** POST members. Page: https://auth0.com/docs/manage-users/organizations/configure-organizations/assign-members */
const add: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const users = stringsOf(bodyOf(call)['members'])
  if (users.length > mostPerCall) {
    refuseBody(
      `Payload validation error: 'Array is too long (${users.length}), maximum ${mostPerCall}' on property members.`,
    )
  }
  const unknown = users.find((user) => !call.tenant.tables.users.has(user))
  if (unknown !== undefined) refuse(400, `The user ${unknown} does not exist.`, 'inexistent_user')
  const members = collection(call.tenant, 'members')
  for (const user of users) {
    const key = `${organization} ${user}`
    if (!members.has(key)) members.set(key, { organization_id: organization, user_id: user, roles: [] })
  }
  return reply(204)
}

const remove: ManagementHandler = (call) => {
  const organization = organizationId(call)
  for (const user of stringsOf(bodyOf(call)['members']))
    collection(call.tenant, 'members').delete(`${organization} ${user}`)
  return reply(204)
}

function memberOf(call: ManagementCall): readonly [key: string, member: Member] {
  const key = `${organizationId(call)} ${parameter(call, 'user_id')}`
  const member = collection(call.tenant, 'members').get(key)
  return [key, member ?? refuse(404, 'The user is not a member of the organization.', 'inexistent_member')]
}

const listRoles: ManagementHandler = (call) => {
  const [, member] = memberOf(call)
  const roles = stringsOf(member.roles).flatMap((role) => present(call.tenant.tables.roles.get(role)))
  return page(call, roles, { key: 'roles', offset: {} })
}

const assignRoles: ManagementHandler = (call) => {
  const [key, member] = memberOf(call)
  const roles = stringsOf(bodyOf(call)['roles'])
  const unknown = roles.find((role) => !call.tenant.tables.roles.has(role))
  if (unknown !== undefined) refuse(400, `The role ${unknown} does not exist.`, 'inexistent_role')
  const held = [...new Set([...stringsOf(member.roles), ...roles])]
  if (held.length > mostRoles)
    refuse(409, `A member can have at most ${mostRoles} roles.`, 'organization_member_roles_conflict')
  collection(call.tenant, 'members').set(key, { ...member, roles: held })
  return reply(204)
}

const removeRoles: ManagementHandler = (call) => {
  const [key, member] = memberOf(call)
  const gone = stringsOf(bodyOf(call)['roles'])
  const left = stringsOf(member.roles).filter((role) => !gone.includes(role))
  collection(call.tenant, 'members').set(key, { ...member, roles: left })
  return reply(204)
}

const listEffectiveRoles: ManagementHandler = (call) => {
  const [, member] = memberOf(call)
  const roles = stringsOf(member.roles).flatMap((role) => present(call.tenant.tables.roles.get(role)))
  const rows = roles.map((role) => ({
    description: '',
    ...pick(role, 'id', 'name', 'description'),
    sources: ['direct'],
  }))
  return page(call, rows, { key: 'roles', checkpoint: {}, always: 'checkpoint' })
}

/** Groups that a member has a role through. */
const listRoleSources: ManagementHandler = (call) => {
  const [, member] = memberOf(call)
  const role = call.query['role_id'] ?? ''
  const path = `/api/v2/organizations/${organizationId(call)}/groups`
  const found = [...collection(call.tenant, '/api/v2/groups')].flatMap(([id, group]) => {
    const joined = call.tenant.tables.others.get(`/api/v2/groups/${id}/members`)?.has(String(member.user_id)) === true
    return joined && call.tenant.tables.others.get(`${path}/${id}/roles`)?.has(role) === true ? [group] : []
  })
  return page(call, found, { key: 'groups', checkpoint: {}, always: 'checkpoint' })
}

export const memberHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.members.list': list,
  'organizations.members.create': add,
  'organizations.members.delete': remove,
  'organizations.members.roles.list': listRoles,
  'organizations.members.roles.assign': assignRoles,
  'organizations.members.roles.delete': removeRoles,
  'organizations.members.effectiveRoles.list': listEffectiveRoles,
  'organizations.members.effectiveRoles.sources.groups.list': listRoleSources,
}
