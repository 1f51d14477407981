// Tightens the token quotas of machine-to-machine applications to what they used in a window, which is last month
// unless told otherwise, with a margin. A quota never grows. Undo restores the quotas of before.
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

/** A search reaches no more log events than this; a window with more of them is read in halves. */
const REACH = 1000
const MINUTE = 60_000

/** First day of this month, or of one so many months away: without a window, last month counts. */
function monthStart(away: number): string {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + away, 1)).toISOString().slice(0, 10)
}

export default defineRunbook({
  name: 'tighten-quotas-by-use',
  description: 'Sets token quotas by the tokens that each application got in a window; undo restores what was there.',
  params: z.object({
    from: z.iso.date().default(monthStart(-1)).describe('first day of the window (UTC)'),
    to: z.iso.date().default(monthStart(0)).describe('first day after the window (UTC)'),
    margin: z.number().min(1).default(1.25).describe('quota as a multiple of the busiest day and the busiest hour'),
    least: z.number().int().positive().default(10).describe('no quota is smaller than this'),
    enforce: z.boolean().default(true).describe('refuse tokens beyond the quota, instead of only logging it'),
  }),
  async *steps({ auth0, params, step, say }) {
    const { margin, least, enforce } = params
    const [start, end] = [Date.parse(params.from), Date.parse(params.to)]
    if (start >= end)
      throw new Error(`The window ends (${params.to}) before it begins (${params.from}). Swap --from and --to.`)
    // Tokens by application and hour: counts, since a month has more tokens than there is memory.
    const uses = new Map<string, Map<string, number>>()
    const windows: [number, number][] = [[start, end]]
    for (let window = windows.pop(); window !== undefined; window = windows.pop()) {
      const [from, to] = window.map((time) => new Date(time).toISOString())
      const rows = yield* step(
        `read logs ${from} to ${to}`,
        auth0.logs
          .list({
            search: `type:"seccft" AND date:["${from}" TO "${to}"]`,
            sort: 'date:1',
            fields: 'log_id,date,client_id',
            include_fields: true,
            per_page: 100,
          })
          .take(REACH),
        { volatile: true },
      )
      if (rows.length >= REACH) {
        if (window[1] - window[0] <= MINUTE)
          throw new Error(`${REACH} tokens or more were issued in a minute (${from}). Count them in a log stream.`)
        const middle = Math.floor((window[0] + window[1]) / 2)
        windows.push([middle, window[1]], [window[0], middle])
        continue
      }
      // Both ends of a window belong to its search, so that an event between two windows comes twice.
      for (const { client_id, date } of rows) {
        const at = Date.parse(String(date))
        if (at >= window[1]) continue
        const hours = uses.get(String(client_id)) ?? new Map<string, number>()
        const hour = new Date(at).toISOString().slice(0, 13)
        uses.set(String(client_id), hours.set(hour, (hours.get(hour) ?? 0) + 1))
      }
    }
    const clients = yield* step(
      'read applications',
      auth0.clients.list({ fields: 'client_id,name,token_quota', include_fields: true }).all(),
      { volatile: true },
    )
    let asked = false
    for (const { client_id: id = '', name, token_quota } of clients) {
      const hours = uses.get(id)
      if (hours === undefined) continue
      const now = token_quota?.client_credentials
      const proposal = (used: number, present = Number.POSITIVE_INFINITY) =>
        Math.min(present, Math.max(least, Math.ceil(used * margin)))
      const per_day = proposal(busiest(hours, 10), now?.per_day)
      const per_hour = proposal(busiest(hours, 13), now?.per_hour)
      const tokens = [...hours.values()].reduce((sum, count) => sum + count, 0)
      say(`${name}: ${tokens} tokens; at most ${per_day} a day and ${per_hour} an hour from now on`)
      const same = now?.per_day === per_day && now?.per_hour === per_hour && (now?.enforce ?? true) === enforce
      yield* step(
        `quota ${id}`,
        auth0.clients(id).update({ token_quota: { client_credentials: { per_day, per_hour, enforce } } }),
        {
          when: !same,
          tags: ['quota'],
          confirm: enforce && !same && !asked && 'Tokens beyond the new quotas are refused. Set them?',
          undo: auth0.clients(id).update({ token_quota: token_quota ?? null }),
        },
      )
      asked ||= !same
    }
  },
})

/** Most tokens of one day (10 characters of the hour) or of one hour (13), as quotas are counted: by the UTC clock. */
function busiest(hours: ReadonlyMap<string, number>, characters: number): number {
  const counts = new Map<string, number>()
  for (const [hour, count] of hours) {
    const key = hour.slice(0, characters)
    counts.set(key, (counts.get(key) ?? 0) + count)
  }
  return Math.max(...counts.values())
}
