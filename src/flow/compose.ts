import { optionFault, row } from '../catalogue/index.ts'
import { giveLook, showCollected } from '../display/index.ts'
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
  refuseArgument,
  type TenantlabError,
  type Work,
} from '../plan/index.ts'
import { pullOf } from './pull.ts'
import { keyOf, type Size, STOPS, type Visit, visitAll } from './visit.ts'
import { isWork, misuse, refusePromise, requireWork } from './work.ts'

/** Makes a flow of its steps and its work; where it is run belongs to who makes it. */
export type MakeFlow = <T>(
  name: string,
  steps: () => readonly FlowStep[],
  work: (context: FlowContext) => Promise<T>,
) => Flow<T>

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
    const outcomes = await visitAll<[string, Work<unknown>], unknown>(
      named,
      ([, part]) => part,
      {},
      { place: 'all()' },
      context,
    )
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
    const size: Size = { place }
    const pull = pullOf(source)
    const items =
      pull !== undefined
        ? (pull(context, (total) => Object.assign(size, { total })) as AsyncGenerator<Item>)
        : isListPlan<Item>(source)
          ? itemsOf(source, context, size)
          : counted(size, listed<Item>(place, await context.run(source, { key: 'list' })))
    const outcomes = await visitAll(items, visit, options ?? {}, size, context)
    if (options?.onError === 'collect') return collected(outcomes, visit, options, make)
    return outcomes.flatMap((outcome) => (outcome.status === 'ok' ? [outcome.value] : []))
  })
}

/**
 * All items of all pages. Offset pages are read to the end before the first item is visited: what is done to an item
 * may take it out of the list, and the pages behind would move up past the cursor.
 */
async function* itemsOf<Item>(source: ListPlan<Item>, context: FlowContext, size: Size): AsyncGenerator<Item> {
  const streamed = row(source.data.op)?.paging?.style === 'checkpoint'
  const held: Item[] = []
  let number = 1
  for (let plan: ListPlan<Item> | undefined = source; plan !== undefined; ) {
    const page: Page<Item> = await context.run(plan, { key: number === 1 ? 'list' : `list, page ${number}` })
    number += 1
    if (page.total !== undefined) size.total = page.total
    if (streamed) yield* page.items
    else held.push(...page.items)
    plan = page.next
  }
  if (!streamed) size.total = held.length
  yield* held
}

function counted<Item>(size: Size, items: readonly Item[]): readonly Item[] {
  size.total = items.length
  return items
}

function collected<Item, R>(
  outcomes: readonly ItemOutcome<Item, R>[],
  visit: Visit<Item, R>,
  options: EachOptions,
  make: MakeFlow,
): Collected<Item, R> {
  const failed = outcomes.filter((outcome) => outcome.status === 'error').map(({ item }) => item)
  const value = { done: outcomes.length - failed.length, failed: failed.length, outcomes }
  giveLook(value, (self) => showCollected(self, keyOf))
  const steps = () => [{ purpose: `for each of the ${failed.length} items that failed what the function returns` }]
  const again = (): Flow<Collected<Item, R>> =>
    make('each, again', steps, async (context) => {
      const next = await visitAll(failed, visit, options, { place: 'again()', total: failed.length }, context)
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
  const fault = optionFault(options ?? {}, ['concurrency', 'onError'])
  if (fault !== undefined) refuseArgument(place, fault)
  const { concurrency, onError } = options ?? {}
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1))
    throw misuse(place, `got concurrency ${String(concurrency)}`, 'Give a whole number, 1 or more.')
  if (onError !== undefined && !['stop', 'finish', 'collect'].includes(onError))
    throw misuse(place, `got onError "${String(onError)}"`, "Give 'stop', 'finish' or 'collect'.")
}
