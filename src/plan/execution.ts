import type { PlanEvent } from './events.ts'
import type { PlanData } from './plan-data.ts'
import type { TenantlabError } from './tenantlab-error.ts'

declare global {
  interface SymbolConstructor {
    /** Declared as RxJS declares it, so that its `from()` takes plans; nobody here defines it. */
    readonly observable: symbol
  }
}

/** Receives what a `Subscribable` gives. */
export interface Observer<T> {
  next?(value: T): void
  error?(error: unknown): void
  complete?(): void
}

/** Ends a subscription; a request in flight is aborted. */
export interface Unsubscribable {
  unsubscribe(): void
}

/** The least common interface of observables; RxJS `from()` and `firstValueFrom()` take it. */
export interface Subscribable<T> {
  subscribe(observer: Observer<T>): Unsubscribable
}

/** What RxJS's `from()`, `merge()` and the like take for an observable; it can be subscribed to by a function as well. */
export interface ObservableLike<T> extends Subscribable<T> {
  subscribe(observer?: Observer<T> | ((value: T) => void)): Unsubscribable
  '@@observable'(): Subscribable<T>
  /** The same, where a library has defined `Symbol.observable`. */
  [Symbol.observable](): Subscribable<T>
}

/** Options of `run()`. */
export interface RunOptions {
  /** Aborts the execution. */
  readonly signal?: AbortSignal
  /** Most plans that may wait for the same local rate-limit slot before this one is refused; no limit when left out. */
  readonly maxQueue?: number
}

/** How an execution ended. */
export type Outcome<T> = OutcomeOk<T> | OutcomeError

/** The execution ended in a value. */
export interface OutcomeOk<T> {
  readonly status: 'ok'
  readonly value: T
}

/** The execution ended in an error. */
export interface OutcomeError {
  readonly status: 'error'
  readonly error: TenantlabError
}

/** A run of a plan: started at once, sent once, awaitable and subscribable any number of times with the same answer. */
export interface Execution<T> extends PromiseLike<T> {
  /** The plan that runs; absent for a flow. */
  readonly plan?: PlanData
  /** All events so far and to come; each subscriber gets all of them. */
  readonly events: ObservableLike<PlanEvent<T>>
  catch<R = never>(onRejected?: ((reason: TenantlabError) => R | PromiseLike<R>) | null): Promise<T | R>
  finally(onFinally?: (() => void) | null): Promise<T>
  subscribe(observer: Observer<T>): Unsubscribable
  /** Ends the execution; a request in flight is aborted, a wait is left. Awaiting it then rejects. */
  abort(reason?: string): void
  /** Waits for the end and tells it as data; never rejects. */
  outcome(): Promise<Outcome<T>>
  '@@observable'(): Subscribable<T>
  /** The same, where a library has defined `Symbol.observable`. */
  [Symbol.observable](): Subscribable<T>
}
