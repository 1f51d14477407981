import { row } from '../../catalogue/index.ts'
import { ConfigurationError, type ListPlan } from '../../plan/index.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { chosen, counted, isRecord, listCard, showError } from '../looks/index.ts'
import { secretPlaces, withoutSecrets } from '../secrets.ts'
import { durationText } from '../summary.ts'
import { LiveDisplay, type LiveSurroundings, usualSurroundings } from './live-display.ts'
import { hasTail, isFiltered, tail } from './tail.ts'

/**
 * Options of `follow()`.
 *
 * @example
 * // not run: goes on until it is ended
 * await follow(auth0.logs.list(), { most: 10, rows: 5 })
 */
export interface FollowOptions<T = unknown> {
  /** Most items to wait for; until the list or the stream ends when left out. What a log held before does not count. */
  readonly most?: number
  /** Newest items that the table shows; 20. */
  readonly rows?: number
  /** Members to show, in order; dotted paths reach into records. The most telling when left out. */
  readonly columns?: readonly string[]
  /** Takes an item or leaves it out: `(entry) => entry.type === 'f'`. */
  readonly where?: (item: T) => boolean
  /** Milliseconds between two questions to a log; 1000. */
  readonly every?: number
  /** Ends it; what has come so far is the answer. */
  readonly signal?: AbortSignal
}

const ROWS = 20
const EVERY = 1000

interface State {
  status: 'following' | 'done' | 'stopped' | 'failed'
  error?: unknown
  /** Milliseconds between the newest item and the answer that had it. */
  lag?: number | undefined
  /** What a log held before. */
  before: readonly unknown[]
}

/**
 * Follows a list or a stream item by item in one table that grows in place, the newest at its end. It sends. A list such as
 * `auth0.roles.list()` ends with its last page. `auth0.logs.list()` is followed like a file: it shows the newest entries,
 * then asks for those behind them by cursor until it is ended, so that none is missing and none comes twice, and tells how
 * late they came. `auth0.events.subscribe()` gives events as they happen.
 *
 * @returns All items that came; of a log those that were written since it began.
 * @throws ConfigurationError for a log with a search, which a cursor does not know.
 * @throws What the list fails with; the table keeps what had come before.
 * @see https://auth0.com/docs/deploy-monitor/logs/retrieve-log-events-using-mgmt-api
 * @example
 * const failed = await follow(auth0.logs.list(), { where: ({ type }) => type === 'fp', most: 1, signal: AbortSignal.timeout(200) })
 */
export function follow<T>(list: ListPlan<T>, options: FollowOptions<T> = {}): Promise<T[]> {
  return followIn(list, options, usualSurroundings())
}

/** The same in other surroundings, such as those of a test. */
export async function followIn<T>(
  list: ListPlan<T>,
  options: FollowOptions<T>,
  around: LiveSurroundings,
): Promise<T[]> {
  const { most = Number.POSITIVE_INFINITY, rows = ROWS, where = () => true, signal } = options
  const filter = hasTail(list) ? isFiltered(list) : undefined
  if (filter !== undefined) {
    throw new ConfigurationError(
      `follow(): a log is followed by cursor, beside which Auth0 ignores "${filter}". Leave it out, and choose with follow(auth0.logs.list(), { where: (entry) => entry.type === 'f' }).`,
    )
  }
  const items: T[] = []
  const state: State = { status: 'following', before: [] }
  const display = new LiveDisplay(() => tableOf(list.data.op, items, rows, state, options.columns), around)
  try {
    if (most > 0) {
      for await (const step of stepsOf(list, options, rows)) {
        const taken = step.items.filter(where)
        if (step.isBefore) state.before = taken
        else items.push(...taken.slice(0, most - items.length))
        state.lag = step.lag ?? state.lag
        if (items.length >= most) break
        display.change()
      }
    }
    state.status = 'done'
  } catch (error) {
    // Ended on purpose: what has come is the answer.
    if (signal?.aborted === true) state.status = 'stopped'
    else if (isRecord(error) && error.kind === 'aborted') {
      // An interrupt is how a tail is ended by hand; the cell tells it, and the table has not failed.
      state.status = 'stopped'
      throw error
    } else {
      state.status = 'failed'
      state.error = error
      throw error
    }
  } finally {
    display.close()
  }
  return items
}

interface Step<T> {
  readonly items: readonly T[]
  readonly isBefore?: boolean
  readonly lag?: number
}

function stepsOf<T>(
  list: ListPlan<T>,
  { signal, every = EVERY }: FollowOptions<T>,
  before: number,
): AsyncIterable<Step<T>> {
  if (!hasTail(list)) return list.pages(signal === undefined ? {} : { signal })
  const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises')
  return tail(list, { before, signal, pause: () => sleep(every, undefined, signal === undefined ? {} : { signal }) })
}

function tableOf(
  operation: string,
  items: readonly unknown[],
  rows: number,
  state: State,
  columns: readonly string[] | undefined,
): Look {
  const known = row(operation)
  const places = secretPlaces(known)
  const { status, error, lag } = state
  const all = [...state.before, ...items]
  const newest = all.slice(-rows).map((item) => withoutSecrets(item, places))
  const before = all.length - newest.length
  return lookOf(
    () => {
      const late = lag === undefined ? [] : [`lag ${durationText(lag)}`]
      const title = [`${items.length} ${counted(items.length, known)}`, status, ...late].join(' · ')
      const card = listCard(title, newest, before === 0 ? undefined : `${before} came before these.`, columns)
      if (error === undefined) return { ...card, tone: status === 'done' ? 'good' : 'plain' }
      return {
        ...card,
        tone: 'bad',
        blocks: [...card.blocks, { kind: 'notes', tone: 'bad', notes: [showError(error).line()] }],
      }
    },
    () => ({
      operation,
      status,
      count: items.length,
      newest: columns === undefined ? newest : newest.map((item) => chosen(item, columns)),
      ...(lag === undefined ? {} : { lag }),
      ...(error === undefined ? {} : { error: showError(error).json() }),
    }),
  )
}
