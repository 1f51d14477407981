import { AsyncLocalStorage } from 'node:async_hooks'
import type { OperationRow } from '../../catalogue/index.ts'
import { type Diff, isJsonObject, type Json, type PlanData, TenantlabError } from '../../plan/index.ts'
import type { PredictionWatcher } from '../internals.ts'

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

const everywhere = new Set<PredictionWatcher>()

/** Tells of every write that any session of the process predicts; returns a function that ends it. */
export function watchAllPredictions(watcher: PredictionWatcher): () => void {
  everywhere.add(watcher)
  return () => everywhere.delete(watcher)
}

/** Tells the watchers of a session, and those of all sessions, that a write is predicted. */
export function notePrediction(own: ReadonlySet<PredictionWatcher>, plan: PlanData, diff: Diff): void {
  for (const watcher of [...own, ...everywhere]) watcher(plan, diff)
}
