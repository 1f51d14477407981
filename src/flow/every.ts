import type { FlowContext, FlowStep, JsonObject, ListPlan, Page, PlanData, Runner } from '../plan/index.ts'
import { planData, ValidationError } from '../plan/index.ts'
import { exportUsers, type ReadLines } from './export-users.ts'
import type { PullItems } from './pull.ts'

/** What `every` takes besides its query. */
export interface EverySettings {
  /** Milliseconds after its beginning at which it looks for records once more that an index showed late. */
  readonly settle?: number
  /** Most users; all when left out. */
  readonly most?: number
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
/** How late Auth0's search shows a user, at most. */
const SETTLE = 10_000
/** By how much the clocks of the session and the tenant may differ. */
const SKEW = 60_000
/** Users from which on an export job, of some five requests, is cheaper than pages of 100, although it takes its time. */
const FROM = 5000
/** What `every` says itself. */
const OWN = ['page', 'per_page', 'sort', 'include_totals', 'from', 'take']

/**
 * Reads all users that a query finds, from the oldest to the newest: each request asks for those that were created no
 * earlier than the last one that came. So no page number is needed, which ends after 1,000 users, and where others create,
 * change or delete users meanwhile, none moves into a place that was read already. A second look at the newest finds those
 * whom the search showed late.
 *
 * @throws ValidationError for what `every` says itself, such as a page number, and for a time that is none.
 */
export function everyUser<T>(
  query: JsonObject,
  runner: Runner,
  settings: EverySettings = {},
  exporting?: Exporting,
): EveryUser<T> {
  const { settle = SETTLE, most = Number.POSITIVE_INFINITY } = settings
  checkQuery(query, settle, most)
  const given = withDates(query)
  const plan = (place: Place): PlanData => planData({ op: 'users.list', query: slice(given, place) })
  const against = exporting === undefined ? 'there is nothing to read an export with' : againstExport(query, settings)
  const way =
    against === undefined
      ? `of more than ${FROM} an export job instead, which takes fewer requests`
      : `not by an export job: ${against}`
  const steps = (): readonly FlowStep[] => [
    {
      purpose: `the oldest ${SIZE} users, then those created since the last that came: one request for ${SIZE} users, however many there are; ${way}`,
      plan: plan({ from: '*' }),
    },
    {
      purpose:
        settle === 0
          ? 'no second look: a user whom the search shows late is missed'
          : `once more those of the last minutes, ${settle / 1000} s after the beginning: the search shows new users late`,
    },
  ]
  const read: PullItems<T> = async function* (context, tellTotal) {
    const began = runner.now()
    const slices = new Slices<T & Dated>(began - settle - SKEW, began + settle + SKEW)
    let told = false
    let first: Page<T & Dated> | undefined
    const ask = async (place: Place, key: string): Promise<Page<T & Dated>> => {
      const known = first
      first = undefined
      if (known !== undefined) return known
      const page = await context.run(runner.bind.list<T & Dated>(plan(place)) as ListPlan<T & Dated>, { key })
      // The first slice alone holds all of them.
      if (!told && page.total !== undefined) tellTotal?.(Math.min(page.total, most))
      told = true
      return page
    }
    const mayExport = against === undefined && context.predicts !== true && exporting?.mayWrite() === true
    if (mayExport) {
      first = await ask({ from: '*' }, 'list')
      if ((first.total ?? 0) > FROM) return yield* exported<T>(given, runner, exporting.read, context)
    }
    yield* slices.read('*', ask)
    if (settle === 0) return
    const left = began + settle - runner.now()
    if (left > 0) await context.wait(left)
    yield* slices.read(slices.horizon, ask)
  }
  const pull: PullItems<T> = async function* (context, tellTotal) {
    let count = 0
    for await (const item of read(context, tellTotal)) {
      yield item
      count += 1
      if (count >= most) return
    }
  }
  return { steps, pull }
}

/** What reading by an export job needs. */
export interface Exporting {
  readonly read: ReadLines
  /** Whether the session may make a job. */
  mayWrite(): boolean
}

/** Why users are not read by an export job; nothing where they may be. */
function againstExport(query: JsonObject, { most }: EverySettings): string | undefined {
  const { fields, include_fields } = query
  const other = Object.keys(query).find((name) => name !== 'fields' && name !== 'include_fields')
  if (other !== undefined) return `it takes no ${other}`
  if (typeof fields !== 'string' || fields.trim() === '' || include_fields === false)
    return 'it has the fields alone that are named, and none are'
  if (most !== undefined) return 'no more than some are wanted'
  return undefined
}

async function* exported<T>(
  { fields }: JsonObject,
  runner: Runner,
  read: ReadLines,
  context: FlowContext,
): AsyncGenerator<T> {
  const names = String(fields).split(',')
  const { pull } = exportUsers({ fields: names }, runner, read)
  for await (const line of pull(context)) yield JSON.parse(line) as T
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

  async *read(from: string, ask: (place: Place, key: string) => Promise<Page<T>>): AsyncGenerator<T> {
    let place: Place = { from }
    for (;;) {
      this.#count += 1
      const { items, total } = await ask(place, this.#count === 1 ? 'list' : `list, slice ${this.#count}`)
      let fresh = 0
      for (const item of items) {
        const { user_id: id = '', created_at: created = '' } = item
        if (id === '' || created === '') throw undated()
        if (this.#seen.has(id)) continue
        this.#seen.set(id, created)
        fresh += 1
        yield item
      }
      const last = items.at(-1)
      const ended = last === undefined || (total === undefined ? fresh === 0 : items.length >= total)
      if (place.moment !== undefined) {
        // All of that moment have come; then those after it.
        place = ended ? { after: place.moment } : { moment: place.moment, id: last.user_id ?? '' }
        continue
      }
      if (ended || (last.created_at ?? '') > this.#end) return
      const edge = last.created_at ?? ''
      // More were created at one moment than a page holds: they are told apart by their ids.
      if (edge === place.from) place = { moment: edge }
      else {
        place = { from: edge }
        for (const [id, created] of this.#seen) if (created < edge && created < this.horizon) this.#seen.delete(id)
      }
    }
  }
}

/** Where a request begins: at a time, after one, or at an id among those of one moment. */
interface Place {
  readonly from?: string
  readonly after?: string
  readonly moment?: string
  readonly id?: string
}

function slice(query: JsonObject, { from, after, moment, id }: Place): JsonObject {
  const { q } = query
  const bounds = [
    from !== undefined && from !== '*' && `created_at:[${from} TO *]`,
    after !== undefined && `created_at:{${after} TO *]`,
    moment !== undefined && `created_at:[${moment} TO ${moment}]`,
    id !== undefined && `user_id:["${id}" TO *]`,
  ].filter((bound) => bound !== false)
  const given = typeof q === 'string' && q.trim() !== '' ? [bounds.length === 0 ? q : `(${q})`] : []
  const both = [...given, ...bounds].join(' AND ')
  return {
    ...query,
    ...(both === '' ? {} : { q: both }),
    search_engine: query['search_engine'] ?? 'v3',
    sort: moment === undefined ? 'created_at:1' : 'user_id:1',
    per_page: SIZE,
    page: 0,
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

function checkQuery(query: JsonObject, settle: number, most: number): void {
  const own = OWN.find((name) => query[name] !== undefined)
  if (own !== undefined) {
    throw new ValidationError(
      `auth0.users.every(): "${own}" is chosen by every() itself, which reads all users by the time of their creation. Leave it out; auth0.users.list() takes it.`,
      { issues: [{ path: own, rule: 'is chosen by every() itself' }] },
    )
  }
  if (!(most >= 1)) {
    throw new ValidationError(
      `auth0.users.every(): "most" must be 1 or more, not ${String(most)}. Leave it out for all users.`,
      {
        issues: [{ path: 'most', rule: 'must be 1 or more' }],
      },
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
