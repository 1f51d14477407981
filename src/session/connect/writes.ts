import { AsyncLocalStorage } from 'node:async_hooks'
import type { OperationRow } from '../../catalogue/index.ts'
import { observable, type RunSetting } from '../../pipeline/index.ts'
import {
  type Diff,
  type Execution,
  isJsonObject,
  isTenantlabError,
  type Json,
  type ObservableLike,
  type Observer,
  type PlanData,
  type PlanEvent,
  planData,
  type Subscribable,
  TenantlabError,
} from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'
import type { Internals, PredictionWatcher } from '../internals.ts'
import { executionOf, type WriteScope, writeScope } from '../plans/index.ts'
import type { Session } from '../session.ts'

// What is told of writes: those that a session has sent, and those that it only predicts.

/** A write that was carried out, or may have been. */
export interface WrittenPlan {
  /** The session that sent it. */
  readonly session: Session
  readonly plan: PlanData
  /** The record before it, where an operation reads it; `null` where there was none. */
  readonly before?: unknown
  /** What it returned; absent where its answer never came. */
  readonly result?: unknown
  /** The run or flow that it is part of; absent for a plan that was run alone. */
  readonly scope?: WriteScope
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
  const scope = writeScope()
  const part = scope !== undefined && { scope }
  let before: unknown
  let left = false
  const note = (result: unknown): void => {
    if (!left) return
    for (const watcher of [...watchers])
      watcher({
        session,
        plan,
        ...(before !== undefined && { before }),
        ...(result !== undefined && { result }),
        ...part,
      })
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

/** Names that the language, libraries and test tools look for on any object; no answer of Auth0 has them. */
const PROTOCOL = /^(then|subscribe|inspect)$|[^a-z0-9_]/

/**
 * What a write would answer, as far as its diff tells: the state after it. What only the server can know, such as the id
 * of a new record, throws when it is read, so that a dry run does not go on with a value that does not exist.
 */
export function predicted(diff: Diff, plan: PlanData, row: OperationRow): unknown {
  const name = plan.op === 'raw' ? (plan.route ?? 'raw') : plan.op
  if (row.merge === 'remove' || (row.statuses.length > 0 && row.statuses.every((status) => status === 204))) {
    return undefined
  }
  if (diff.kind === 'unknown') return placeholder(name, {}, plan, diff.reason)
  if (row.merge === 'create' && isJsonObject(diff.after)) return placeholder(name, diff.after, plan)
  return diff.after
}

/** An object with the members that are known; any other throws, naming the plan. */
function placeholder(name: string, known: Readonly<Record<string, Json>>, plan: PlanData, reason = ''): object {
  return new Proxy(
    { ...known },
    {
      get(target, key, receiver) {
        // Awaiting, subscribing and printing ask for names of their own; they must find an ordinary object.
        if (typeof key === 'symbol' || key in target || PROTOCOL.test(key)) return Reflect.get(target, key, receiver)
        throw new TenantlabError(
          'predicted',
          `The answer of ${name} was predicted, not received, so that its "${key}" is not known.${reason && ` ${reason}`} ` +
            "Connect with writes: 'allow' to send the request, or do without this value.",
          { plan, attempts: 0 },
        )
      },
    },
  )
}

let scope: AsyncLocalStorage<true> | undefined

/**
 * Runs work in which no session sends a write: each predicts it instead, also where it was connected to send writes, and
 * also a session that the work only finds, such as one of the notebook around it. What runs beside the work sends on.
 */
export function predictWrites<T>(work: () => T): T {
  scope ??= new AsyncLocalStorage()
  return scope.run(true, work)
}

/** True within such work. */
export function arePredicted(): boolean {
  return scope?.getStore() === true
}

const predictionWatchers = new Set<PredictionWatcher>()

/** Tells of every write that any session of the process predicts; returns a function that ends it. */
export function watchAllPredictions(watcher: PredictionWatcher): () => void {
  predictionWatchers.add(watcher)
  return () => predictionWatchers.delete(watcher)
}

/** Tells the watchers of a session, and those of all sessions, that a write is predicted. */
export function notePrediction(own: ReadonlySet<PredictionWatcher>, plan: PlanData, diff: Diff): void {
  for (const watcher of [...own, ...predictionWatchers]) watcher(plan, diff)
}
