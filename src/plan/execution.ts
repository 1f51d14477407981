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

/** What RxJS's `from()` takes: a plan or a flow, which is sent once for each subscription. */
export interface ObservableSource<T> {
  /**
   * A cold observable of what `run()` yields: each subscription sends.
   *
   * @example
   * from(auth0.users(user.user_id).get()).subscribe(console.log)
   */
  '@@observable'(): Subscribable<T>
  /**
   * The same, where a library has defined `Symbol.observable`.
   *
   * @example
   * from(auth0.users(user.user_id).get()).subscribe(console.log)
   */
  [Symbol.observable](): Subscribable<T>
}

/** What RxJS's `from()`, `merge()` and the like take for an observable; it can be subscribed to by a function as well. */
export interface ObservableLike<T> extends Subscribable<T> {
  subscribe(observer?: Observer<T> | ((value: T) => void)): Unsubscribable
  '@@observable'(): Subscribable<T>
  /** The same, where a library has defined `Symbol.observable`. */
  [Symbol.observable](): Subscribable<T>
}

/**
 * Options of `run()`.
 *
 * @example
 * auth0.users(user.user_id).get().run({ signal: AbortSignal.timeout(5000) })
 */
export interface RunOptions {
  /** Aborts the execution. */
  readonly signal?: AbortSignal
  /** Most plans that may wait for the same local rate-limit slot before this one is refused; no limit when left out. */
  readonly maxQueue?: number
}

/**
 * Options of a run of a flow.
 *
 * @example
 * await auth0.roles.create({ name: 'auditor' }).map((role) => role.name).run({ journal: true })
 */
export interface JournalOptions extends RunOptions {
  /**
   * Path of the journal's file, which is made where there is none; `true` for one in memory, `false` for none. When left out,
   * a flow of plans keeps one in memory in a lab and in the console, and none elsewhere.
   */
  readonly journal?: string | boolean
}

/** A run of a flow. */
export interface JournalledExecution<T> extends Execution<T> {
  /**
   * Undoes what the run wrote, last write first, once it has ended; also what a run wrote that failed. What cannot be undone
   * stays: `explain()` and the review name it.
   *
   * @returns How the undo ended.
   * @throws DriftError where somebody has changed since what the run wrote; ConfigurationError where nothing can be undone, and
   *   for a run that keeps no journal.
   * @example
   * const run = auth0.roles.list().each((role) => auth0.roles(role.id).update({ description: 'Seen' })).run({ journal: true })
   * await run
   * console.log((await run.undo()).status)
   */
  undo(): Promise<UndoneRun>
}

/** How an undo ended. */
export interface UndoneRun {
  readonly status: 'done' | 'failed' | 'stopped' | 'drift'
  /** Writes that were sent. */
  readonly written: number
  readonly error?: unknown
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
  /**
   * The plan that runs; absent for a flow.
   *
   * @example
   * console.log(auth0.users(user.user_id).get().run().plan?.op)
   */
  readonly plan?: PlanData
  /**
   * All events so far and to come; each subscriber gets all of them.
   *
   * @example
   * auth0.users(user.user_id).get().run().events.subscribe(({ kind }) => console.log(kind))
   */
  readonly events: ObservableLike<PlanEvent<T>>
  /**
   * As on a promise.
   *
   * @example
   * await auth0.users('auth0|nobody').get().run().catch((error) => console.log(error.kind))
   */
  catch<R = never>(onRejected?: ((reason: TenantlabError) => R | PromiseLike<R>) | null): Promise<T | R>
  /**
   * As on a promise.
   *
   * @example
   * await auth0.users(user.user_id).get().run().finally(() => console.log('done'))
   */
  finally(onFinally?: (() => void) | null): Promise<T>
  /**
   * The value, when it is there; each subscriber gets the same, late ones as well.
   *
   * @example
   * auth0.users(user.user_id).get().run().subscribe({ next: (value) => console.log(value.email) })
   */
  subscribe(observer: Observer<T>): Unsubscribable
  /**
   * Ends the execution; a request in flight is aborted, a wait is left. Awaiting it then rejects.
   *
   * @example
   * const running = auth0.users(user.user_id).get().run()
   * running.abort('not needed any more')
   * await running.outcome()
   */
  abort(reason?: string): void
  /**
   * Waits for the end and tells it as data; never rejects.
   *
   * @example
   * const outcome = await auth0.users(user.user_id).get().run().outcome()
   * console.log(outcome.status === 'ok' ? outcome.value.email : outcome.error.kind)
   */
  outcome(): Promise<Outcome<T>>
  /**
   * For libraries of observables: what `from(execution)` takes.
   *
   * @example
   * from(auth0.users(user.user_id).get().run()).subscribe(console.log)
   */
  '@@observable'(): Subscribable<T>
  /**
   * The same, where a library has defined `Symbol.observable`.
   *
   * @example
   * from(auth0.users(user.user_id).get().run()).subscribe(console.log)
   */
  [Symbol.observable](): Subscribable<T>
}
