import type { ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { bodyOf, collection, parameter, present, publicRecord, stringOf } from '../records.ts'
import { organizationId } from './store.ts'

const mostGrants = 100

const list: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const ids = call.query['grant_ids']?.split(',')
  const grants = [...collection(call.tenant, 'organization-grants').values()]
    .filter((record) => record['organization_id'] === organization)
    .flatMap((record) => present(call.tenant.tables.clientGrants.get(stringOf(record['grant_id']) ?? '')))
    .filter((grant) => call.query['audience'] === undefined || grant['audience'] === call.query['audience'])
    .filter((grant) => call.query['client_id'] === undefined || grant['client_id'] === call.query['client_id'])
    .filter((grant) => ids === undefined || ids.includes(stringOf(grant['id']) ?? ''))
  return page(call, grants.map(publicRecord), { key: 'client_grants', offset: {} })
}

/** POST client-grants: the grant has to allow organizations. */
const create: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const id = stringOf(bodyOf(call)['grant_id']) ?? ''
  const grant = call.tenant.tables.clientGrants.get(id)
  if (grant === undefined) return refuse(404, 'The client grant does not exist.', 'inexistent_client_grant')
  if (!['allow', 'require'].includes(stringOf(grant['organization_usage']) ?? 'deny')) {
    refuseBody('The client grant does not allow organizations; set its organization_usage to allow or require.')
  }
  const records = collection(call.tenant, 'organization-grants')
  const key = `${organization} ${id}`
  if (records.has(key))
    refuse(409, 'The client grant is already associated with the organization.', 'organization_client_grant_conflict')
  const held = [...records.values()].filter((record) => record['organization_id'] === organization)
  if (held.length >= mostGrants) {
    refuse(409, `An organization can have at most ${mostGrants} client grants.`, 'organization_client_grant_conflict')
  }
  records.set(key, { organization_id: organization, grant_id: id })
  return reply(201, publicRecord(grant))
}

const remove: ManagementHandler = (call) => {
  collection(call.tenant, 'organization-grants').delete(`${organizationId(call)} ${parameter(call, 'grant_id')}`)
  return reply(204)
}

export const organizationGrantHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.clientGrants.list': list,
  'organizations.clientGrants.create': create,
  'organizations.clientGrants.delete': remove,
}
