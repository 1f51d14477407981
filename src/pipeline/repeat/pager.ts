import type { OperationRow, Paging } from '../../catalogue/index.ts'
import {
  type Applied,
  isJsonObject,
  type JsonObject,
  type Page,
  type PlanData,
  planData,
  type SecretValues,
  ValidationError,
} from '../../plan/index.ts'
import { pageOf } from '../../wire/index.ts'
import type { Ending } from '../execution.ts'
import type { Caller, Requester } from '../request.ts'
import { makePage } from './page.ts'
import { Sequence } from './sequence.ts'

/** Page size where the answer cannot tell that the server made it smaller: the public cloud's largest. */
const CAREFUL = 50

/** What of a list is wanted. */
export interface Wanted {
  /** Most items; all when left out. */
  readonly most?: number
  /** Whether the caller relies on getting all of them. */
  readonly whole?: boolean
}

/**
 * Pulls a list page by page: by page number, by cursor, or by whichever the operation has. It knows the last page
 * without asking for an empty one where the answer tells enough, and says so when paging cannot reach the rest.
 */
export class Pager<T> implements Ending {
  readonly #requester: Requester
  readonly #data: PlanData
  readonly #row: OperationRow
  readonly #paging: Paging
  readonly #secrets: SecretValues
  readonly #caller: Caller
  readonly #wanted: Wanted
  readonly #sequence: Sequence
  readonly #size: number
  #query: JsonObject | undefined
  #pages = 0
  #collected = 0
  #unreachable: (() => ValidationError) | undefined

  constructor(
    requester: Requester,
    data: PlanData,
    row: OperationRow,
    secrets: SecretValues,
    caller: Caller,
    wanted: Wanted = {},
  ) {
    if (row.paging === undefined) throw notPaged(data)
    this.#requester = requester
    this.#data = data
    this.#row = row
    this.#paging = row.paging
    this.#secrets = secrets
    this.#caller = caller
    this.#wanted = wanted
    this.#sequence = new Sequence(requester, row, secrets, caller)
    const asked = asCount(data.query?.per_page) ?? asCount(data.query?.take)
    const largest = row.paging.most > 0 ? row.paging.most : CAREFUL
    const usual = row.paging.totals || byCursor(row.paging, data.query) ? largest : Math.min(largest, CAREFUL)
    this.#size = asked ?? Math.max(1, Math.min(usual, wanted.most ?? usual))
    this.#query = firstQuery(row.paging, data.query ?? {}, this.#size)
  }

  /** The following page; `undefined` after the last. */
  async next(): Promise<Page<T> | undefined> {
    if (this.#unreachable !== undefined) throw this.#unreachable()
    const query = this.#query
    if (query === undefined) return undefined
    this.#query = undefined
    const { repeat: _, ...rest } = this.#data
    const { value, reply } = await this.#sequence.request({ ...rest, query })
    const content = pageOf<T>(value, this.#paging, reply?.headers)
    this.#pages += 1
    this.#collected += content.items.length
    const following = byCursor(this.#paging, query)
      ? content.next === undefined
        ? undefined
        : { ...query, from: content.next }
      : this.#followingPage(query, content, value)
    this.#query = following
    const { total } = content
    this.#caller.emit({
      kind: 'page',
      at: this.#requester.config.clock.now(),
      page: this.#pages,
      items: content.items.length,
      collected: this.#collected,
      ...(total !== undefined && { total }),
    })
    const next = following === undefined ? undefined : planData({ ...this.#data, query: following })
    return makePage<T>(this.#requester.config, this.#row, this.#data, this.#secrets, content.items, total, next)
  }

  get applied(): Applied {
    return this.#sequence.applied
  }

  unsubscribe(): void {
    this.#sequence.unsubscribe()
  }

  #followingPage(
    query: JsonObject,
    { items, total, start }: { items: unknown[]; total?: number; start?: number },
    value: unknown,
  ): JsonObject | undefined {
    const page = asCount(query.page) ?? 0
    const told = isJsonObject(value) ? asCount(value.limit) : undefined
    const size = told === undefined || told === 0 ? this.#size : Math.min(told, this.#size)
    const end = (start ?? page * size) + items.length
    // A log search tells the length of the page as its total.
    const whole = this.#paging.items === 'logs' ? undefined : total
    if (items.length === 0 || (whole === undefined ? items.length < size : end >= whole)) return undefined
    const { reach } = this.#paging
    if (reach !== undefined && (page + 2) * size > reach) {
      this.#unreachable = () => this.#beyondReach(reach, whole)
      return undefined
    }
    if (reach !== undefined && whole !== undefined && whole > reach && this.#wanted.whole === true) {
      throw this.#beyondReach(reach, whole)
    }
    return { ...query, page: page + 1 }
  }

  #beyondReach(reach: number, total: number | undefined): ValidationError {
    const op = this.#data.op
    const many = total === undefined ? 'there may be more' : `${total} match`
    const next =
      op === 'users.list'
        ? 'Export all of them with auth0.jobs.usersExports.create({ … }) and auth0.jobs(id).finished(), or narrow the list with q, such as a range of created_at.'
        : this.#paging.style === 'logs'
          ? 'Page by checkpoint instead: pass from, the id of a log event, and take.'
          : 'Narrow the query, or take fewer.'
    return new ValidationError(`${op}: paging reaches ${reach} records, and ${many}. ${next}`, {
      plan: this.#data,
      issues: [{ path: 'query', rule: `paging ends after ${reach} records` }],
    })
  }
}

function firstQuery(paging: Paging, query: JsonObject, size: number): JsonObject {
  if (byCursor(paging, query)) return { ...query, take: query.take ?? size }
  const totals: JsonObject = paging.totals && query.include_totals === undefined ? { include_totals: true } : {}
  return { ...query, page: query.page ?? 0, per_page: query.per_page ?? size, ...totals }
}

/** Whether a list is paged by cursor: always, or where both ways exist and the query does not ask for page numbers. */
function byCursor(paging: Paging, query: JsonObject | undefined): boolean {
  if (paging.style === 'checkpoint') return true
  if (paging.style === 'logs') return query?.from !== undefined || query?.take !== undefined
  if (paging.style !== 'both') return false
  return query?.page === undefined && query?.per_page === undefined && query?.include_totals === undefined
}

function asCount(value: unknown): number | undefined {
  const count = typeof value === 'string' ? Number(value) : value
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined
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
