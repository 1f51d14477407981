import { row } from '../../catalogue/index.ts'
import type { ListPlan } from '../../plan/index.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { showError } from '../looks/error.ts'
import { counted, listCard } from '../looks/values.ts'
import { secretPlaces, withoutSecrets } from '../secrets.ts'
import { LiveDisplay, type LiveSurroundings, usualSurroundings } from './live-display.ts'

/** Options of `follow()`. */
export interface FollowOptions {
  /** Most items to wait for; until the list or the stream ends when left out. */
  readonly most?: number
  /** Newest items that the table shows; 20. */
  readonly rows?: number
  /** Ends it; what has come so far is the answer. */
  readonly signal?: AbortSignal
}

const ROWS = 20

/**
 * Follows a list or a stream item by item, such as `auth0.logs.list()` or `auth0.events.subscribe()`, in one table that
 * grows in place. It sends.
 *
 * @returns All items that came.
 * @throws What the list fails with; the table keeps what had come before.
 * @see https://auth0.com/docs/deploy-monitor/logs
 */
export function follow<T>(list: ListPlan<T>, options: FollowOptions = {}): Promise<T[]> {
  return followIn(list, options, usualSurroundings())
}

/** The same in other surroundings, such as those of a test. */
export async function followIn<T>(list: ListPlan<T>, options: FollowOptions, around: LiveSurroundings): Promise<T[]> {
  const { most = Number.POSITIVE_INFINITY, rows = ROWS, signal } = options
  const items: T[] = []
  const state: { status: 'following' | 'done' | 'stopped' | 'failed'; error?: unknown } = { status: 'following' }
  const display = new LiveDisplay(() => tableOf(list.data.op, items, rows, state), around)
  try {
    if (most > 0) {
      for await (const page of list.pages(signal === undefined ? {} : { signal })) {
        items.push(...page.items.slice(0, most - items.length))
        if (items.length >= most) break
        display.change()
      }
    }
    state.status = 'done'
  } catch (error) {
    // Ended on purpose: what has come is the answer.
    if (signal?.aborted === true) state.status = 'stopped'
    else {
      state.status = 'failed'
      state.error = error
      throw error
    }
  } finally {
    display.close()
  }
  return items
}

function tableOf(
  operation: string,
  items: readonly unknown[],
  rows: number,
  { status, error }: { readonly status: string; readonly error?: unknown },
): Look {
  const known = row(operation)
  const places = secretPlaces(known)
  const newest = items.slice(-rows).map((item) => withoutSecrets(item, places))
  const before = items.length - newest.length
  return lookOf(
    () => {
      const title = `${items.length} ${counted(items.length, known)} · ${status}`
      const card = listCard(title, newest, before === 0 ? undefined : `${before} came before these.`)
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
      newest,
      ...(error === undefined ? {} : { error: showError(error).json() }),
    }),
  )
}
