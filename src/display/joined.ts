import { row } from '../catalogue/index.ts'
import {
  type BasePlan,
  ConfigurationError,
  type Flow,
  isTenantlabError,
  type ListPlan,
  type TenantlabError,
  type Work,
} from '../plan/index.ts'
import { isExecution, LiveDisplay, type LiveSurroundings, usualSurroundings } from './live/index.ts'
import { ROWS_DRAWN } from './look.ts'
import { columnsOf, isRecord, showError } from './looks/index.ts'
import { checkShowOptions, rowsIn, rowsLook, type ShowOptions, sorted, sortOf } from './rows.ts'

/** What is read for each row, by the name of its column: a function from the row to a plan or flow that reads. */
export interface JoinedReads<T> {
  readonly [column: string]: (item: T) => Work<unknown> | undefined
}

/**
 * How `show()` draws rows with what else is read for each.
 *
 * @example
 * const roles = (user: { user_id?: string }) => auth0.users(user.user_id ?? '').roles.list()
 * await show(auth0.users.list(), { columns: ['email'], with: { roles } })
 */
export interface JoinOptions<T> extends ShowOptions {
  /** Columns that are read: a list plan gives all its items. A write is refused before it is sent. */
  readonly with: JoinedReads<T>
  /** Most rows that are read for at once; 10. The rate limit of the tenant holds besides. */
  readonly concurrency?: number
}

/** What rows come from. */
export type RowSource<T> = ListPlan<T> | Flow<readonly T[]> | Flow<T[]> | BasePlan<readonly T[]> | readonly T[]

const AT_ONCE = 10

/**
 * Reads rows, and for each that is drawn what its other columns are made of, and draws one table that grows in place.
 * Where a sort does not need all rows, no more are read than are drawn.
 *
 * @throws ConfigurationError where a column is no read.
 */
export async function showJoined<T>(
  source: unknown,
  options: JoinOptions<T>,
  around: LiveSurroundings = usualSurroundings(),
): Promise<void> {
  const { with: reads, concurrency = AT_ONCE, ...drawn } = options
  checkShowOptions(drawn)
  const names = checkReads(reads, concurrency)
  const { limit = ROWS_DRAWN, sort } = drawn
  const order = sortOf(sort)
  const { items, more } = await rowsOf(source, order === undefined ? limit : Number.POSITIVE_INFINITY)
  // A sort by what is read needs it of all rows.
  const sortsRead = order !== undefined && names.includes(order.name)
  const chosen = sortsRead ? items : sorted(items, sort).slice(0, limit)
  const base = drawn.columns ?? columnsOf(chosen)
  const columns = [...base, ...names.filter((name) => !base.includes(name))]
  const rows: Record<string, unknown>[] = chosen.map((item) => (isRecord(item) ? { ...item } : { value: item }))
  const all = more ? 'more' : String(items.length)
  const drawnRows = Math.min(rows.length, limit)
  const count =
    more || drawnRows < items.length
      ? `the first ${drawnRows} of ${all} rows`
      : `${all} ${items.length === 1 ? 'row' : 'rows'}`
  let read = 0
  const display = new LiveDisplay(() => {
    const state = read < rows.length ? ` · ${read} of ${rows.length} read` : ''
    const title = `${drawn.title ?? count}${state}`
    return rowsLook(rows, { ...drawn, columns, title, ...(!sortsRead && { sort: undefined }) })
  }, around)
  try {
    await inTurn(rows, concurrency, async (cells, index) => {
      for (const name of names) cells[name] = await cellOf(name, reads[name]?.(chosen[index] as T))
      read += 1
      display.change()
    })
  } finally {
    display.close()
  }
}

/** Rows of a list or flow, no more than are wanted; whether there are others. */
async function rowsOf(source: unknown, most: number): Promise<{ items: readonly unknown[]; more: boolean }> {
  if (isExecution(source)) return { items: rowsIn(await source), more: false }
  const { [Symbol.asyncIterator]: pull } = (source ?? {}) as Partial<AsyncIterable<unknown>>
  if (pull === undefined) {
    const isWork = typeof (source as Partial<Work<unknown>> | null)?.run === 'function'
    return { items: rowsIn(isWork ? await (source as Work<unknown>).run() : source), more: false }
  }
  const items: unknown[] = []
  for await (const item of source as AsyncIterable<unknown>) {
    if (items.length >= most) return { items, more: true }
    items.push(item)
  }
  return { items, more: false }
}

/** What one cell shows; a failure of its read is its text, and the rows go on. */
async function cellOf(column: string, work: Work<unknown> | undefined): Promise<unknown> {
  if (work === undefined) return undefined
  const read = requireRead(column, work)
  try {
    return await ('pages' in read ? read.all() : read).run()
  } catch (error) {
    if (!isTenantlabError(error) || error.kind === 'aborted') throw error
    return failed(error)
  }
}

function failed(error: TenantlabError): string {
  return showError(error).line()
}

/** Only what reads may be sent for a table. */
function requireRead(column: string, work: Work<unknown>): Work<unknown> | ListPlan<unknown> {
  if (typeof work?.run !== 'function' || 'then' in work) {
    throw new ConfigurationError(
      `show(): the column "${column}" got no plan or flow. Return the plan itself, without run() and without async.`,
    )
  }
  const plans = 'data' in work ? [work.data] : work.explain().steps.map(({ plan }) => plan)
  const known = plans.filter((plan) => plan !== undefined)
  if (known.length < plans.length) {
    throw new ConfigurationError(
      `show(): the column "${column}" is a flow with a function that chooses what is sent, which may be a write. Nothing was sent for it. Use a plan, or a flow of map() and all().`,
    )
  }
  const write = known.find((plan) => {
    const effect = row(plan.op)?.effect ?? (/^GET /.test(plan.route ?? '') ? 'read' : 'write')
    return effect !== 'read'
  })
  if (write === undefined) return work
  throw new ConfigurationError(
    `show(): the column "${column}" would send ${write.op}, which is not a read. Nothing was sent for it. Run it by itself, and show its answer.`,
  )
}

async function inTurn<Row>(
  rows: readonly Row[],
  concurrency: number,
  work: (row: Row, index: number) => Promise<void>,
): Promise<void> {
  const entries = rows.entries()
  const worker = async (): Promise<void> => {
    for (const [index, each] of entries) await work(each, index)
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, rows.length) }, worker))
}

function checkReads(reads: JoinedReads<never>, concurrency: number): readonly string[] {
  const names = Object.keys(reads ?? {})
  const wrong = names.find((name) => typeof reads[name] !== 'function')
  if (wrong !== undefined || names.length === 0) {
    throw new ConfigurationError(
      `show(): "with" has a function for each column${wrong === undefined ? '' : `, and "${wrong}" is none`}. Write with: { roles: (user) => auth0.users(user.user_id).roles.list() }.`,
    )
  }
  if (Number.isInteger(concurrency) && concurrency >= 1) return names
  throw new ConfigurationError('show(): concurrency must be a whole number from 1 up.')
}
