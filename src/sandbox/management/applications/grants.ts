import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import {
  assign,
  bodyOf,
  collection,
  newId,
  objectsOf,
  parameter,
  pick,
  present,
  publicRecord,
  stringOf,
  stringsOf,
} from '../records.ts'

function grantOf(call: ManagementCall): JsonObject {
  const grant = call.tenant.tables.clientGrants.get(parameter(call, 'id'))
  return grant ?? refuse(404, 'The client grant does not exist.', 'inexistent_client_grant')
}

const list: ManagementHandler = (call) => {
  const filters = ['audience', 'client_id', 'allow_any_organization', 'subject_type', 'default_for']
  const grants = [...call.tenant.tables.clientGrants.values()].filter((grant) =>
    filters.every(
      (name) => call.query[name] === undefined || String((grant as JsonObject)[name] ?? '') === call.query[name],
    ),
  )
  return page(call, grants.map(publicRecord), { key: 'client_grants', offset: {}, checkpoint: {} })
}

function checkScopes(call: ManagementCall, audience: string, scopes: readonly string[]): void {
  const server = [...call.tenant.tables.resourceServers.values()].find((one) => one['identifier'] === audience)
  if (server === undefined) refuse(404, `Resource server not found: ${audience}`, 'inexistent_resource_server')
  const offered = objectsOf(server?.['scopes']).map((scope) => scope['value'])
  const unknown = scopes.filter((scope) => !offered.includes(scope))
  // The Management API has scopes that no operation of the document names.
  if (unknown.length > 0 && offered.length > 0 && server?.['is_system'] !== true) {
    refuseBody(`One or more scopes are not allowed: ${unknown.join(', ')}. They must be scopes of ${audience}.`)
  }
}

/** POST /client-grants. Page: https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const client = stringOf(body['client_id'])
  const audience = stringOf(body['audience']) ?? ''
  if (client !== undefined && !call.tenant.tables.clients.has(client))
    refuse(404, 'The client does not exist', 'inexistent_client')
  checkScopes(call, audience, stringsOf(body['scope']))
  const subject = stringOf(body['subject_type']) ?? 'client'
  const taken = [...call.tenant.tables.clientGrants.values()].some(
    (grant) =>
      grant['client_id'] === client &&
      grant['audience'] === audience &&
      (grant['subject_type'] ?? 'client') === subject,
  )
  if (taken)
    refuse(
      409,
      `A resource server with identifier ${audience} was already granted for this client.`,
      'client_grant_conflict',
    )
  const id = newId(call.tenant, 'cgr_')
  const grant = {
    id,
    organization_usage: 'deny',
    allow_any_organization: false,
    subject_type: 'client',
    ...assign({}, body),
  }
  call.tenant.tables.clientGrants.set(id, grant)
  return reply(201, publicRecord(grant))
}

const update: ManagementHandler = (call) => {
  const grant = grantOf(call)
  const body = bodyOf(call)
  checkScopes(call, stringOf(grant['audience']) ?? '', stringsOf(body['scope']))
  const changed = assign(grant, body)
  call.tenant.tables.clientGrants.set(parameter(call, 'id'), changed)
  return reply(200, publicRecord(changed))
}

/** DELETE /client-grants/{id} answers 204 for unknown ids as well. */
const remove: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  call.tenant.tables.clientGrants.delete(id)
  const joined = collection(call.tenant, 'organization-grants')
  for (const [key, record] of joined) if (record['grant_id'] === id) joined.delete(key)
  return reply(204)
}

const listOrganizations: ManagementHandler = (call) => {
  grantOf(call)
  const rows = [...collection(call.tenant, 'organization-grants').values()]
    .filter((record) => record['grant_id'] === parameter(call, 'id'))
    .flatMap((record) => present(call.tenant.tables.organizations.get(stringOf(record['organization_id']) ?? '')))
    .map((organization) => pick(organization, 'id', 'name', 'display_name', 'branding', 'metadata', 'token_quota'))
  return page(call, rows, { key: 'organizations', offset: {}, checkpoint: {} })
}

export const clientGrantHandlers: Readonly<Record<string, ManagementHandler>> = {
  'clientGrants.list': list,
  'clientGrants.create': create,
  'clientGrants.get': (call) => reply(200, publicRecord(grantOf(call))),
  'clientGrants.update': update,
  'clientGrants.delete': remove,
  'clientGrants.organizations.list': listOrganizations,
}
