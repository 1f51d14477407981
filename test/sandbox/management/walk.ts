// Calls every operation of the Management API on one tenant: what makes records first, then what reads and changes them,
// and what takes them away last.
import { type OperationRow, rows, schemaOf } from '../../../src/catalogue/index.ts'
import type { Json, JsonObject } from '../../../src/plan/index.ts'
import { collection } from '../../../src/sandbox/tenant/index.ts'
import type { Answer, Bench } from './harness.ts'
import { sampleOf } from './samples.ts'

/** One operation that was called, and how. */
export interface Walked {
  readonly row: OperationRow
  readonly params: Readonly<Record<string, string>>
  readonly answer: Answer
}

/** The operations that a walk calls: all but uploads of files. */
export function walkedRows(): readonly OperationRow[] {
  return rows().filter((row) => row.api === 'management' && row.body?.encoding !== 'multipart')
}

/** What records of other lists name is made before them. */
const NAMED: readonly string[] = [
  'actions.create',
  'connectionProfiles.create',
  'experimentation.featureFlags.create',
  'experimentation.segments.create',
  'userAttributeProfiles.create',
]

/** Which records the walk has made so far, by the path of their list. */
export type Made = Map<string, string>

/**
 * Walks through all operations.
 * @param before is called before each operation, with the ids that are known then
 */
export async function* walk(
  b: Bench,
  size: 'minimal' | 'full',
  before?: (row: OperationRow, made: Made) => Promise<void>,
): AsyncGenerator<Walked> {
  const depth = (row: OperationRow) => row.path.split('/').length
  const order = (row: OperationRow) =>
    NAMED.includes(row.id) ? -1 : row.method === 'POST' && !row.path.endsWith('}') ? 0 : row.method === 'DELETE' ? 2 : 1
  const made: Made = new Map()
  prepare(b)
  // What lies deepest goes first, since it would go with what it lies in.
  const down = (x: OperationRow, y: OperationRow) => (order(x) === 2 ? depth(y) - depth(x) : depth(x) - depth(y))
  for (const row of walkedRows().toSorted((x, y) => order(x) - order(y) || down(x, y))) {
    await before?.(row, made)
    const params = paramsOf(b, row, made)
    const body = row.body === undefined ? undefined : sampleOf(b, row, schemaOf, size)
    const answer = await b.call(row.id, { params, ...(body === undefined ? {} : { body }), query: queryOf(b, row) })
    if (row.method === 'POST' && answer.status < 300) remember(made, row, params, answer.body)
    yield { row, params, answer }
  }
}

/** A group that a directory brought; its id has the form of Auth0's. */
const GROUP = 'grp_1111111111111111111111'

/** What only people and directories bring into a tenant. */
function prepare(b: Bench): void {
  const { tables } = b.tenant
  const owner = { user_id: b.user, client_id: b.client, created_at: '2026-11-01T00:00:00.000Z' }
  for (const id of ['one', 'two', 'three']) {
    tables.sessions.set(id, { id, ...owner })
    tables.refreshTokens.set(id, { id, ...owner, session_id: id })
  }
  tables.authenticators.set('sms|dev_sample', {
    id: 'sms|dev_sample',
    user_id: b.user,
    authenticator_type: 'oob',
    oob_channel: 'sms',
    active: true,
    created_at: owner.created_at,
  })
  collection(tables, '/api/v2/groups').set(GROUP, {
    id: GROUP,
    name: 'Sample',
    tenant_name: 'demo',
    created_at: owner.created_at,
    updated_at: owner.created_at,
  })
  tables.userBlocks.set(b.user, { blocked_for: [{ identifier: 'user-one@example.com', ip: '192.0.2.1' }] })
  b.tenant.log({ type: 's', description: 'Successful login', user_id: b.user })
}

/** Path parameters that lead to something, where there is something. */
export function paramsOf(b: Bench, row: OperationRow, made: Made): Record<string, string> {
  const names = [...row.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
  return Object.fromEntries(names.map((name) => [name, idFor(b, row, name, made)]))
}

/** Query parameters that an operation asks for. */
export function queryOf(b: Bench, row: OperationRow): Record<string, string> {
  if (row.id === 'users.listUsersByEmail') return { email: 'user-one@example.com' }
  if (row.id.endsWith('effectiveRoles.sources.groups.list'))
    return { role_id: [...b.tenant.tables.roles.keys()][0] ?? '' }
  if (/(list|delete)ByIdentifier/.test(row.id)) return { identifier: 'user-one@example.com' }
  if (row.id === 'connectionProfiles.list') return { take: '10' }
  if (row.id === 'refreshTokens.list') return { user_id: b.user }
  const api = { resource_server_identifier: 'https://items.example.com/' }
  if (row.id === 'users.effectivePermissions.list') return api
  if (row.id === 'users.effectivePermissions.sources.roles.list') return { ...api, permission_name: 'read:items' }
  return {}
}

const KEYS = ['id', 'client_id', 'user_id', 'kid', 'themeId', 'token_id', 'custom_domain_id', 'agent_id', 'template']

/** Keeps the id of what was made, under the path of the list that it is in now. */
function remember(made: Made, row: OperationRow, params: Record<string, string>, body: Json): void {
  const record = (Array.isArray(body) ? body[0] : body) as JsonObject | undefined
  const list = row.path.replace(/\{([^}]+)\}/g, (_all, name: string) => params[name] ?? '')
  for (const key of KEYS) if (typeof record?.[key] === 'string' && !made.has(list)) made.set(list, record[key])
}

function idFor(b: Bench, row: OperationRow, name: string, made: Made): string {
  const template = row.path.slice(0, row.path.indexOf(`{${name}}`) - 1)
  const list = template.replace(/\{([^}]+)\}/g, (_all, other: string) => idFor(b, row, other, made))
  const { tables } = b.tenant
  const first = (table: ReadonlyMap<string, unknown> = new Map()): string => [...table.keys()][0] ?? ''
  const seeded: Readonly<Record<string, () => string>> = {
    '/api/v2/users': () => b.user,
    '/api/v2/clients': () => b.client,
    '/api/v2/connections': () => b.connection,
    '/api/v2/organizations': () => b.organization,
    '/api/v2/roles': () => first(tables.roles),
    '/api/v2/resource-servers': () => b.lab.seed.api.id,
    '/api/v2/client-grants': () => first(tables.clientGrants),
    '/api/v2/custom-domains': () => first(tables.customDomains),
    '/api/v2/actions/triggers': () => 'post-login',
    '/api/v2/keys/signing': () => [...tables.signingKeys.keys()][1] ?? '',
    '/api/v2/guardian/factors': () => 'otp',
    '/api/v2/email-templates': () => 'welcome_email',
    '/api/v2/prompts': () => 'login',
  }
  const byName: Readonly<Record<string, string>> = {
    user_id: b.user,
    client_id: b.client,
    connection_id: b.connection,
    connectionId: b.connection,
    grant_id: first(tables.clientGrants),
    role_id: first(tables.roles),
    language: 'en',
    page: 'get-started',
    screen: 'login',
    name: 'acme',
    discovery_domain: 'sample.example.com',
  }
  const special: Readonly<Record<string, () => string>> = {
    '/api/v2/sessions': () => first(tables.sessions),
    '/api/v2/refresh-tokens': () => first(tables.refreshTokens),
    '/api/v2/guardian/enrollments': () => first(tables.authenticators),
    '/api/v2/logs': () => first(tables.logs),
    '/api/v2/user-blocks': () => b.user,
  }
  const nested = tables.others.get(list)
  return (
    made.get(list) ??
    seeded[list]?.() ??
    special[list]?.() ??
    (nested === undefined || nested.size === 0 ? undefined : first(nested)) ??
    byName[name] ??
    'none'
  )
}
