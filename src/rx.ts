// The entry for readers who use RxJS: the stages of a pipeline of one's own, and plans as RxJS observables.
import type { Observable } from 'rxjs'
import { readersRxjs } from './pipeline/index.ts'
import type { Execution, Flow, Plan, PlanEvent, Subscribable } from './plan/index.ts'

export type { Handler, Operation, Reply, Stage, SupportedOption } from './pipeline/index.ts'
export { customDomain, rateLimit, retry, supports, token } from './pipeline/index.ts'

// Wrapped by hand: RxJS's own from() looks for a symbol that depends on which library was loaded first.
function observable<T>(source: Subscribable<T>, what: string): Observable<T> {
  const { Observable } = readersRxjs(what)
  return new Observable<T>((subscriber) => {
    const subscription = source.subscribe(subscriber)
    return () => subscription.unsubscribe()
  })
}

/**
 * The values of a plan as an RxJS observable: cold, so that each subscription sends; unsubscribing aborts the request in
 * flight. The values of an execution are replayed and nothing is sent again. What `next(operation)` gives to a stage is
 * taken as well: `(next) => (operation) => observe(next(operation)).pipe(…)`.
 *
 * @param source A plan, a flow, an execution, or anything that can be subscribed to.
 * @returns What `run()` yields, then the end or a `TenantlabError`.
 * @throws ConfigurationError where RxJS is not installed.
 */
export function observe<T>(source: Plan<T> | Flow<T> | Execution<T> | Subscribable<T>): Observable<T> {
  return observable('subscribe' in source ? source : source['@@observable'](), 'observe()')
}

/**
 * The events of a plan as an RxJS observable: `token`, `keys`, `wait`, `attempt`, `response`, `retry`, `page`, `value`.
 *
 * @param source A plan or a flow, whose events are cold, or an execution, whose events are replayed.
 * @returns The events, then the end or a `TenantlabError`.
 * @throws ConfigurationError where RxJS is not installed.
 */
export function events<T>(source: Plan<T> | Flow<T> | Execution<T>): Observable<PlanEvent<T>> {
  return observable(typeof source.events === 'function' ? source.events() : source.events, 'events()')
}
