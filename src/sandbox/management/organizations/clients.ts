import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { OrganizationClient } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { project } from '../projection.ts'
import { assign, bodyOf, objectsOf, parameter, pick, stringOf, stringsOf, without } from '../records.ts'
import { organizationId } from './store.ts'

const SHOWN = ['name', 'is_first_party', 'app_type', 'grant_types', 'organization_usage', 'logo_uri']

/** An application of an organization, with what the list says about the application itself. */
function shown(call: ManagementCall, record: OrganizationClient): JsonObject {
  const client = call.tenant.tables.clients.get(stringOf(record.client_id) ?? '')
  const own = without(record, 'organization_id')
  return client === undefined ? own : { ...own, client: pick(client, ...SHOWN) }
}

function recordOf(call: ManagementCall): OrganizationClient {
  const key = `${organizationId(call)} ${parameter(call, 'client_id')}`
  const found = call.tenant.tables.organizationClients.get(key)
  return found ?? refuse(404, 'The client is not associated with the organization.')
}

const list: ManagementHandler = (call) => {
  const records = call.tenant.tables.organizationClients.where('organization_id', organizationId(call))
  const show = (record: OrganizationClient): JsonObject => project(call, shown(call, record))
  return page(call, records, { key: 'clients', checkpoint: {}, always: 'checkpoint', show })
}

/** POST associates applications; the answer lists them. */
const create: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const { clients, organizationClients } = call.tenant.tables
  const named = objectsOf(bodyOf(call)['clients'])
  const unknown = named.map((each) => stringOf(each['client_id']) ?? '').find((id) => !clients.has(id))
  if (unknown !== undefined) refuse(404, `The client ${unknown} does not exist.`, 'inexistent_client')
  const made = named.map((each) => {
    const client_id = String(each['client_id'])
    const record = { use_for_member_access: false, ...each, organization_id: organization, client_id }
    organizationClients.set(`${organization} ${client_id}`, record)
    return shown(call, record)
  })
  return reply(201, made)
}

const update: ManagementHandler = (call) => {
  const changed = assign(recordOf(call), bodyOf(call))
  call.tenant.tables.organizationClients.set(`${organizationId(call)} ${parameter(call, 'client_id')}`, changed)
  return reply(200, shown(call, changed))
}

const remove: ManagementHandler = (call) => {
  const organization = organizationId(call)
  for (const client of stringsOf(bodyOf(call)['clients']))
    call.tenant.tables.organizationClients.delete(`${organization} ${client}`)
  return reply(204)
}

export const organizationClientHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.clients.list': list,
  'organizations.clients.create': create,
  'organizations.clients.get': (call) => reply(200, shown(call, recordOf(call))),
  'organizations.clients.update': update,
  'organizations.clients.delete': remove,
}
