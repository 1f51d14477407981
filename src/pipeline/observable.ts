import { Observable, type Subscriber, throwError } from 'rxjs'
import type { Clock, Observer, Subscribable, Unsubscribable } from '../plan/index.ts'

/** RxJS's view of whatever a transport, a token source or a stage of one's own gives. */
export function observed<T>(source: Subscribable<T>): Observable<T> {
  if (source instanceof Observable) return source
  return new Observable<T>((subscriber) => {
    const subscription = source.subscribe(subscriber)
    return () => subscription.unsubscribe()
  })
}

/** What to go on with after a source of one value; `undefined` passes its end on as it is. */
export interface Following<T, R> {
  value(value: T): Subscribable<R> | undefined
  error?(error: unknown): Subscribable<R> | undefined
}

/**
 * Goes on from the one value, or the error, of a source with another observable. It is `mergeMap` and `catchError` in
 * one operator, since every request passes several of them and each costs memory.
 */
export function following<T, R>(source: Subscribable<T>, next: Following<T, R>): Observable<R> {
  return new Observable<R>((subscriber) => new FollowingSubscription(subscriber, source, next))
}

class FollowingSubscription<T, R> implements Observer<T>, Unsubscribable {
  readonly #subscriber: Subscriber<R>
  readonly #next: Following<T, R>
  #running: Unsubscribable | undefined
  #settled = false

  constructor(subscriber: Subscriber<R>, source: Subscribable<T>, next: Following<T, R>) {
    this.#subscriber = subscriber
    this.#next = next
    const first = source.subscribe(this)
    if (!this.#settled) this.#running = first
  }

  next(value: T): void {
    if (this.#settled) return
    this.#settled = true
    const after = this.#ask(() => this.#next.value(value))
    if (after !== undefined) return this.#goOn(after)
    this.#subscriber.next(value as unknown as R)
    this.#subscriber.complete()
  }

  error(error: unknown): void {
    if (this.#settled) return
    this.#settled = true
    const after = this.#ask(() => this.#next.error?.(error))
    if (after !== undefined) this.#goOn(after)
    else this.#subscriber.error(error)
  }

  complete(): void {
    if (!this.#settled) this.#subscriber.complete()
  }

  unsubscribe(): void {
    this.#settled = true
    this.#running?.unsubscribe()
  }

  #ask(decide: () => Subscribable<R> | undefined): Subscribable<R> | undefined {
    try {
      return decide()
    } catch (error) {
      return throwError(() => error)
    }
  }

  #goOn(after: Subscribable<R>): void {
    this.#running = after.subscribe(this.#subscriber)
  }
}

/** An observable of one's own, for rooms that know no RxJS. */
export function observable<T>(start: ConstructorParameters<typeof Observable<T>>[0]): Subscribable<T> {
  return new Observable<T>(start)
}

/** Emits once after `ms` milliseconds of the session's clock; unsubscribing stops the clock's timer. */
export function after(clock: Clock, ms: number): Observable<void> {
  return new Observable((subscriber) =>
    clock.after(ms, () => {
      subscriber.next()
      subscriber.complete()
    }),
  )
}

/**
 * Lets `Symbol.observable` mean the same as `'@@observable'` on a prototype. A library may define the symbol after this
 * module was loaded, so it is asked for whenever an object is made that such a library may get.
 */
export function giveObservable(prototype: { '@@observable'(): unknown }): void {
  const symbol: symbol | undefined = Symbol.observable
  if (symbol === undefined || Object.hasOwn(prototype, symbol)) return
  Object.defineProperty(prototype, symbol, {
    value(this: { '@@observable'(): unknown }) {
      return this['@@observable']()
    },
    configurable: true,
    writable: true,
  })
}

/** True for whatever can be subscribed to. */
export function isSubscribable(value: unknown): value is Subscribable<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { subscribe?: unknown }).subscribe === 'function'
  )
}

/** True for a promise of any make. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
