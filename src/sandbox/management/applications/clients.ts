import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Client } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { clientIdsOf } from '../connections/clients.ts'
import { page } from '../paging.ts'
import { project } from '../projection.ts'
import {
  bodyOf,
  collection,
  mergeMetadata,
  objectOf,
  parameter,
  publicRecord,
  stringOf,
  stringsOf,
  without,
} from '../records.ts'
import { compileQuery } from '../search/index.ts'
import { changedClient, newClient } from './client-settings.ts'
import { storeKeys } from './credentials.ts'
import { checkReferences } from './references.ts'

const secretFields = ['client_secret', 'signing_keys', 'encryption_key']
const searchRules = { bare: ['name', 'client_id'], caseless: ['name'], exactOnly: [] }

/** The application that the path names, or the 404 that the API answers. */
export function clientOf(call: ManagementCall): Client {
  const id = call.params['id'] ?? parameter(call, 'client_id')
  return call.tenant.tables.clients.get(id) ?? refuse(404, 'The client does not exist', 'inexistent_client')
}

/** Secrets show only to callers that may read client keys. */
function shown(call: ManagementCall, client: JsonObject): JsonObject {
  return call.scopes.includes('read:client_keys')
    ? publicRecord(client)
    : without(publicRecord(client), ...secretFields)
}

/** Asking for a secret field by name without its scope is a 403. */
function checkFields(call: ManagementCall): void {
  const named = (call.query['fields'] ?? '').split(',').map((field) => field.trim())
  const refused = secretFields.filter((field) => named.includes(field))
  if (call.query['include_fields'] === 'false' || call.scopes.includes('read:client_keys') || refused.length === 0)
    return
  refuse(
    403,
    `Insufficient scope to read the fields ${refused.join(', ')}; expected any of: read:client_keys`,
    'insufficient_scope',
  )
}

const list: ManagementHandler = (call) => {
  checkFields(call)
  const { is_global: global, is_first_party: firstParty, app_type: types, external_client_id: external, q } = call.query
  const clients = [...call.tenant.tables.clients.values()]
    .filter((client) => global === undefined || String(client.global ?? false) === global)
    .filter((client) => firstParty === undefined || String(client.is_first_party ?? true) === firstParty)
    .filter((client) => types === undefined || types.split(',').includes(client.app_type ?? ''))
    .filter((client) => external === undefined || client.external_client_id === external)
  const found = q === undefined ? clients : clients.filter(searchByGrant(call, q))
  const show = (client: JsonObject): JsonObject => project(call, shown(call, client))
  return page(call, found, { key: 'clients', offset: { least: 0 }, checkpoint: {}, show })
}

/** `q` looks into the grants of an application: `client_grant.organization_id:…`. */
function searchByGrant(call: ManagementCall, q: string): (client: Client) => boolean {
  const test = compileQuery(q, searchRules)
  return (client) => {
    const grants = [...call.tenant.tables.clientGrants.values()].filter((grant) => grant.client_id === client.client_id)
    const joined = grants.map((grant) => {
      const organizations = [...collection(call.tenant, 'organization-grants').values()]
        .filter((record) => record.grant_id === grant.id)
        .map((record) => record.organization_id ?? '')
      return { ...grant, organization_id: organizations }
    })
    return test({ ...client, client_grant: joined })
  }
}

function checkMetadata(metadata: JsonObject | undefined): void {
  if (metadata === undefined) return
  if (Object.keys(metadata).length > 10) {
    refuseBody("Payload validation error: 'Too many properties defined, maximum 10' on property client_metadata.")
  }
  const long = Object.entries(metadata).find(([key, value]) => key.length > 255 || (stringOf(value)?.length ?? 0) > 255)
  if (long !== undefined) {
    refuseBody(
      `Payload validation error: 'String is too long, maximum 255' on property client_metadata.${long[0].slice(0, 40)}.`,
    )
  }
}

function checkAliases(call: ManagementCall, body: JsonObject, except?: string): void {
  const taken = stringsOf(body['client_aliases']).some((alias) =>
    call.tenant.tables.clients.isTaken('alias', alias, except),
  )
  if (taken) refuse(409, 'A client with the same alias already exists.', 'client_conflict')
}

function newSecret(call: ManagementCall): string {
  return call.tenant.random.text(64, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-')
}

/** POST /clients. Page: https://auth0.com/docs/get-started/applications */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  checkAliases(call, body)
  checkMetadata(objectOf(body['client_metadata']))
  checkReferences(call, body)
  const id = call.tenant.random.text(32)
  const { shown: shownKeys, stored } = storeKeys(call.tenant, id, body)
  const client: JsonObject = {
    ...newClient(call.tenant, body),
    ...stored,
    client_id: id,
    client_secret: newSecret(call),
  }
  call.tenant.tables.clients.set(id, client)
  return reply(201, { ...publicRecord(client), ...shownKeys })
}

const get: ManagementHandler = (call) => {
  checkFields(call)
  return reply(200, project(call, shown(call, clientOf(call))))
}

/** PATCH /clients/{id}: root keys replace, settings objects and `client_metadata` merge, `null` takes a key away. */
const update: ManagementHandler = (call) => {
  const client = clientOf(call)
  const id = client.client_id
  const body = bodyOf(call)
  const refused = secretFields.filter((field) => body[field] !== undefined)
  if (refused.length > 0 && !call.scopes.includes('update:client_keys')) {
    refuse(
      403,
      `Insufficient scope to update the fields ${refused.join(', ')}; expected any of: update:client_keys`,
      'insufficient_scope',
    )
  }
  checkAliases(call, body, id)
  checkReferences(call, body)
  const metadata = objectOf(body['client_metadata'])
  const merged = metadata === undefined ? undefined : mergeMetadata(client.client_metadata, metadata)
  checkMetadata(merged)
  const { shown: shownKeys, stored } = storeKeys(call.tenant, id, body)
  const changed = {
    ...changedClient(client, body),
    ...(merged === undefined ? {} : { client_metadata: merged }),
    ...stored,
  }
  call.tenant.tables.clients.set(id, changed)
  return reply(200, { ...shown(call, changed), ...shownKeys })
}

/** DELETE /clients/{id} answers 204 for unknown ids as well; grants, credentials and tokens go with it. */
const remove: ManagementHandler = (call) => {
  call.tenant.tables.clients.remove(parameter(call, 'id'))
  return reply(204)
}

const rotateSecret: ManagementHandler = (call) => {
  const changed = { ...clientOf(call), client_secret: newSecret(call) }
  call.tenant.tables.clients.set(parameter(call, 'id'), changed)
  return reply(200, publicRecord(changed))
}

const listConnections: ManagementHandler = (call) => {
  const id = stringOf(clientOf(call).client_id) ?? ''
  const strategies = call.query['strategy']?.split(',')
  const enabled = [...call.tenant.tables.connections.values()]
    .filter((connection) => clientIdsOf(call.tenant, connection).includes(id))
    .filter((connection) => strategies === undefined || strategies.includes(connection.strategy ?? ''))
  const rows = enabled.map((connection) => project(call, connection))
  return page(call, rows, { key: 'connections', checkpoint: {}, always: 'checkpoint' })
}

export const clientHandlers: Readonly<Record<string, ManagementHandler>> = {
  'clients.list': list,
  'clients.create': create,
  'clients.get': get,
  'clients.update': update,
  'clients.delete': remove,
  'clients.rotateSecret': rotateSecret,
  'clients.connections.get': listConnections,
}
