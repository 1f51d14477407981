import { setMaxListeners } from 'node:events'
import { type EachOptions, type FlowContext, type ItemOutcome, isTenantlabError, type Work } from '../plan/index.ts'
import { requireWork } from './work.ts'

/** What is done for an item; nothing to pass it over. */
export type Visit<Item, R> = (item: Item, index: number) => Work<R> | undefined

/** What is known of the items that are visited. */
export interface Size {
  /** The call, for messages. */
  readonly place: string
  /** How many there are, as soon as that is known. */
  total?: number
}

const CONCURRENCY = 20
/** Failures that come from the caller or a person, and not from the tenant: no way leads on from them. */
export const STOPS: ReadonlySet<string> = new Set(['aborted', 'decision'])
/** Least milliseconds between two counts that are told. */
const PACE = 100

/** Visits items, several at once, and keeps how each ended, in their order. */
export async function visitAll<Item, R>(
  items: Iterable<Item> | AsyncIterable<Item>,
  visit: Visit<Item, R>,
  { concurrency = CONCURRENCY, onError = 'finish' }: EachOptions,
  size: Size,
  context: FlowContext,
): Promise<ItemOutcome<Item, R>[]> {
  const outcomes: ItemOutcome<Item, R>[] = []
  const width = Math.min(concurrency, context.most ?? concurrency)
  const stop = onError === 'stop' ? new AbortController() : undefined
  // Each part that is in flight listens, and there may be any number.
  if (stop !== undefined) setMaxListeners(0, stop.signal)
  const signal = stop === undefined ? undefined : { signal: stop.signal }
  let failure: { readonly error: unknown } | undefined
  let running = 0
  let wake: (() => void) | undefined
  const ended = new Counted(size, context)
  const visitOne = async (item: Item, index: number): Promise<void> => {
    try {
      const work = visit(item, index)
      if (work === undefined) return
      const value = await context.run(requireWork(size.place, work), {
        key: keyOf(item, index),
        bounded: true,
        ...signal,
      })
      outcomes[index] = { status: 'ok', item, value }
      ended.well()
    } catch (error) {
      if (onError === 'collect' && isTenantlabError(error) && !STOPS.has(error.kind)) {
        context.caught?.(error)
        outcomes[index] = { status: 'error', item, error }
      } else {
        failure ??= { error }
        stop?.abort(error)
      }
      ended.badly()
    } finally {
      running -= 1
      wake?.()
    }
  }
  const oneEnds = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })
  let count = 0
  for await (const item of items) {
    if (failure !== undefined) break
    running += 1
    void visitOne(item, count++)
    while (running >= width) await oneEnds()
  }
  while (running > 0) await oneEnds()
  ended.tell()
  if (failure !== undefined) throw failure.error
  // An item that was passed over left a hole.
  return outcomes.filter(() => true)
}

/** Counts the items that have ended, and tells it now and then. */
class Counted {
  readonly #size: Size
  readonly #context: FlowContext
  #done = 0
  #failed = 0
  #told = Number.NEGATIVE_INFINITY

  constructor(size: Size, context: FlowContext) {
    this.#size = size
    this.#context = context
  }

  well(): void {
    this.#done += 1
    this.#tellAtPace()
  }

  badly(): void {
    this.#failed += 1
    this.#tellAtPace()
  }

  tell(): void {
    const { total } = this.#size
    this.#told = performance.now()
    this.#context.reached?.({ done: this.#done, failed: this.#failed, ...(total !== undefined && { total }) })
  }

  #tellAtPace(): void {
    if (this.#context.reached !== undefined && performance.now() - this.#told >= PACE) this.tell()
  }
}

/** What names an item among others, in journals and reviews: its id, where it has one. */
export function keyOf(item: unknown, index: number): string {
  if (typeof item === 'string') return item
  if (Array.isArray(item) && typeof item[0] === 'string') return item[0]
  const record = (item ?? {}) as Readonly<Record<string, unknown>>
  const id = record['id'] ?? record['user_id'] ?? record['client_id'] ?? record['name']
  return typeof id === 'string' && id !== '' ? id : `item ${index + 1}`
}
