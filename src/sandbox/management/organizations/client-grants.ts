import type { ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { bodyOf, parameter, publicRecord, stringOf, without } from '../records.ts'
import { organizationId } from './store.ts'

const mostGrants = 100

const list: ManagementHandler = (call) => {
  const { audience, client_id: client, grant_ids } = call.query
  const ids = grant_ids?.split(',')
  const { clientGrants, organizationGrants } = call.tenant.tables
  const grants = organizationGrants
    .where('organization_id', organizationId(call))
    .flatMap(({ grant_id }) => clientGrants.get(grant_id) ?? [])
    .filter((grant) => audience === undefined || grant.audience === audience)
    .filter((grant) => client === undefined || grant.client_id === client)
    .filter((grant) => ids === undefined || ids.includes(grant.id))
  return page(call, grants, { key: 'client_grants', offset: {}, show: publicRecord })
}

/** POST client-grants: the grant has to allow organizations. */
const create: ManagementHandler = (call) => {
  const organization = organizationId(call)
  const { clientGrants, organizationGrants } = call.tenant.tables
  const id = stringOf(bodyOf(call)['grant_id']) ?? ''
  const grant = clientGrants.get(id)
  if (grant === undefined) return refuse(404, 'The client grant does not exist.', 'inexistent_client_grant')
  if (!['allow', 'require'].includes(grant.organization_usage ?? 'deny')) {
    refuseBody('The client grant does not allow organizations; set its organization_usage to allow or require.')
  }
  const key = `${organization} ${id}`
  if (organizationGrants.has(key))
    refuse(409, 'The client grant is already associated with the organization.', 'organization_client_grant_conflict')
  if (organizationGrants.where('organization_id', organization).length >= mostGrants) {
    refuse(409, `An organization can have at most ${mostGrants} client grants.`, 'organization_client_grant_conflict')
  }
  organizationGrants.set(key, { organization_id: organization, grant_id: id })
  return reply(201, without(publicRecord(grant), 'subject_type'))
}

const remove: ManagementHandler = (call) => {
  call.tenant.tables.organizationGrants.delete(`${organizationId(call)} ${parameter(call, 'grant_id')}`)
  return reply(204)
}

export const organizationGrantHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.clientGrants.list': list,
  'organizations.clientGrants.create': create,
  'organizations.clientGrants.delete': remove,
}
