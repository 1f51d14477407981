import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { assign, bodyOf, collection, compact, newId, parameter, seenAt, stringOf, without } from '../records.ts'
import { organizationId } from './store.ts'

const mostDomains = 100

function domainsOf(call: ManagementCall): readonly JsonObject[] {
  const organization = organizationId(call)
  return call.tenant.tables.discoveryDomains.where('organization_id', organization)
}

function shown(record: JsonObject): JsonObject {
  return without(record, 'organization_id')
}

function domainOf(call: ManagementCall, key: 'id' | 'domain', value: string): JsonObject {
  const found = domainsOf(call).find((one) => one[key] === value)
  return found ?? refuse(404, 'No organization domain found by that id')
}

const list: ManagementHandler = (call) =>
  page(
    call,
    call.tenant.tables.discoveryDomains.where(
      'organization_id',
      organizationId(call),
      seenAt(call.tenant, 'discoveryDomains'),
    ),
    { key: 'domains', checkpoint: {}, always: 'checkpoint', show: shown },
  )

const create: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const body = bodyOf(call)
  const domain = (stringOf(body['domain']) ?? '').toLowerCase()
  const records = collection(call.tenant, 'discovery-domains')
  if (call.tenant.tables.discoveryDomains.isTaken('domain', domain)) {
    refuse(409, 'The discovery domain already exists.', 'discovery_domain_conflict')
  }
  if (domainsOf(call).length >= mostDomains) {
    refuse(403, `An organization can have at most ${mostDomains} discovery domains.`, 'operation_not_supported')
  }
  const id = newId(call.tenant, 'ocdd_')
  const record = compact({
    id,
    organization_id: organization,
    domain,
    status: body['status'] ?? 'pending',
    use_for_organization_discovery: body['use_for_organization_discovery'] ?? true,
    verification_txt: newId(call.tenant, 'auth0-domain-verification=', 32),
    verification_host: `_auth0-domain.${domain}`,
  })
  records.set(id, record)
  return reply(201, shown(record))
}

const get: ManagementHandler = (call) => reply(200, shown(domainOf(call, 'id', parameter(call, 'discovery_domain_id'))))

const getByName: ManagementHandler = (call) =>
  reply(200, shown(domainOf(call, 'domain', parameter(call, 'discovery_domain').toLowerCase())))

const update: ManagementHandler = (call) => {
  const id = parameter(call, 'discovery_domain_id')
  const changed = assign(domainOf(call, 'id', id), bodyOf(call))
  collection(call.tenant, 'discovery-domains').set(id, changed)
  return reply(200, shown(changed))
}

const remove: ManagementHandler = (call) => {
  const id = parameter(call, 'discovery_domain_id')
  const { discoveryDomains } = call.tenant.tables
  if (discoveryDomains.get(id)?.organization_id === organizationId(call)) discoveryDomains.delete(id)
  return reply(204)
}

export const discoveryDomainHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.discoveryDomains.list': list,
  'organizations.discoveryDomains.create': create,
  'organizations.discoveryDomains.get': get,
  'organizations.discoveryDomains.getByName': getByName,
  'organizations.discoveryDomains.update': update,
  'organizations.discoveryDomains.delete': remove,
}
