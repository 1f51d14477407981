import type { MonoTypeOperatorFunction, Observable, OperatorFunction } from 'rxjs'
import {
  ApiError,
  appliedAfter,
  type BasePlan,
  type Execution,
  type Flow,
  isTenantlabError,
  type Page,
  type PlanEvent,
  RateLimitError,
  type Subscribable,
} from '../plan/index.ts'
import { rowOf } from '../wire/index.ts'
import { readersRxjs } from './readers-rxjs.ts'

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
 * flight. A list gives its first page. The values of an execution are replayed and nothing is sent again. What
 * `next(operation)` gives to a stage is taken as well: `(next) => (operation) => observe(next(operation)).pipe(…)`.
 *
 * @param source A plan, a flow, an execution, or anything that can be subscribed to.
 * @returns What `run()` yields, then the end or a `TenantlabError`.
 * @example
 * observe(auth0.users(user.user_id).get()).pipe(map((user) => user.email)).subscribe(console.log)
 */
export function observe<T>(source: BasePlan<T> | Flow<T> | Execution<T> | Subscribable<T>): Observable<T> {
  if ('subscribe' in source) return observable(source, 'observe()')
  const { filter, map } = readersRxjs('observe()')
  return observable(source.events(), 'observe()').pipe(
    filter((event) => event.kind === 'value'),
    map((event) => event.value),
  )
}

/**
 * The events of a plan as an RxJS observable: `token`, `keys`, `wait`, `attempt`, `response`, `retry`, `page`, `value`.
 *
 * @param source A plan or a flow, whose events are cold, or an execution, whose events are replayed.
 * @returns The events, then the end or a `TenantlabError`.
 * @example
 * events(auth0.users.list().all()).pipe(filter(({ kind }) => kind === 'page')).subscribe(console.log)
 */
export function events<T>(source: BasePlan<T> | Flow<T> | Execution<T>): Observable<PlanEvent<T>> {
  return observable(typeof source.events === 'function' ? source.events() : source.events, 'events()')
}

/**
 * How `resend()` tries again.
 *
 * @example
 * observe(auth0.users(user.user_id).get()).pipe(resend({ count: 5, initialDelay: 100 })).subscribe(console.log)
 */
export interface ResendOptions {
  /** Most subscriptions after the first; 3. */
  readonly count?: number
  /** Longest first pause in milliseconds; 500. It doubles with each one, and a random part of it is waited. */
  readonly initialDelay?: number
}

/**
 * An operator that subscribes again after a failure where sending again is safe, by the rule of the stage `retry()`: never
 * where a write may have been carried out, never what the server refused for good.
 *
 * @param options How often, and after which pause.
 * @example
 * observe(auth0.users(user.user_id).get()).pipe(resend({ count: 5 })).subscribe(console.log)
 */
export function resend<T>(options: ResendOptions = {}): MonoTypeOperatorFunction<T> {
  const { count = 3, initialDelay = 500 } = options
  const { retry, throwError, timer } = readersRxjs('resend()')
  return retry({
    count,
    delay(error, number) {
      if (!mayResend(error)) return throwError(() => error)
      const told = error instanceof ApiError && error.retryAt !== undefined ? error.retryAt - Date.now() : 0
      return timer(Math.max(told, Math.random() * initialDelay * 2 ** (number - 1)))
    },
  })
}

function mayResend(error: unknown): boolean {
  if (!isTenantlabError(error)) return false
  const row = error.plan === undefined ? undefined : rowOf(error.plan)
  if (error.kind === 'timeout' || error.kind === 'network') {
    return row === undefined ? error.applied === 'no' : error.applied === 'no' || row.retry === 'idempotent'
  }
  if (error instanceof RateLimitError) return true
  if (!(error instanceof ApiError) || row === undefined) return false
  const passing = error.status === 408 || (error.status >= 500 && error.status !== 501)
  return passing && (row.retry === 'idempotent' || appliedAfter('server', row.effect) === 'no')
}

/**
 * An operator that turns pages into their items, in order.
 *
 * @example
 * from(auth0.users.list().pages()).pipe(pageItems()).subscribe((user) => console.log(user.email))
 */
export function pageItems<T>(): OperatorFunction<Page<T>, T> {
  const { concatMap } = readersRxjs('pageItems()')
  return concatMap((page) => page.items)
}

/** What tells that a job has ended. */
export interface WithStatus {
  readonly status?: string
}

/**
 * An operator that asks for a job again until it is completed or has failed, and gives each state on the way.
 *
 * @param every Milliseconds between two requests; 2000.
 * @example
 * // not run: needs a job
 * observe(auth0.jobs('job_1').get()).pipe(untilFinished()).subscribe((job) => console.log(job.status))
 */
export function untilFinished<T extends WithStatus>(every = 2000): MonoTypeOperatorFunction<T> {
  const { repeat, takeWhile, timer } = readersRxjs('untilFinished()')
  return (source) =>
    source.pipe(
      repeat({ delay: () => timer(Math.max(100, every)) }),
      takeWhile(({ status }) => status !== 'completed' && status !== 'failed', true),
    )
}
