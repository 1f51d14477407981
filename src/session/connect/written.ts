import { observable, type RunSetting } from '../../pipeline/index.ts'
import {
  type Execution,
  isTenantlabError,
  type ObservableLike,
  type Observer,
  type PlanData,
  type PlanEvent,
  planData,
  type Subscribable,
} from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'
import type { Internals } from '../internals.ts'
import { executionOf } from '../plans/index.ts'
import type { Session } from '../session.ts'

/** A write that was carried out, or may have been. */
export interface WrittenPlan {
  /** The session that sent it. */
  readonly session: Session
  readonly plan: PlanData
  /** The record before it, where an operation reads it; `null` where there was none. */
  readonly before?: unknown
  /** What it returned; absent where its answer never came. */
  readonly result?: unknown
}

/** Hears of every write that a session of this process has sent. */
export type WriteWatcher = (written: WrittenPlan) => void

const watchers = new Set<WriteWatcher>()

/**
 * Tells of every write that any session of the process sends from now on, however it is run: alone, within a flow, by a
 * runbook. Before a change leaves, the record that it changes is read. Returns a function that ends it.
 */
export function watchWrites(watcher: WriteWatcher): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** How one write is watched. */
export interface WatchedWrite {
  readonly setting: RunSetting
  follow<T>(execution: Execution<T>): Execution<T>
  watch<T>(events: Subscribable<PlanEvent<T>>): ObservableLike<PlanEvent<T>>
}

/** Watches a plan that writes; nothing where nobody watches, or the plan writes nothing. */
export function watchedWrite(internals: Internals, plan: PlanData, setting: RunSetting): WatchedWrite | undefined {
  if (watchers.size === 0 || internals.session === undefined) return undefined
  const row = rowOf(plan)
  if (row.effect !== 'write') return undefined
  const { session } = internals
  let before: unknown
  let left = false
  const note = (result: unknown): void => {
    if (!left) return
    for (const watcher of [...watchers])
      watcher({ session, plan, ...(before !== undefined && { before }), ...(result !== undefined && { result }) })
  }
  const observer: Observer<PlanEvent<unknown>> = {
    next(event) {
      if (event.kind === 'value') note(event.value)
    },
    error(error) {
      if (isTenantlabError(error) && error.applied === 'maybe') note(undefined)
    },
  }
  return {
    setting: {
      ...setting,
      async gate(sent) {
        if (row.twin !== undefined && row.merge !== 'create' && !left)
          before = await recordBefore(internals, plan, row.twin)
        await setting.gate?.(sent)
        left = true
      },
    },
    follow(execution) {
      execution.events.subscribe(observer)
      return execution
    },
    watch: (events) =>
      observable((sink) =>
        events.subscribe({
          next(event) {
            observer.next?.(event)
            sink.next(event)
          },
          error(error) {
            observer.error?.(error)
            sink.error(error)
          },
          complete: () => sink.complete(),
        }),
      ),
  }
}

/** The record that a write is about to change; `undefined` where it cannot be read. */
async function recordBefore(internals: Internals, { params }: PlanData, twin: string): Promise<unknown> {
  const read = internals.bind(planData({ op: twin, ...(params && { params }) }))
  const outcome = await executionOf(read, { within: true, callSite: null }).outcome()
  if (outcome.status === 'ok') return outcome.value
  return (outcome.error as { status?: number }).status === 404 ? null : undefined
}
