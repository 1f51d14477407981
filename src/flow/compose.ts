import { setMaxListeners } from 'node:events'
import { row } from '../catalogue/index.ts'
import {
  type Collected,
  type EachOptions,
  type Flow,
  type FlowContext,
  type FlowStep,
  type ItemOutcome,
  isTenantlabError,
  type ListPlan,
  type Page,
  type TenantlabError,
  ValidationError,
  type Work,
} from '../plan/index.ts'
import { pullOf } from './every.ts'

/** Makes a flow of its steps and its work; where it is run belongs to who makes it. */
export type MakeFlow = <T>(
  name: string,
  steps: () => readonly FlowStep[],
  work: (context: FlowContext) => Promise<T>,
) => Flow<T>

type Visit<Item, R> = (item: Item, index: number) => Work<R> | undefined

const CONCURRENCY = 20
/** Failures that come from the caller or a person, and not from the tenant: no way leads on from them. */
const STOPS: ReadonlySet<string> = new Set(['aborted', 'decision'])

/** `source`, then what the function returns for its value. */
export function andThen<T, R>(source: Work<T>, next: (value: T) => Work<R> | undefined, make: MakeFlow): Flow<R> {
  const place = `${nameOf(source)}.andThen()`
  requireFunction(place, next)
  const steps = () => [...stepsOf(source), { purpose: 'then what the function returns for its answer' }]
  return make<R>(`${nameOf(source)}, then`, steps, async (context) => {
    const value = await context.run(source)
    const work = next(value)
    if (work === undefined) return undefined as R
    return context.run(requireWork(place, work), { key: nameOf(work) })
  })
}

/** `source` with its value changed. */
export function map<T, R>(source: Work<T>, change: (value: T) => R, make: MakeFlow): Flow<R> {
  const place = `${nameOf(source)}.map()`
  requireFunction(place, change)
  return make<R>(
    nameOf(source),
    () => stepsOf(source),
    async (context) => {
      const value = change(await context.run(source))
      if (isWork(value)) throw misuse(place, 'returned a plan, which would not be run', 'Write andThen() to run it.')
      return value
    },
  )
}

/** `source`, or where it fails what the function returns for the error. */
export function otherwise<T, R>(
  source: Work<T>,
  next: (error: TenantlabError) => Work<R> | R,
  make: MakeFlow,
): Flow<T | R> {
  const place = `${nameOf(source)}.otherwise()`
  requireFunction(place, next)
  const steps = () => [...stepsOf(source), { purpose: 'where that fails, what the function returns for the error' }]
  return make<T | R>(`${nameOf(source)}, otherwise`, steps, async (context) => {
    try {
      return await context.run(source)
    } catch (error) {
      if (!isTenantlabError(error) || STOPS.has(error.kind)) throw error
      context.caught?.(error)
      const instead = next(error)
      if (isWork(instead)) return context.run(instead as Work<R>, { key: nameOf(instead) })
      refusePromise(place, instead)
      return instead as R
    }
  })
}

/** Several parts at once, their values under the same names. */
export function all<T extends object>(parts: { readonly [K in keyof T]: Work<T[K]> }, make: MakeFlow): Flow<T> {
  const named = Object.entries<Work<unknown>>(parts as { [name: string]: Work<unknown> })
  for (const [name, part] of named) {
    if (!isWork(part)) throw misuse('all()', `got "${name}", which is not a plan or flow`, 'Pass plans without run().')
  }
  const steps = () =>
    named.flatMap(([name, part]) => stepsOf(part).map((step) => ({ ...step, purpose: `${name}: ${step.purpose}` })))
  return make<T>(`all of ${named.length}`, steps, async (context) => {
    const outcomes = await visitAll<[string, Work<unknown>], unknown>(named, ([, part]) => part, {}, 'all()', context)
    const values = outcomes.map((outcome, index) => [named[index]?.[0], (outcome as { value: unknown }).value] as const)
    if (Array.isArray(parts)) return values.map(([, value]) => value) as T
    return Object.fromEntries(values) as T
  })
}

/** Once for each item of a list. */
export function each<Item, R>(
  source: Work<readonly Item[]> | ListPlan<Item>,
  visit: Visit<Item, R>,
  options: EachOptions | undefined,
  make: MakeFlow,
): Flow<R[] | Collected<Item, R>> {
  const place = `${nameOf(source)}.each()`
  requireFunction(place, visit)
  checkOptions(place, options)
  const how = options?.concurrency === undefined ? '' : `, ${options.concurrency} at once`
  const steps = () => [
    ...stepsOf(source).map((step) => ({ ...step, purpose: `list: ${step.purpose}` })),
    { purpose: `for each item what the function returns${how}` },
  ]
  return make<R[] | Collected<Item, R>>(`${nameOf(source)}, each`, steps, async (context) => {
    const pull = pullOf(source)
    const items =
      pull !== undefined
        ? (pull(context) as AsyncGenerator<Item>)
        : isListPlan<Item>(source)
          ? itemsOf(source, context)
          : listed<Item>(place, await context.run(source, { key: 'list' }))
    const outcomes = await visitAll(items, visit, options ?? {}, place, context)
    if (options?.onError === 'collect') return collected(outcomes, visit, options, make)
    return outcomes.flatMap((outcome) => (outcome.status === 'ok' ? [outcome.value] : []))
  })
}

/**
 * All items of all pages. Offset pages are read to the end before the first item is visited: what is done to an item
 * may take it out of the list, and the pages behind would move up past the cursor.
 */
async function* itemsOf<Item>(source: ListPlan<Item>, context: FlowContext): AsyncGenerator<Item> {
  const streamed = row(source.data.op)?.paging?.style === 'checkpoint'
  const held: Item[] = []
  let number = 1
  for (let plan: ListPlan<Item> | undefined = source; plan !== undefined; ) {
    const page: Page<Item> = await context.run(plan, { key: number === 1 ? 'list' : `list, page ${number}` })
    number += 1
    if (streamed) yield* page.items
    else held.push(...page.items)
    plan = page.next
  }
  yield* held
}

/** Visits items, several at once, and keeps how each ended, in their order. */
async function visitAll<Item, R>(
  items: Iterable<Item> | AsyncIterable<Item>,
  visit: Visit<Item, R>,
  { concurrency = CONCURRENCY, onError = 'finish' }: EachOptions,
  place: string,
  context: FlowContext,
): Promise<ItemOutcome<Item, R>[]> {
  const outcomes: ItemOutcome<Item, R>[] = []
  const running = new Set<Promise<void>>()
  const stop = new AbortController()
  // Each part that is in flight listens, and there may be any number.
  setMaxListeners(0, stop.signal)
  let failure: { readonly error: unknown } | undefined
  const visitOne = async (item: Item, index: number): Promise<void> => {
    try {
      const work = visit(item, index)
      if (work === undefined) return
      outcomes[index] = {
        status: 'ok',
        item,
        value: await context.run(requireWork(place, work), { key: keyOf(item, index), signal: stop.signal }),
      }
    } catch (error) {
      const collectable = onError === 'collect' && isTenantlabError(error) && !STOPS.has(error.kind)
      if (collectable) {
        context.caught?.(error)
        outcomes[index] = { status: 'error', item, error }
      } else {
        failure ??= { error }
        if (onError === 'stop') stop.abort(error)
      }
    }
  }
  let count = 0
  for await (const item of items) {
    if (failure !== undefined) break
    const visited: Promise<void> = visitOne(item, count++).finally(() => running.delete(visited))
    running.add(visited)
    while (running.size >= Math.min(concurrency, context.most ?? concurrency)) await Promise.race(running)
  }
  await Promise.all(running)
  if (failure !== undefined) throw failure.error
  // An item that was passed over left a hole.
  return outcomes.filter(() => true)
}

function collected<Item, R>(
  outcomes: readonly ItemOutcome<Item, R>[],
  visit: Visit<Item, R>,
  options: EachOptions,
  make: MakeFlow,
): Collected<Item, R> {
  const failed = outcomes.filter((outcome) => outcome.status === 'error').map(({ item }) => item)
  const value = { done: outcomes.length - failed.length, failed: failed.length, outcomes }
  const steps = () => [{ purpose: `for each of the ${failed.length} items that failed what the function returns` }]
  const again = (): Flow<Collected<Item, R>> =>
    make('each, again', steps, async (context) => {
      const next = await visitAll(failed, visit, options, 'again()', context)
      return collected(next, visit, options, make)
    })
  return Object.defineProperty(value, 'again', { value: again }) as Collected<Item, R>
}

/** What is known of a flow before it is run. */
function stepsOf(work: Work<unknown>): readonly FlowStep[] {
  if ('data' in work) return [{ purpose: work.data.route ?? work.data.op, plan: work.data }]
  return work.explain().steps
}

function nameOf(work: Work<unknown>): string {
  return 'data' in work ? work.data.op : work.name
}

function isListPlan<Item>(work: unknown): work is ListPlan<Item> {
  return typeof work === 'object' && work !== null && 'pages' in work && 'take' in work
}

/** True for a plan or a flow, of this copy of the package or another. */
function isWork(value: unknown): value is Work<unknown> {
  if (typeof value !== 'object' || value === null || 'then' in value) return false
  const { run, explain } = value as Partial<Work<unknown>>
  return typeof run === 'function' && typeof explain === 'function'
}

function requireWork<R>(place: string, work: Work<R>): Work<R> {
  if (isWork(work)) return work
  refusePromise(place, work)
  const what = work === null ? 'null' : typeof work === 'object' ? 'an object' : `${typeof work} ${String(work)}`
  throw misuse(
    place,
    `returned ${what}, which is not a plan or flow`,
    'Return a plan, or nothing; map() changes values.',
  )
}

function refusePromise(place: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || typeof (value as { then?: unknown }).then !== 'function') return
  throw misuse(
    place,
    'returned a promise or an execution, so that the flow cannot say, check or stop what it does',
    'Return the plan itself, without run() and without async; the flow runs it.',
  )
}

function listed<Item>(place: string, value: unknown): readonly Item[] {
  if (Array.isArray(value)) return value
  throw misuse(
    place,
    'got a value that is not a list',
    'Use each() on a list plan, or map() the value to an array first.',
  )
}

function requireFunction(place: string, value: unknown): void {
  if (typeof value === 'function') return
  throw misuse(place, `takes a function, not ${typeof value}`, 'Write it as (value) => plan.')
}

function checkOptions(place: string, options: EachOptions | undefined): void {
  for (const key of Object.keys(options ?? {})) {
    if (key !== 'concurrency' && key !== 'onError')
      throw misuse(place, `got the unknown option "${key}"`, 'It takes "concurrency" and "onError".')
  }
  const { concurrency, onError } = options ?? {}
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1))
    throw misuse(place, `got concurrency ${String(concurrency)}`, 'Give a whole number, 1 or more.')
  if (onError !== undefined && !['stop', 'finish', 'collect'].includes(onError))
    throw misuse(place, `got onError "${String(onError)}"`, "Give 'stop', 'finish' or 'collect'.")
}

function misuse(place: string, rule: string, next: string): ValidationError {
  return new ValidationError(`${place}: it ${rule}. ${next}`, { issues: [{ path: place, rule }] })
}

/** What names an item among others, in journals and reviews: its id, where it has one. */
function keyOf(item: unknown, index: number): string {
  if (typeof item === 'string') return item
  if (Array.isArray(item) && typeof item[0] === 'string') return item[0]
  const record = (item ?? {}) as Readonly<Record<string, unknown>>
  const id = record['id'] ?? record['user_id'] ?? record['client_id'] ?? record['name']
  return typeof id === 'string' && id !== '' ? id : `item ${index + 1}`
}
