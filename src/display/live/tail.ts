import type { ListPlan, Page } from '../../plan/index.ts'

/** How a tail goes on. */
export interface TailOptions {
  /** Rows that were there before, to begin with. */
  readonly before: number
  /** Ends it. */
  readonly signal: AbortSignal | undefined
  /** Waits before the next question, in milliseconds. */
  pause(): Promise<void>
}

/** What one question found. */
export interface TailStep<T> {
  readonly items: readonly T[]
  /** True for what was there before the tail began. */
  readonly isBefore: boolean
  /** Milliseconds between the newest entry and the answer that had it, on the session's clock. */
  readonly lag?: number
}

type Entry = Readonly<Record<string, unknown>>

/** Most entries of one answer, which Auth0 sets. */
const TAKE = 100
/** So many ids are remembered: an entry that is listed once more lies near the end. */
const REMEMBERED = 2000

/** True for a list that has a tail: entries that are written while it is read, and a cursor to go on from. */
export function hasTail(list: ListPlan<unknown>): boolean {
  return list.data.op === 'logs.list'
}

/** What of a query a cursor does not know: Auth0 ignores it beside `from`. */
export function isFiltered({ data }: ListPlan<unknown>): string | undefined {
  return Object.keys(data.query ?? {}).find((name) => name === 'q' || name === 'search' || name === 'sort')
}

/**
 * Asks again and again for what is newer than the last entry that came, by cursor: entries come oldest first, each once,
 * however many are written between two questions.
 */
export async function* tail<T>(list: ListPlan<T>, options: TailOptions): AsyncGenerator<TailStep<T>, void> {
  const seen = new Remembered()
  const given = list.data.query?.from
  let cursor = typeof given === 'string' ? given : undefined
  if (cursor === undefined) {
    const { page } = await ask(list, { page: 0, per_page: Math.min(Math.max(options.before, 1), TAKE) }, options.signal)
    const items = [...page.items].sort(byId)
    for (const item of items) seen.isNew(item)
    cursor = idOf(items.at(-1))
    yield { items: options.before === 0 ? [] : items.slice(-options.before), isBefore: true }
  }
  for (;;) {
    const { page, at } = await ask(
      list,
      { ...(cursor === undefined ? {} : { from: cursor }), take: TAKE },
      options.signal,
    )
    const items = page.items.filter((item) => seen.isNew(item))
    cursor = idOf(page.items.at(-1)) ?? cursor
    const lag = lagOf(items.at(-1), at)
    yield { items, isBefore: false, ...(lag === undefined ? {} : { lag }) }
    // A full answer has more behind it.
    if (page.items.length < TAKE) await options.pause()
  }
}

async function ask<T>(
  list: ListPlan<T>,
  query: Record<string, string | number>,
  signal: AbortSignal | undefined,
): Promise<{ readonly page: Page<T>; readonly at: number | undefined }> {
  let at: number | undefined
  const running = list.with({ query }).run(signal === undefined ? {} : { signal })
  running.events.subscribe({
    next(event) {
      at = event.at
    },
    // The run itself tells it.
    error() {},
  })
  return { page: await running, at }
}

function lagOf(item: unknown, at: number | undefined): number | undefined {
  const date = Date.parse(String((item as Entry | undefined)?.date))
  return at === undefined || Number.isNaN(date) ? undefined : Math.max(at - date, 0)
}

function idOf(item: unknown): string | undefined {
  const { log_id, _id } = (item ?? {}) as Entry
  const id = log_id ?? _id
  return typeof id === 'string' ? id : undefined
}

/** By id, which is the order of a cursor; dates of one millisecond are equal. */
function byId(a: unknown, b: unknown): number {
  const [one, two] = [idOf(a) ?? '', idOf(b) ?? '']
  return one < two ? -1 : one > two ? 1 : 0
}

class Remembered {
  readonly #ids = new Set<string>()

  /** True the first time that an entry is met; one without an id is always new. */
  isNew(item: unknown): boolean {
    const id = idOf(item)
    if (id === undefined) return true
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    if (this.#ids.size > REMEMBERED) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest)
        break
      }
    }
    return true
  }
}
