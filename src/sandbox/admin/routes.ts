import type { Json, JsonObject } from '../../plan/index.ts'
import { findUser } from '../authentication/index.ts'
import type { OutboxMessage } from '../contract.ts'
import { collection } from '../contract.ts'
import { addUser, breachOfUser } from '../management/index.ts'
import type { SandboxFault, SandboxSnapshot } from '../types.ts'
import type { AdminParts } from './parts.ts'

/** A request that the admin API cannot carry out: a status and a whole sentence. */
export class AdminRefusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** One request to the admin API. */
export interface AdminCall {
  readonly parts: AdminParts
  /** What the stars of the path stand for. */
  readonly names: readonly string[]
  readonly query: URLSearchParams
  readonly body: JsonObject
}

/** What a route answers; nothing is a 204. */
export type AdminRoute = (call: AdminCall) => Json | undefined

/** The routes by method and path below the prefix, each with a line that says what it does. */
export const ROUTES: Readonly<Record<string, readonly [what: string, route: AdminRoute]>> = {
  'GET /': ['this list', () => Object.entries(ROUTES).map(([route, [what]]) => ({ route, what }))],
  'GET /state': ['the tenant in numbers, and the time', state],
  'GET /state/*': ['the records of one table', table],
  'GET /users': ['users with their passwords', ({ parts }) => users(parts)],
  'POST /users': ['makes a user: email, password, connection, mfa and profile fields', createUser],
  'GET /outbox': ['messages with their codes and links; ?kind= and ?to= choose', outbox],
  'DELETE /outbox': ['empties the outbox', ({ parts }) => void parts.outbox.clear()],
  'GET /outbox/last': ['the newest message; ?kind= and ?to= choose', lastMessage],
  'POST /outbox/*/approve': ['answers a push or device message with yes', answer('approve')],
  'POST /outbox/*/reject': ['answers a push or device message with no', answer('reject')],
  'POST /reset': ['puts the tenant back to how it started', ({ parts }) => void parts.reset()],
  'GET /snapshot': ['the whole state, passwords included', ({ parts }) => parts.snapshot()],
  'POST /restore': ['puts the tenant to a snapshot, which is the body', restore],
  'GET /clock': ['the time of the tenant', ({ parts }) => clock(parts)],
  'POST /clock': ['moves it forward: { "advance": milliseconds, or "90s", "5m", "2h", "1d" }', advance],
  'GET /faults': ['faults in place', ({ parts }) => parts.faults.list as unknown as Json],
  'POST /faults': ['puts a fault in place', addFault],
  'DELETE /faults': ['takes all faults away', ({ parts }) => void parts.faults.clear()],
  'DELETE /faults/*': ['takes one fault away', removeFault],
  'GET /requests': ['requests as they came in, secrets hidden; ?since= (epoch milliseconds)', requests],
  'DELETE /requests': ['empties the list', ({ parts }) => void parts.forgetRequests()],
  'GET /limits': [
    'rate limits that were drawn from',
    ({ parts }) => parts.limits.view(parts.core.clock.now()) as unknown as Json,
  ],
}

function state({ parts }: AdminCall): Json {
  const { core, faults, outbox: messages, requests: seen, seed } = parts
  const tables = Object.entries(core.tables)
    .filter(([name]) => name !== 'others')
    .map(([name, records]) => [name, (records as { readonly size: number }).size])
  const others = [...core.tables.others].map(([name, records]) => [name, records.size])
  return {
    domain: core.domain,
    ...clock(parts),
    clients: seed.clients as unknown as Json,
    outbox: messages.length,
    faults: faults.list.length,
    requests: seen.length,
    tables: Object.fromEntries([...tables, ...others]),
  }
}

function table({ names: [name = ''], parts }: AdminCall): Json {
  const { tables } = parts.core
  const known = Object.hasOwn(tables, name) && name !== 'others' ? tables[name as 'users'] : tables.others.get(name)
  if (known === undefined) throw new AdminRefusal(404, `There is no table ${name}. GET state lists the tables.`)
  return [...known.values()].map(withoutPrivate)
}

/** A record without what only the sandbox itself keeps in it. */
function withoutPrivate(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('$')))
}

function users({ core }: AdminParts): Json {
  return [...core.tables.users.values()].map((user) => ({
    ...withoutPrivate(user),
    ...(typeof user.$password === 'string' ? { password: user.$password } : {}),
    mfa: user.$mfa === true,
  }))
}

const IDENTIFIERS = ['email', 'username', 'phone_number'] as const

function createUser({ body, parts }: AdminCall): Json {
  const { core, seed } = parts
  const { connection: place = seed.connection.name, mfa = false, password, ...profile } = body
  const connection = [...core.tables.connections.values()].find((each) => each.name === place)
  if (connection === undefined) throw new AdminRefusal(400, `There is no connection ${String(place)}.`)
  if (typeof password !== 'string' || password === '') throw new AdminRefusal(400, 'A user needs a password.')
  if (typeof mfa !== 'boolean') throw new AdminRefusal(400, '"mfa" must be true or false.')
  const breach = breachOfUser({ ...profile, connection: String(place) })
  if (breach !== undefined) throw new AdminRefusal(400, `This is not a user of Auth0: ${breach}`)
  const known = IDENTIFIERS.map((name) => profile[name]).filter((each) => typeof each === 'string')
  if (known.length === 0) throw new AdminRefusal(400, `A user needs one of ${IDENTIFIERS.join(', ')}.`)
  if (known.some((each) => findUser(core, String(place), each)))
    throw new AdminRefusal(409, `The connection ${String(place)} has a user ${known.join(', ')} already.`)
  const user = addUser(core, { connection, profile, password })
  const id = String(user.user_id)
  const stored = { ...(core.tables.users.get(id) ?? user), $mfa: mfa }
  core.tables.users.set(id, stored as never)
  collection(core.tables, 'user-roles').set(id, { roles: [] })
  return { ...withoutPrivate(stored), password, mfa }
}

function shown({ answered, at, code, customDomain, id, kind, subject, text, to, url, user_id }: OutboxMessage): Json {
  const all = { id, kind, to, at, user_id, subject, text, code, url, customDomain, answered }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as JsonObject
}

function chosen({ parts, query }: AdminCall): readonly OutboxMessage[] {
  const [kind, to] = [query.get('kind'), query.get('to')]
  return parts.outbox.filter((each) => (kind === null || each.kind === kind) && (to === null || each.to === to))
}

function outbox(call: AdminCall): Json {
  return chosen(call).map(shown)
}

function lastMessage(call: AdminCall): Json {
  const message = chosen(call).at(-1)
  if (message === undefined) throw new AdminRefusal(404, 'The outbox holds no such message yet.')
  return shown(message)
}

function answer(how: 'approve' | 'reject'): AdminRoute {
  return ({ names: [id = ''], parts }) => {
    try {
      parts.outbox[how](id === 'last' ? undefined : id)
    } catch (error) {
      throw new AdminRefusal(409, error instanceof Error ? error.message : String(error))
    }
    return undefined
  }
}

function restore({ body, parts }: AdminCall): undefined {
  try {
    parts.reset(body as unknown as SandboxSnapshot)
  } catch (error) {
    throw new AdminRefusal(400, error instanceof Error ? error.message : String(error))
  }
  return undefined
}

function clock({ core }: AdminParts): JsonObject {
  const now = core.clock.now()
  return { now, time: new Date(now).toISOString() }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const MOST_ADVANCE = 10 * 365 * 86_400_000

function advance({ body, parts }: AdminCall): Json {
  const { advance: asked } = body
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(asked)) ?? []
  const milliseconds = typeof asked === 'number' ? asked : Number(amount || Number.NaN) * (UNITS[unit] ?? Number.NaN)
  if (!(milliseconds >= 0 && milliseconds <= MOST_ADVANCE))
    throw new AdminRefusal(400, '"advance" must be milliseconds, or a text such as "90s", "5m", "2h" or "1d".')
  parts.core.clock.advance(milliseconds)
  return clock(parts)
}

function addFault({ body, parts }: AdminCall): Json {
  try {
    parts.faults.add(body as unknown as SandboxFault)
  } catch (error) {
    throw new AdminRefusal(400, error instanceof Error ? error.message : String(error))
  }
  return parts.faults.list.at(-1) as unknown as Json
}

function removeFault({ names: [id = ''], parts }: AdminCall): undefined {
  if (!parts.faults.remove(id)) throw new AdminRefusal(404, `There is no fault ${id} in place.`)
  return undefined
}

function requests({ parts, query }: AdminCall): Json {
  const since = Number(query.get('since') ?? 0)
  if (Number.isNaN(since)) throw new AdminRefusal(400, '"since" must be epoch milliseconds.')
  return parts.requests.filter(({ at }) => at >= since) as unknown as Json
}
