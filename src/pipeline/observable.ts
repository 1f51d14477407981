import { Observable, Subscriber } from 'rxjs'
import type { Clock, ObservableLike, Observer, Subscribable } from '../plan/index.ts'

/** RxJS's view of whatever a transport, a token source or a custom stage gives. */
export function observed<T>(source: Subscribable<T>): Observable<T> {
  if (source instanceof Observable) return source
  return new Observable<T>((subscriber) => {
    const subscription = source.subscribe(subscriber)
    return () => subscription.unsubscribe()
  })
}

/** Subscribes and lets the subscriber end the subscription, whichever library the source is from. */
export function feed<T>(source: Subscribable<T>, subscriber: Subscriber<T>): void {
  if (source instanceof Observable) source.subscribe(subscriber)
  else subscriber.add(source.subscribe(subscriber))
}

/** What to go on with after a source of one value; `undefined` passes its end on as it is. */
export interface Following<T, R> {
  value(value: T): Subscribable<R> | undefined
  error?(error: unknown): Subscribable<R> | undefined
}

/**
 * Goes on from the one value, or the error, of a source with another observable. It is `defer`, `mergeMap` and
 * `catchError` in one operator, since every request passes several of them and each costs memory. The source is made
 * with each subscription, so that subscribing again gets a new one.
 */
export function following<T, R>(source: () => Subscribable<T>, next: Following<T, R>): Observable<R> {
  return new Observable<R>((subscriber) => follow(source(), subscriber, next))
}

/** The same for a subscriber that is there already. */
export function follow<T, R>(source: Subscribable<T>, subscriber: Subscriber<R>, next: Following<T, R>): void {
  feed(source, new FollowingSubscriber(subscriber, next))
}

class FollowingSubscriber<T, R> extends Subscriber<T> {
  readonly #after: Subscriber<R>
  readonly #next: Following<T, R>
  #settled = false

  constructor(after: Subscriber<R>, next: Following<T, R>) {
    super(after)
    this.#after = after
    this.#next = next
  }

  protected override _next(value: T): void {
    if (this.#settled) return
    this.#settled = true
    try {
      const source = this.#next.value(value)
      if (source !== undefined) return feed(source, this.#after)
    } catch (error) {
      return this.#after.error(error)
    }
    this.#after.next(value as unknown as R)
    this.#after.complete()
  }

  protected override _error(error: unknown): void {
    if (this.#settled) return
    this.#settled = true
    try {
      const source = this.#next.error?.(error)
      if (source === undefined) this.#after.error(error)
      else feed(source, this.#after)
    } catch (problem) {
      this.#after.error(problem)
    }
  }

  protected override _complete(): void {
    if (!this.#settled) this.#after.complete()
  }
}

/** A custom observable, for rooms that know no RxJS. */
export function observable<T>(start: ConstructorParameters<typeof Observable<T>>[0]): ObservableLike<T> {
  return observableLike(new Observable<T>(start))
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

/** RxJS's observable under the type that other copies of RxJS take. */
export function observableLike<T>(source: Observable<T>): ObservableLike<T> {
  giveObservable(Observable.prototype as unknown as { '@@observable'(): unknown })
  return source as unknown as ObservableLike<T>
}

/**
 * An observable whose failure need not be handled by each observer: the execution keeps it, and the caller who awaits it gets
 * it. RxJS would raise it as uncaught for every observer of events alone.
 */
export function quiet<T>(source: Observable<T>): ObservableLike<T> {
  const subscribable = {
    subscribe(given?: Observer<T> | ((value: T) => void)) {
      const observer: Observer<T> = typeof given === 'function' ? { next: given } : (given ?? {})
      return source.subscribe({
        next: (value) => observer.next?.(value),
        error: (error: unknown) => observer.error?.(error),
        complete: () => observer.complete?.(),
      })
    },
    '@@observable': (): Subscribable<T> => subscribable,
  }
  giveObservable(subscribable)
  // Has the symbol as well, where a library has defined it.
  return subscribable as unknown as ObservableLike<T>
}

/** True for whatever can be subscribed to. */
export function isSubscribable(value: unknown): value is Subscribable<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { subscribe?: unknown }).subscribe === 'function'
  )
}
