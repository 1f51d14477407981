import { filter, map, Observable, ReplaySubject, type TeardownLogic } from 'rxjs'
import {
  AbortedError,
  type Applied,
  type Execution,
  hashPlan,
  host,
  keepPartial,
  type ObservableLike,
  type Observer,
  type Outcome,
  type PartialList,
  type PlanData,
  type PlanEvent,
  type RunningExecution,
  type Subscribable,
  type TenantlabError,
  type Unsubscribable,
} from '../plan/index.ts'
import { asTenantlabError, blame, callSite } from './call-site.ts'
import { giveObservable, observableLike, quiet } from './observable.ts'
import type { Gate } from './stage.ts'

/** Where the work of an execution reports to. */
export interface Report<T> {
  emit(event: PlanEvent<T>): void
  succeed(value: T, at: number): void
  fail(error: unknown): void
  /** The caller's own signal, when there is one. */
  readonly signal: AbortSignal | undefined
  readonly gate: Gate | undefined
}

/** Starts the work of an execution; returns what ends it. */
export type Work<T> = (report: Report<T>) => Ending | undefined

/** Running work: unsubscribing ends it. */
export interface Ending extends Unsubscribable {
  /** Whether the tenant may have carried out what the work has sent so far. */
  readonly applied: Applied
  /** What had come of a list so far. */
  readonly partial?: PartialList | undefined
}

/** What an execution is about, for its messages. */
export interface ExecutionSubject {
  /** Operation id, or the name of a flow. */
  readonly name: string
  readonly plan?: PlanData
  readonly signal?: AbortSignal
  readonly gate?: Gate
  /** Part of other work, which ends it. */
  readonly within?: boolean
  /** Where it was asked for; the calling line when left out, and `null` where somebody else tells that. */
  readonly callSite?: Error | null
}

type State<T> = { kind: 'running' } | { kind: 'ok'; value: T } | { kind: 'error'; error: TenantlabError }

/** The events of an execution, for this file. */
let watchedOf: <T>(execution: WorkExecution<T>) => Observable<PlanEvent<T>>

/**
 * A run of some work, started at once. Its promise, its observable and its outcome are views of the same end, so that
 * the work is done once however often they are asked for.
 */
export class WorkExecution<T> implements Execution<T>, Report<T> {
  readonly plan?: PlanData
  readonly #name: string
  readonly gate: Gate | undefined
  readonly #signal: AbortSignal | undefined
  readonly #site: Error | null
  /** The events so far, until somebody watches: most executions are only awaited. */
  #past: PlanEvent<T>[] = []
  #events: ReplaySubject<PlanEvent<T>> | undefined
  /** What events tell of where they come from. */
  #origin: { readonly operation: string; readonly hash?: string } | undefined
  #state: State<T> = { kind: 'running' }
  #waiting: (() => void)[] | undefined
  #work: Ending | undefined
  #applied: Applied = 'no'
  #onAbort: (() => void) | undefined
  #promise: Promise<T> | undefined
  #attended = false
  #attempted = 0
  #entry: RunningExecution | undefined

  static {
    watchedOf = (execution) => execution.#watched()
  }

  constructor(subject: ExecutionSubject, work: Work<T>) {
    this.#site = subject.callSite === undefined ? callSite(true) : subject.callSite
    giveObservable(WorkExecution.prototype)
    this.#name = subject.name
    const { executions } = host()
    let refusal: Promise<string> | undefined
    if (executions !== undefined && subject.within !== true) {
      const { name: operation, plan } = subject
      this.#entry = { operation, ...(plan && { plan }), abort: (reason) => this.abort(reason) }
      refusal = executions.add(this.#entry)
    }
    this.#signal = subject.signal
    this.gate = subject.gate
    if (subject.plan !== undefined) this.plan = subject.plan
    if (subject.signal !== undefined && !this.#follow(subject.signal)) return
    if (refusal !== undefined) {
      void refusal.then((reason) => this.abort(reason))
      return
    }
    try {
      this.#work = work(this)
      // It may have been aborted from within.
      if (this.#ended) this.#release()
    } catch (error) {
      this.fail(error)
    }
  }

  get signal(): AbortSignal | undefined {
    return this.#signal
  }

  get events(): ObservableLike<PlanEvent<T>> {
    return quiet(this.#watched())
  }

  // biome-ignore lint/suspicious/noThenProperty: an execution is awaitable by contract; a plan is not.
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: TenantlabError) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return this.#asPromise().then(onFulfilled, onRejected)
  }

  catch<R = never>(onRejected?: ((reason: TenantlabError) => R | PromiseLike<R>) | null): Promise<T | R> {
    return this.#asPromise().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#asPromise().finally(onFinally)
  }

  subscribe(observer: Observer<T>): Unsubscribable {
    const values = this.#watched().pipe(
      filter((event) => event.kind === 'value'),
      map((event) => event.value),
    )
    return quiet(values).subscribe(observer)
  }

  '@@observable'(): Subscribable<T> {
    return this
  }

  declare readonly [Symbol.observable]: () => Subscribable<T>

  outcome(): Promise<Outcome<T>> {
    this.#attended = true
    return new Promise((resolve) => {
      this.#whenEnded(() => {
        const state = this.#state
        if (state.kind === 'ok') resolve({ status: 'ok', value: state.value })
        else if (state.kind === 'error') resolve({ status: 'error', error: state.error })
      })
    })
  }

  abort(reason?: string): void {
    if (this.#state.kind !== 'running') return
    const attempts = this.#attempted
    const { applied } = this
    const when = attempts === 0 ? 'before anything was sent' : `during attempt ${attempts}`
    const why = reason === undefined ? '' : `: ${reason.replace(/[.\s]+$/, '')}`
    const next =
      applied === 'maybe'
        ? 'What was sent may have been applied: read the record before you run it again.'
        : `Run it again to ${attempts === 0 ? 'send it' : 'get its answer'}.`
    // A caller who aborts knows: a failure that nobody awaits is no surprise here.
    this.#attended = true
    const plan = this.plan
    const cause: unknown = this.#signal?.aborted === true ? this.#signal.reason : undefined
    this.fail(
      new AbortedError(`${this.#name} was aborted ${when}${why}. ${next}`, {
        attempts,
        applied,
        ...(plan !== undefined && { plan }),
        ...(cause !== undefined && { cause }),
      }),
    )
  }

  emit(event: PlanEvent<T>): void {
    if (this.#state.kind !== 'running') return
    if (event.kind === 'attempt') this.#attempted += 1
    if (this.#events === undefined) this.#past.push(event)
    // An event of a plan within a flow has its origin already.
    else this.#events.next(event.operation === undefined ? Object.assign({}, event, this.#origin) : event)
  }

  succeed(value: T, at: number): void {
    if (this.#state.kind !== 'running') return
    this.emit({ kind: 'value', at, value })
    this.#end({ kind: 'ok', value })
  }

  fail(problem: unknown): void {
    if (this.#state.kind !== 'running') return
    const error = asTenantlabError(problem, this.#name, this.plan)
    const partial = this.#work?.partial
    if (partial !== undefined) keepPartial(error, partial)
    if (this.#site !== null) blame(error, this.#site)
    this.#end({ kind: 'error', error })
    if (!this.#attended) setImmediate(() => this.#rethrow(error))
  }

  #end(state: State<T>): void {
    this.#state = state
    if (this.#entry !== undefined) host().executions?.delete(this.#entry)
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#release()
    if (state.kind === 'error') this.#events?.error(state.error)
    else this.#events?.complete()
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) for (const wake of waiting) wake()
  }

  get #ended(): boolean {
    return this.#state.kind !== 'running'
  }

  /** Whether the tenant may have carried out what was sent so far. */
  get applied(): Applied {
    return this.#work?.applied ?? this.#applied
  }

  #release(): void {
    const work = this.#work
    if (work === undefined) return
    this.#applied = work.applied
    this.#work = undefined
    work.unsubscribe()
  }

  /** All events, so far and to come; the caller who subscribes attends to the end. */
  #watched(): Observable<PlanEvent<T>> {
    return new Observable((subscriber) => {
      this.#attended = true
      this.#events ??= this.#replayed()
      return this.#events.subscribe(subscriber)
    })
  }

  #replayed(): ReplaySubject<PlanEvent<T>> {
    // Made where somebody listens: a hash costs more than all events of a request.
    this.#origin = { operation: this.#name, ...(this.plan && { hash: hashPlan(this.plan) }) }
    const events = new ReplaySubject<PlanEvent<T>>()
    // Not by spreading: Node 20 puts copies that get more members into the old space, with all that they hold.
    for (const event of this.#past)
      events.next(event.operation === undefined ? Object.assign({}, event, this.#origin) : event)
    this.#past = []
    if (this.#state.kind === 'error') events.error(this.#state.error)
    else if (this.#ended) events.complete()
    return events
  }

  #whenEnded(wake: () => void): void {
    if (this.#state.kind !== 'running') return wake()
    this.#waiting ??= []
    this.#waiting.push(wake)
  }

  #asPromise(): Promise<T> {
    this.#attended = true
    this.#promise ??= new Promise((resolve, reject) => {
      this.#whenEnded(() => {
        const state = this.#state
        if (state.kind === 'ok') resolve(state.value)
        else if (state.kind === 'error') reject(state.error)
      })
    })
    return this.#promise
  }

  /** Binds the caller's signal; false when it had ended before. */
  #follow(signal: AbortSignal): boolean {
    const abort = (): void => this.abort(reasonOf(signal))
    if (signal.aborted) {
      abort()
      return false
    }
    this.#onAbort = abort
    signal.addEventListener('abort', abort, { once: true })
    return true
  }

  /** A failure that nobody looks at must not be lost: it becomes an unhandled rejection, with the calling line. */
  #rethrow(error: TenantlabError): void {
    if (!this.#attended) void Promise.reject(error)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { kind } = this.#state
    const state = kind === 'running' ? 'running' : kind === 'ok' ? 'ok' : 'failed'
    return `Execution { ${this.#name}, ${state} } – await it, or subscribe to its events`
  }
}

/** The events of work as a cold observable: each subscription starts it, unsubscribing ends it. */
export function coldEvents<T>(subject: ExecutionSubject, work: Work<T>): ObservableLike<PlanEvent<T>> {
  const events = new Observable<PlanEvent<T>>((sink): TeardownLogic => {
    const execution = new WorkExecution<T>(subject, work)
    const subscription = watchedOf(execution).subscribe(sink)
    return () => {
      subscription.unsubscribe()
      execution.abort('the subscription ended')
    }
  })
  return observableLike(events)
}

function reasonOf(signal: AbortSignal): string | undefined {
  const reason: unknown = signal.reason
  if (typeof reason === 'string') return reason
  if (reason instanceof Error) return reason.name === 'TimeoutError' ? 'the signal timed out' : undefined
  return undefined
}
