import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import type { Member } from '../tenant/index.ts'
import { reply } from './answer.ts'
import { page } from './paging.ts'
import { project } from './projection.ts'
import { bodyOf, collection, compact, parameter, pick, publicRecord, seenAt, without } from './records.ts'
import { comparison, compileQuery } from './search/index.ts'

/** One page of what a search finds, in the order that it asks for. */
function found(call: ManagementCall, records: ReadonlyMap<string, JsonObject>, key: string, bare: readonly string[]) {
  const { q, sort } = call.query
  const all = [...records.values()]
  const matching =
    q === undefined || q.trim() === '' ? all : all.filter(compileQuery(q, { bare, caseless: bare, exactOnly: [] }))
  const ordered = sort === undefined ? matching : matching.sort(comparison(sort))
  const show = (record: JsonObject): JsonObject => project(call, without(publicRecord(record), 'signing_secret'))
  return page(call, ordered, { key, checkpoint: {}, always: 'checkpoint', show })
}

const organizations: ManagementHandler = (call) => {
  const table = call.tenant.tables.organizations
  const at = seenAt(call.tenant, 'search')
  return found(call, at === undefined ? table : table.asOf(at), 'organizations', ['id', 'name', 'display_name'])
}

const resourceServers: ManagementHandler = (call) =>
  found(call, call.tenant.tables.resourceServers, 'resource_servers', ['id', 'name', 'identifier'])

/** Tokens that a tenant no longer accepts, by audience. */
const listBlacklist: ManagementHandler = (call) => {
  const { aud } = call.query
  const all = [...collection(call.tenant, '/api/v2/blacklists/tokens').values()]
  return reply(
    200,
    all.filter((each) => aud === undefined || each['aud'] === aud),
  )
}

const blacklist: ManagementHandler = (call) => {
  const entry = compact(pick(bodyOf(call), 'aud', 'jti'))
  collection(call.tenant, '/api/v2/blacklists/tokens').set(`${String(entry['aud'])} ${String(entry['jti'])}`, entry)
  return reply(204)
}

/** Members of an organization that have a role there. */
const roleMembers: ManagementHandler = (call) => {
  const { members, users } = call.tenant.tables
  const role = parameter(call, 'role_id')
  const holders = members
    .where('organization_id', parameter(call, 'id'), seenAt(call.tenant, 'members'))
    .filter((member) => member.roles.includes(role))
  const show = (member: Member): JsonObject =>
    project(call, pick(users.get(String(member.user_id)) ?? {}, 'user_id', 'picture', 'name', 'email'))
  return page(call, holders, { key: 'members', checkpoint: {}, always: 'checkpoint', show })
}

export const searchHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.search': organizations,
  'resourceServers.search': resourceServers,
  'blacklists.tokens.list': listBlacklist,
  'blacklists.tokens.create': blacklist,
  'organizations.roles.members.list': roleMembers,
}
