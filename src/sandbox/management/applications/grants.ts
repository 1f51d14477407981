import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { ClientGrant } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { assign, bodyOf, newId, parameter, pick, present, publicRecord, stringOf, stringsOf } from '../records.ts'

function grantOf(call: ManagementCall): ClientGrant {
  const grant = call.tenant.tables.clientGrants.get(parameter(call, 'id'))
  return grant ?? refuse(404, 'The grant does not exist.', 'inexistent_client_grant')
}

/** What counts where a grant does not say: filters find it, though it is not shown. */
const UNSAID: JsonObject = { allow_any_organization: false, subject_type: 'client' }

const list: ManagementHandler = (call) => {
  const filters = ['audience', 'client_id', 'allow_any_organization', 'subject_type', 'default_for']
  const grants = [...call.tenant.tables.clientGrants.values()].filter((grant) => {
    const record: JsonObject = { ...UNSAID, ...grant }
    return filters.every((name) => call.query[name] === undefined || String(record[name] ?? '') === call.query[name])
  })
  return page(call, grants, { key: 'client_grants', offset: {}, checkpoint: {}, show: publicRecord })
}

function checkScopes(call: ManagementCall, audience: string, scopes: readonly string[]): void {
  const server = call.tenant.tables.resourceServers.find('identifier', audience)
  if (server === undefined) return refuse(404, `Resource server not found: ${audience}`, 'inexistent_resource_server')
  const offered = (server.scopes ?? []).map((scope) => scope.value)
  const unknown = scopes.filter((scope) => !offered.includes(scope))
  // The Management API has scopes that no operation of the document names.
  if (unknown.length > 0 && offered.length > 0 && server.is_system !== true) {
    refuseBody(`One or more scopes are not allowed: ${unknown.join(', ')}. They must be scopes of ${audience}.`)
  }
}

/** POST /client-grants. Page: https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants */
const create: ManagementHandler = (call) => {
  const { clientGrants, clients } = call.tenant.tables
  const body = bodyOf(call)
  const client = stringOf(body['client_id'])
  const audience = stringOf(body['audience']) ?? ''
  if (client !== undefined && !clients.has(client)) refuse(404, 'The client does not exist', 'inexistent_client')
  checkScopes(call, audience, stringsOf(body['scope']))
  const subject = stringOf(body['subject_type']) ?? 'client'
  const taken = clientGrants
    .where('audience', audience)
    .some((grant) => grant.client_id === client && (grant.subject_type ?? 'client') === subject)
  if (taken)
    refuse(
      409,
      `A resource server with identifier ${audience} was already granted for this client.`,
      'client_grant_conflict',
    )
  const id = newId(call.tenant, 'cgr_')
  const grant = { id, subject_type: 'client', ...assign({}, body) }
  clientGrants.set(id, grant)
  return reply(201, publicRecord(grant))
}

const update: ManagementHandler = (call) => {
  const grant = grantOf(call)
  const body = bodyOf(call)
  checkScopes(call, grant.audience, stringsOf(body['scope']))
  const changed = assign(grant, body)
  call.tenant.tables.clientGrants.set(grant.id, changed)
  return reply(200, publicRecord(changed))
}

/** DELETE /client-grants/{id} answers 204 for unknown ids as well. */
const remove: ManagementHandler = (call) => {
  call.tenant.tables.clientGrants.remove(parameter(call, 'id'))
  return reply(204)
}

const listOrganizations: ManagementHandler = (call) => {
  const { organizationGrants, organizations } = call.tenant.tables
  const found = organizationGrants
    .where('grant_id', grantOf(call).id)
    .flatMap(({ organization_id }) => present(organizations.get(organization_id)))
  const show = (one: JsonObject): JsonObject =>
    pick(one, 'id', 'name', 'display_name', 'branding', 'metadata', 'token_quota')
  return page(call, found, { key: 'organizations', offset: {}, checkpoint: {}, show })
}

export const clientGrantHandlers: Readonly<Record<string, ManagementHandler>> = {
  'clientGrants.list': list,
  'clientGrants.create': create,
  'clientGrants.get': (call) => reply(200, publicRecord(grantOf(call))),
  'clientGrants.update': update,
  'clientGrants.delete': remove,
  'clientGrants.organizations.list': listOrganizations,
}
