import type { FlowContext, FlowStep, JsonObject, ListPlan, Page, PlanData, Runner } from '../plan/index.ts'
import { planData, ValidationError } from '../plan/index.ts'

/** What reads all items of a list piece by piece, so that no more than a page is held. */
export type PullItems<T> = (context: FlowContext) => AsyncGenerator<T>

/** What `every` takes besides its query. */
export interface EverySettings {
  /** Milliseconds after its beginning at which it looks for records once more that an index showed late. */
  readonly settle?: number
}

/** All users that a query finds, however many. */
export interface EveryUser<T> {
  steps(): readonly FlowStep[]
  readonly pull: PullItems<T>
}

/** What is needed to go on from a user. */
interface Dated {
  readonly user_id?: string
  readonly created_at?: string
}

/** Users of one request: the largest page that Auth0 gives. */
const SIZE = 100
/** Auth0's search shows no more than these of one query. */
const REACH = 1000
/** How late Auth0's search shows a user, at most. */
const SETTLE = 10_000
/** By how much the clocks of the session and the tenant may differ. */
const SKEW = 60_000
/** What `every` says itself. */
const OWN = ['page', 'per_page', 'sort', 'include_totals', 'from', 'take']

const pulls = new WeakMap<object, PullItems<unknown>>()

/** Remembers how the items of a flow are pulled. */
export function pulledBy(flow: object, pull: PullItems<unknown>): void {
  pulls.set(flow, pull)
}

/** How the items of a flow are pulled; nothing for any other. */
export function pullOf(flow: object): PullItems<unknown> | undefined {
  return pulls.get(flow)
}

/**
 * Reads all users that a query finds, from the oldest to the newest: each request asks for those that were created no
 * earlier than the last one that came. So no page number is needed, which ends after 1,000 users, and where others create,
 * change or delete users meanwhile, none moves into a place that was read already. A second look at the newest finds those
 * whom the search showed late.
 *
 * @throws ValidationError for what `every` says itself, such as a page number, and for a time that is none.
 */
export function everyUser<T>(query: JsonObject, runner: Runner, { settle = SETTLE }: EverySettings = {}): EveryUser<T> {
  checkQuery(query, settle)
  const given = withDates(query)
  const plan = (from: string, page: number): PlanData => planData({ op: 'users.list', query: slice(given, from, page) })
  const { q } = query
  const copies =
    typeof q !== 'string' ? 'for a copy of all users an export job takes fewer' : 'an export job takes no q'
  const steps = (): readonly FlowStep[] => [
    {
      purpose: `the oldest ${SIZE} users, then those created since the last that came: one request for ${SIZE} users, however many there are (${copies})`,
      plan: plan('*', 0),
    },
    {
      purpose:
        settle === 0
          ? 'no second look: a user whom the search shows late is missed'
          : `once more those of the last minutes, ${settle / 1000} s after the beginning: the search shows new users late`,
    },
  ]
  const pull: PullItems<T> = async function* (context) {
    const began = runner.now()
    const slices = new Slices<T & Dated>(began - settle - SKEW, began + settle + SKEW)
    const read = (from: string, page: number, key: string): Promise<Page<T & Dated>> =>
      context.run(runner.bind.list<T & Dated>(plan(from, page)) as ListPlan<T & Dated>, { key })
    yield* slices.read('*', read)
    if (settle === 0) return
    const left = began + settle - runner.now()
    if (left > 0) await context.wait(left)
    yield* slices.read(slices.horizon, read)
  }
  return { steps, pull }
}

/** Goes through users by the time of their creation, and keeps the ids that may come once more. */
class Slices<T extends Dated> {
  /** From here on users may be shown late: all ids are kept. */
  readonly horizon: string
  readonly #end: string
  readonly #seen = new Map<string, string>()
  #count = 0

  constructor(horizon: number, end: number) {
    this.horizon = new Date(horizon).toISOString()
    this.#end = new Date(end).toISOString()
  }

  async *read(from: string, ask: (from: string, page: number, key: string) => Promise<Page<T>>): AsyncGenerator<T> {
    let edge = from
    let page = 0
    let taken = 0
    for (;;) {
      this.#count += 1
      const { items, total } = await ask(edge, page, this.#count === 1 ? 'list' : `list, slice ${this.#count}`)
      let fresh = 0
      let last = edge
      for (const item of items) {
        const { user_id: id = '', created_at: created = '' } = item
        if (id === '' || created === '') throw undated()
        last = created
        if (this.#seen.has(id)) continue
        this.#seen.set(id, created)
        fresh += 1
        yield item
      }
      taken += items.length
      const isLast = total === undefined ? fresh === 0 : taken >= total
      if (items.length === 0 || isLast || last > this.#end) return
      if (last === edge) {
        page += 1
        if (page * SIZE >= REACH) throw atOneMoment(edge)
        continue
      }
      edge = last
      page = 0
      taken = 0
      for (const [id, created] of this.#seen) if (created < edge && created < this.horizon) this.#seen.delete(id)
    }
  }
}

function slice(query: JsonObject, from: string, page: number): JsonObject {
  const { q } = query
  const dates = from === '*' ? undefined : `created_at:[${from} TO *]`
  const parts = [typeof q === 'string' && q.trim() !== '' ? (dates === undefined ? q : `(${q})`) : undefined, dates]
  const both = parts.filter((part) => part !== undefined).join(' AND ')
  return {
    ...query,
    ...(both === '' ? {} : { q: both }),
    search_engine: query['search_engine'] ?? 'v3',
    sort: 'created_at:1',
    per_page: SIZE,
    page,
    include_totals: true,
  }
}

/** Fields that are chosen come with the two that reading on needs. */
function withDates(query: JsonObject): JsonObject {
  const { fields, include_fields } = query
  if (typeof fields !== 'string' || fields.trim() === '') return query
  const named = fields.split(',').map((name) => name.trim())
  const needed = ['user_id', 'created_at']
  if (include_fields === false) return { ...query, fields: named.filter((name) => !needed.includes(name)).join(',') }
  return { ...query, fields: [...new Set([...named, ...needed])].join(',') }
}

function checkQuery(query: JsonObject, settle: number): void {
  const own = OWN.find((name) => query[name] !== undefined)
  if (own !== undefined) {
    throw new ValidationError(
      `auth0.users.every(): "${own}" is chosen by every() itself, which reads all users by the time of their creation. Leave it out; auth0.users.list() takes it.`,
      { issues: [{ path: own, rule: 'is chosen by every() itself' }] },
    )
  }
  if (Number.isFinite(settle) && settle >= 0) return
  throw new ValidationError(
    `auth0.users.every(): "settle" must be milliseconds, 0 or more, not ${String(settle)}. Leave it out for ${SETTLE / 1000} seconds.`,
    { issues: [{ path: 'settle', rule: 'must be 0 or more' }] },
  )
}

function undated(): ValidationError {
  const rule = 'must have user_id and created_at'
  return new ValidationError(
    `auth0.users.every(): a user came without user_id or created_at, so that it is not known where to go on. Ask for these fields as well.`,
    { issues: [{ path: 'items', rule }] },
  )
}

function atOneMoment(moment: string): ValidationError {
  const rule = `paging ends after ${REACH} records`
  return new ValidationError(
    `auth0.users.every(): ${REACH} users or more were created at ${moment}, and a search shows no more of them. Narrow q so that it parts them, or export them with auth0.jobs.usersExports.create({ … }).`,
    { issues: [{ path: 'query', rule }] },
  )
}
