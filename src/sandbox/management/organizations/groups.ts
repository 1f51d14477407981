import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { removeNested, type Table } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { bodyOf, collection, parameter, present, stringsOf } from '../records.ts'
import { organizationId } from './store.ts'

/** Roles that a group of a directory has in an organization. */
function rolesOf(call: ManagementCall): Table {
  const group = parameter(call, 'group_id')
  if (!collection(call.tenant, '/api/v2/groups').has(group)) refuse(404, 'The group does not exist.')
  return collection(call.tenant, `${listPath(call)}/${group}/roles`)
}

function listPath(call: ManagementCall): string {
  return `/api/v2/organizations/${organizationId(call)}/groups`
}

/** Groups are in an organization by the roles that they have there. */
const list: ManagementHandler = (call) => {
  const path = listPath(call)
  const groups = [...collection(call.tenant, '/api/v2/groups')]
  const found = groups.flatMap(([id, group]) =>
    (call.tenant.tables.others.get(`${path}/${id}/roles`)?.size ?? 0) > 0 ? [group] : [],
  )
  return page(call, found, { key: 'groups', checkpoint: {}, always: 'checkpoint' })
}

const listRoles: ManagementHandler = (call) => {
  const found = [...rolesOf(call).keys()].flatMap((id) => present(call.tenant.tables.roles.get(id)))
  return page(call, found, { key: 'roles', checkpoint: {}, always: 'checkpoint' })
}

const assign: ManagementHandler = (call) => {
  const roles = rolesOf(call)
  const ids = stringsOf(bodyOf(call)['roles'])
  const unknown = ids.find((id) => !call.tenant.tables.roles.has(id))
  if (unknown !== undefined) refuse(404, `The role ${unknown} does not exist.`)
  for (const id of ids) roles.set(id, { id })
  return reply(204)
}

const remove: ManagementHandler = (call) => {
  const roles = rolesOf(call)
  for (const id of stringsOf(bodyOf(call)['roles'])) roles.delete(id)
  return reply(204)
}

function templateKey(call: ManagementCall): string {
  return `/api/v2/organizations/${organizationId(call)}/organization-templates`
}

const assignedTemplate: ManagementHandler = (call) => {
  const template = call.tenant.tables.documents.get(templateKey(call))
  return reply(200, template ?? refuse(404, 'The organization has no template.'))
}

const assignTemplate: ManagementHandler = (call) => {
  call.tenant.tables.documents.set(templateKey(call), { id: parameter(call, 'template_id') })
  return reply(204)
}

const unassignTemplate: ManagementHandler = (call) => {
  const key = templateKey(call)
  if (call.tenant.tables.documents.get(key)?.['id'] === parameter(call, 'template_id'))
    removeNested(call.tenant.tables, key)
  return reply(204)
}

const TEMPLATE = 'organizations.organizationTemplate'

export const organizationGroupHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.groups.list': list,
  'organizations.groups.roles.list': listRoles,
  'organizations.groups.roles.create': assign,
  'organizations.groups.roles.delete': remove,
  [`${TEMPLATE}.get`]: assignedTemplate,
  [`${TEMPLATE}.assignOrganizationTemplate`]: assignTemplate,
  [`${TEMPLATE}.unassignOrganizationTemplate`]: unassignTemplate,
}
