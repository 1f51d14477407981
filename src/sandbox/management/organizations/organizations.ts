import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { removeNested } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { inOrder, page } from '../paging.ts'
import { assign, bodyOf, newId, objectOf, objectsOf, parameter, publicRecord, stringOf, without } from '../records.ts'
import { comparison } from '../search/index.ts'
import { enableConnection, organizationId, organizationOf } from './store.ts'

const namePattern = /^(?!org_)[a-z0-9]([a-z0-9\-_]*[a-z0-9])?$/

function checkFields(call: ManagementCall, body: JsonObject, except?: string): void {
  const name = stringOf(body['name'])
  if (name !== undefined && (name.length > 50 || !namePattern.test(name))) {
    refuseBody(
      `Payload validation error: 'Object didn't pass validation for format organization-name: ${name}' on property name.`,
    )
  }
  const colors = objectOf(objectOf(body['branding'])?.['colors'])
  if (colors !== undefined && (colors['primary'] === undefined || colors['page_background'] === undefined)) {
    refuseBody("Payload validation error: 'colors needs both primary and page_background' on property branding.colors.")
  }
  const logo = stringOf(objectOf(body['branding'])?.['logo_url'])
  if (logo !== undefined && !logo.startsWith('https://')) {
    refuseBody(
      "Payload validation error: 'Object didn't pass validation for format strict-https-uri' on property branding.logo_url.",
    )
  }
  const metadata = objectOf(body['metadata']) ?? {}
  if (Object.keys(metadata).length > 25) {
    refuseBody("Payload validation error: 'Too many properties defined, maximum 25' on property metadata.")
  }
  if (name !== undefined && call.tenant.tables.organizations.isTaken('name', name, except))
    refuse(409, 'An organization with the same name already exists.', 'organization_conflict')
}

const list: ManagementHandler = (call) => {
  const { organizations } = call.tenant.tables
  const { sort } = call.query
  const rows = sort === undefined ? inOrder(organizations) : organizations.ordered(sort, comparison(sort))
  return page(call, rows, {
    key: 'organizations',
    offset: {},
    checkpoint: {},
    window: true,
    show: publicRecord,
  })
}

/** POST /organizations. Page: https://auth0.com/docs/manage-users/organizations/configure-organizations/create-organizations */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  checkFields(call, body)
  const enabled = objectsOf(body['enabled_connections'])
  const unknown = enabled.some((one) => !call.tenant.tables.connections.has(stringOf(one['connection_id']) ?? ''))
  if (unknown) refuse(400, 'The connection does not exist.', 'inexistent_connection')
  const id = newId(call.tenant, 'org_')
  const organization = assign({ id }, without(body, 'enabled_connections'))
  call.tenant.tables.organizations.set(id, organization)
  const connections = enabled.map((settings) => enableConnection(call.tenant, id, settings))
  return reply(201, connections.length === 0 ? organization : { ...organization, enabled_connections: connections })
}

const get: ManagementHandler = (call) => reply(200, publicRecord(organizationOf(call)))

const getByName: ManagementHandler = (call) => {
  const name = parameter(call, 'name')
  const found = call.tenant.tables.organizations.find('name', name)
  return reply(200, publicRecord(found ?? refuse(404, 'No organization found by that id or name')))
}

/** PATCH /organizations/{id}: root fields replace, metadata as a whole; `token_quota: null` takes the quota away. */
const update: ManagementHandler = (call) => {
  const organization = organizationOf(call)
  const id = organizationId(call)
  const body = bodyOf(call)
  checkFields(call, body, id)
  const metadata = objectOf(body['metadata'])
  const merged = assign(organization, body)
  const changed = metadata === undefined ? merged : { ...merged, metadata: assign({}, metadata) }
  call.tenant.tables.organizations.set(id, changed)
  return reply(200, publicRecord(changed))
}

const remove: ManagementHandler = (call) => {
  const id = organizationId(call)
  call.tenant.tables.organizations.remove(id)
  removeNested(call.tenant.tables, `/api/v2/organizations/${id}/`)
  return reply(204)
}

export const organizationHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.list': list,
  'organizations.create': create,
  'organizations.get': get,
  'organizations.getByName': getByName,
  'organizations.update': update,
  'organizations.delete': remove,
}
