import type { OperationRow } from '../../catalogue/index.ts'
import type { Applied, Page, PlanData, SecretValues, Unsubscribable } from '../../plan/index.ts'
import type { Ending, Report } from '../execution.ts'
import type { Caller, Requester } from '../request.ts'
import { notPaged, Pager, type Wanted } from './pager.ts'
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
  const source =
    row.paging.style === 'stream'
      ? new StreamPull<T>(requester, data, row, secrets, caller, wanted)
      : new Pager<unknown>(requester, data, row, secrets, caller, wanted)
  const { present, clock } = requester.config
  const done = (value: unknown): void => report.succeed(value as T, clock.now())
  const shown = (value: unknown): unknown => (present === undefined ? value : present(value, row, data))

  const work = async (): Promise<void> => {
    if (result === 'page') return done(await source.next())
    if (result === 'first') {
      const item = (await source.next())?.items[0]
      return done(item === undefined ? undefined : shown(item))
    }
    const items: unknown[] = []
    const limit = most ?? Number.POSITIVE_INFINITY
    while (items.length < limit) {
      const page = await source.next()
      if (page === undefined) break
      for (const item of page.items) if (items.length < limit) items.push(item)
    }
    source.unsubscribe()
    done(shown(items))
  }
  work().catch((error: unknown) => report.fail(error))
  return source
}

/** The pages of a stream behind the same interface as those of a list. */
class StreamPull<T> implements Ending {
  readonly applied: Applied = 'no'
  readonly #pages: AsyncGenerator<Page<T>, void> & Unsubscribable

  constructor(
    requester: Requester,
    data: PlanData,
    row: OperationRow,
    secrets: SecretValues,
    caller: Caller,
    wanted: Wanted,
  ) {
    this.#pages = streamPages<T>(requester, data, row, secrets, caller, wanted)
  }

  async next(): Promise<Page<T> | undefined> {
    const { value } = await this.#pages.next()
    return value ?? undefined
  }

  unsubscribe(): void {
    this.#pages.unsubscribe()
  }
}
