import type { OperationRow } from '../../catalogue/index.ts'
import {
  type Applied,
  type JsonObject,
  type Page,
  type PlanData,
  planData,
  type SecretValues,
  type Unsubscribable,
} from '../../plan/index.ts'
import type { Ending, Report } from '../execution.ts'
import type { Caller, Requester } from '../request.ts'
import type { Wanted } from './page-route.ts'
import { notPaged, Pager } from './pager.ts'
import { streamPages } from './stream.ts'

/** Carries out the pages rule: the first page, its first item, or all items up to a number. */
export function collect<T>(
  requester: Requester,
  data: PlanData,
  row: OperationRow,
  secrets: SecretValues,
  report: Report<T>,
  maxQueue: number | undefined,
): Ending {
  if (row.paging === undefined) throw notPaged(data)
  const caller: Caller = { emit: (event) => report.emit(event), signal: report.signal, gate: report.gate, maxQueue }
  const { result, most } = data.repeat?.kind === 'pages' ? data.repeat : { result: 'page' as const, most: undefined }
  const wanted: Wanted = result === 'first' ? { most: 1 } : { most, whole: result === 'items' && most === undefined }
  const items: unknown[] = []
  const limit = most ?? Number.POSITIVE_INFINITY
  const keep = (page: readonly unknown[]): void => {
    for (const item of page) if (items.length < limit) items.push(item)
  }
  const source =
    row.paging.style === 'stream'
      ? new StreamPull<unknown>(requester, data, row, secrets, caller, wanted, keep)
      : new Pager<unknown>(requester, data, row, secrets, caller, wanted, keep)
  const { present, clock } = requester.config
  const done = (value: unknown): void => report.succeed(value as T, clock.now())
  const shown = (value: unknown): unknown => (present === undefined ? value : present(value, row, data))

  const work = async (): Promise<void> => {
    if (result === 'page') return done(await source.next())
    if (result === 'first') {
      const item = (await source.next())?.items[0]
      return done(shown(item))
    }
    while (items.length < limit) if ((await source.next()) === undefined) break
    source.unsubscribe()
    done(shown(items))
  }
  work().catch((error: unknown) => report.fail(error))
  return {
    get applied() {
      return source.applied
    },
    // An interrupt on the twelfth of fifty pages must not lose the eleven before it.
    get partial() {
      return result !== 'items' || items.length === 0
        ? undefined
        : { items: shown([...items]) as unknown[], ...restOf(data, source, items.length) }
    },
    unsubscribe: () => source.unsubscribe(),
  }
}

/** The plan of what is missing: the same list from the page that was asked for last. */
function restOf(data: PlanData, source: { readonly position?: JsonObject | undefined }, got: number) {
  const { position } = source
  if (position === undefined || data.repeat?.kind !== 'pages') return {}
  const { most } = data.repeat
  const repeat = most === undefined ? data.repeat : { ...data.repeat, most: most - got }
  return { next: planData({ ...data, query: position, repeat }) }
}

/** The pages of a stream behind the same interface as those of a list. */
class StreamPull<T> implements Ending {
  readonly applied: Applied = 'no'
  readonly position = undefined
  readonly #received: (items: readonly T[]) => void
  readonly #pages: AsyncGenerator<Page<T>, void> & Unsubscribable

  constructor(
    requester: Requester,
    data: PlanData,
    row: OperationRow,
    secrets: SecretValues,
    caller: Caller,
    wanted: Wanted,
    received: (items: readonly T[]) => void,
  ) {
    this.#received = received
    this.#pages = streamPages<T>(requester, data, row, secrets, caller, wanted)
  }

  async next(): Promise<Page<T> | undefined> {
    const { value } = await this.#pages.next()
    if (value) this.#received(value.items)
    return value ?? undefined
  }

  unsubscribe(): void {
    this.#pages.unsubscribe()
  }
}
