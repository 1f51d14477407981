import type { OperationRow, Paging } from '../../catalogue/index.ts'
import {
  type Applied,
  type JsonObject,
  type Page,
  type PlanData,
  planData,
  type SecretValues,
  ValidationError,
} from '../../plan/index.ts'
import { type PageContent, pageOf, unreadable } from '../../wire/index.ts'
import type { Ending } from '../execution.ts'
import type { Caller, Requester } from '../request.ts'
import type { Reply } from '../stage.ts'
import { makePage } from './page.ts'
import { type PageRoute, pageRoute, type Wanted } from './page-route.ts'
import { Sequence } from './sequence.ts'

/**
 * Pulls a list page by page: by page number, by cursor, or by whichever the operation has. It counts what came, knows the
 * last page without asking for an empty one where the answer tells enough, and says so when paging cannot reach the rest or
 * does not move on.
 */
export class Pager<T> implements Ending {
  readonly #requester: Requester
  readonly #data: PlanData
  readonly #row: OperationRow
  readonly #paging: Paging
  readonly #secrets: SecretValues
  readonly #caller: Caller
  readonly #sequence: Sequence
  readonly #route: PageRoute
  readonly #received: (items: readonly T[]) => void
  #query: JsonObject | undefined
  #pages = 0
  #collected = 0
  #unreachable: (() => ValidationError) | undefined

  /** @param received Gets the items of each page at once, before anything else is told of it. */
  constructor(
    requester: Requester,
    data: PlanData,
    row: OperationRow,
    secrets: SecretValues,
    caller: Caller,
    wanted: Wanted = {},
    received: (items: readonly T[]) => void = () => {},
  ) {
    if (row.paging === undefined) throw notPaged(data)
    this.#received = received
    this.#requester = requester
    this.#data = data
    this.#row = row
    this.#paging = row.paging
    this.#secrets = secrets
    this.#caller = caller
    this.#sequence = new Sequence(requester, row, secrets, caller)
    this.#route = pageRoute(row.paging, data.query ?? {}, wanted)
    this.#query = this.#route.first
  }

  /** The following page; `undefined` after the last. */
  async next(): Promise<Page<T> | undefined> {
    if (this.#unreachable !== undefined) throw this.#unreachable()
    const query = this.#query
    if (query === undefined) return undefined
    const { repeat: _, ...rest } = this.#data
    const { value, reply } = await this.#sequence.request({ ...rest, query })
    const content = this.#read(value, reply)
    this.#pages += 1
    const step = this.#step(content, value, reply)
    // A server that knows no cursor gives the same items once more.
    if (step.repeats === true) content.items.length = 0
    this.#query = step.query
    this.#collected += content.items.length
    this.#received(content.items)
    const { total } = content
    this.#caller.emit({
      kind: 'page',
      at: this.#requester.config.clock.now(),
      page: this.#pages,
      items: content.items.length,
      collected: this.#collected,
      ...(total !== undefined && { total }),
    })
    const following = this.#query
    const next = following === undefined ? undefined : planData({ ...this.#data, query: following })
    return makePage<T>(this.#requester.config, this.#row, this.#data, this.#secrets, content.items, total, next)
  }

  /** The query of the page that is asked for next; `undefined` after the last. */
  get position(): JsonObject | undefined {
    return this.#query
  }

  get applied(): Applied {
    return this.#sequence.applied
  }

  unsubscribe(): void {
    this.#sequence.unsubscribe()
  }

  #read(value: unknown, reply: Reply | undefined): PageContent<T> {
    try {
      return pageOf<T>(value, this.#paging, reply?.headers)
    } catch (cause) {
      throw unreadable(reply, this.#row, this.#data, (cause as Error).message)
    }
  }

  #step(
    content: PageContent<T>,
    value: unknown,
    reply: Reply | undefined,
  ): { readonly query?: JsonObject; readonly repeats?: boolean } {
    const step = this.#route.after(content, value)
    if (step.kind === 'next' || step.kind === 'end') return step
    if (step.kind === 'stuck') {
      throw unreadable(
        reply,
        this.#row,
        this.#data,
        `Page ${this.#pages} ${step.why}, so that paging would never end`,
        'Nothing more was asked for. Run it again; if it stays so, page by hand with page and per_page, or from and take.',
      )
    }
    const wall = (): ValidationError => beyondReach(this.#data, this.#paging, step.reach, step.total)
    if (step.atOnce) throw wall()
    this.#unreachable = wall
    return {}
  }
}

function beyondReach(data: PlanData, paging: Paging, reach: number, total: number | undefined): ValidationError {
  const many = total === undefined ? 'there may be more' : `${total} match`
  const next =
    paging.beyond ??
    (paging.style === 'logs'
      ? 'Page by checkpoint instead: pass from, the id of a log event, and take.'
      : 'Narrow the query, or take fewer.')
  return new ValidationError(`${data.op}: paging reaches ${reach} records, and ${many}. ${next}`, {
    plan: data,
    issues: [{ path: 'query', rule: `paging ends after ${reach} records` }],
  })
}

/** The answer to paging an operation that has no pages. */
export function notPaged(data: PlanData): ValidationError {
  return new ValidationError(
    `${data.op} is no list that pages, so there is nothing to repeat. Run the plan as it is.`,
    {
      plan: data,
      issues: [{ path: 'repeat', rule: 'belongs to lists' }],
    },
  )
}
