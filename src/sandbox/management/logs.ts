import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler, ManagementReply } from '../contract.ts'
import { refuse, refuseQuery, reply } from './answer.ts'
import { integer, page, type Sequence } from './paging.ts'
import { project } from './projection.ts'
import { numberOf, parameter, stringOf } from './records.ts'
import { compileQuery, sorted } from './search/index.ts'

const longestQuery = 8192
const searchRules = {
  bare: ['client_name', 'connection', 'description', 'ip', 'log_id', 'type', 'user_name'],
  caseless: [],
  exactOnly: [],
}

function idOf(event: JsonObject): string {
  return stringOf(event['log_id']) ?? stringOf(event['_id']) ?? ''
}

/** One page of log events by search: newest first, at most a thousand reachable. */
export function logPage(call: ManagementCall, events: readonly JsonObject[]): ManagementReply {
  const { sort } = call.query
  const show = (event: JsonObject): JsonObject => project(call, event)
  const ordered = sort === undefined ? newestFirst(events) : sorted(events.toReversed(), sort)
  return page(call, ordered, { key: 'logs', offset: { least: 0 }, totals: 'total-and-length', window: true, show })
}

/** The events from the last to the first, without a copy of them. */
function newestFirst(events: readonly JsonObject[]): Sequence {
  const { length } = events
  return {
    length,
    slice: (start, end) => events.slice(Math.max(0, length - end), Math.max(0, length - start)).reverse(),
  }
}

/**
 * GET /logs: checkpoint with `from` and `take` (oldest first, a Link header always), else search.
 * Page: https://auth0.com/docs/deploy-monitor/logs/retrieve-log-events-using-mgmt-api
 */
const list: ManagementHandler = (call) => {
  if (call.query['from'] !== undefined || call.query['take'] !== undefined) return checkpoint(call)
  const q = call.query['q'] ?? call.query['search']
  const events = [...call.tenant.tables.logs.values()]
  if (q === undefined || q.trim() === '') return logPage(call, events)
  if (q.length > longestQuery) refuse(414, 'The query string is too long.')
  return logPage(call, events.filter(compileQuery(q, searchRules)))
}

function checkpoint(call: ManagementCall): ManagementReply {
  const take = integer(call, 'take', 50, 1, 100)
  const from = call.query['from'] ?? ''
  if (from !== '' && !/^[\w-]+$/.test(from)) {
    return refuseQuery("Query validation error: 'String is not a log id' on property from.")
  }
  const events = call.tenant.tables.logs.ordered('id', (a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const newer = events.filter((event) => idOf(event) > from).slice(0, take)
  const last = newer.at(-1)
  const next = new URL('/api/v2/logs', call.origin)
  next.searchParams.set('from', last === undefined ? from : idOf(last))
  next.searchParams.set('take', String(take))
  return reply(200, newer, { link: `<${next.href}>; rel="next"` })
}

const get: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  const { logs } = call.tenant.tables
  const event = logs.get(id) ?? [...logs.values()].find((one) => idOf(one) === id)
  return reply(200, event ?? refuse(404, 'The log event does not exist.', 'inexistent_log'))
}

const day = 24 * 60 * 60 * 1000

/** GET /stats/active-users: a bare number, users that logged in within thirty days. */
const activeUsers: ManagementHandler = (call) => {
  const since = call.tenant.clock.now() - 30 * day
  const active = [...call.tenant.tables.users.values()].filter((user) => Date.parse(user.last_login ?? '') >= since)
  return reply(200, active.length)
}

/** GET /stats/daily: logins, signups and leaked passwords per day, counted from the logs. */
const daily: ManagementHandler = (call) => {
  const from = dayOf(call.query['from'], 'from')
  const to = dayOf(call.query['to'], 'to')
  const counts = new Map<string, { logins: number; signups: number; leaked: number; at: string }>()
  for (const event of call.tenant.tables.logs.values()) {
    const at = stringOf(event.date) ?? new Date(numberOf(event.date) ?? 0).toISOString()
    const date = at.slice(0, 10)
    if ((from !== undefined && date < from) || (to !== undefined && date > to)) continue
    const row = counts.get(date) ?? { logins: 0, signups: 0, leaked: 0, at }
    const type = stringOf(event.type)
    counts.set(date, {
      logins: row.logins + (type === 's' ? 1 : 0),
      signups: row.signups + (type === 'ss' ? 1 : 0),
      leaked: row.leaked + (type === 'pwd_leak' ? 1 : 0),
      at,
    })
  }
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  return reply(
    200,
    rows.map(([date, row]) => ({
      date: `${date}T00:00:00.000Z`,
      logins: row.logins,
      signups: row.signups,
      leaked_passwords: row.leaked,
      created_at: `${date}T00:00:00.000Z`,
      updated_at: row.at,
    })),
  )
}

function dayOf(written: string | undefined, name: string): string | undefined {
  if (written === undefined) return undefined
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(written)
  if (parts === null)
    return refuseQuery(`Query validation error: 'String is not a date of the form YYYYMMDD' on property ${name}.`)
  return parts.slice(1).join('-')
}

export const logHandlers: Readonly<Record<string, ManagementHandler>> = {
  'logs.list': list,
  'logs.get': get,
  'stats.getActiveUsersCount': activeUsers,
  'stats.getDaily': daily,
}
