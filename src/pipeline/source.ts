import type { Observer, Subscribable, Unsubscribable } from '../plan/index.ts'

/** What ends the work behind a subscription. */
export type Teardown = Unsubscribable | (() => void) | undefined

/**
 * The receiving end of one subscription: passes nothing on after the end, and runs the teardown once. It is itself an
 * observer, so that a stage that changes nothing on the way back can hand it on.
 */
export class Sink<T> implements Observer<T>, Unsubscribable {
  #observer: Observer<T> | undefined
  #teardown: Teardown

  constructor(observer: Observer<T>) {
    this.#observer = observer
  }

  get closed(): boolean {
    return this.#observer === undefined
  }

  next(value: T): void {
    this.#observer?.next?.(value)
  }

  error(error: unknown): void {
    const observer = this.#observer
    if (observer === undefined) return
    this.#observer = undefined
    this.#end()
    observer.error?.(error)
  }

  complete(): void {
    const observer = this.#observer
    if (observer === undefined) return
    this.#observer = undefined
    this.#end()
    observer.complete?.()
  }

  unsubscribe(): void {
    if (this.#observer === undefined) return
    this.#observer = undefined
    this.#end()
  }

  /** Replaces the teardown; run at once when the subscription has already ended. */
  own(teardown: Teardown): void {
    this.#teardown = teardown
    if (this.#observer === undefined) this.#end()
  }

  #end(): void {
    const teardown = this.#teardown
    if (teardown === undefined) return
    this.#teardown = undefined
    if (typeof teardown === 'function') teardown()
    else teardown.unsubscribe()
  }
}

/**
 * A cold observable: each subscription calls `start`. It is the smallest thing that keeps the observable contract, since
 * every request passes through several of them; RxJS takes it through `from()`.
 */
export class Source<T> implements Subscribable<T> {
  readonly #start: (sink: Sink<T>) => Teardown

  constructor(start: (sink: Sink<T>) => Teardown) {
    this.#start = start
  }

  subscribe(observer: Observer<T>): Unsubscribable {
    const sink = new Sink(observer)
    try {
      const teardown = this.#start(sink)
      if (teardown !== undefined) sink.own(teardown)
    } catch (error) {
      sink.error(error)
    }
    return sink
  }

  '@@observable'(): Subscribable<T> {
    return this
  }
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
giveObservable(Source.prototype)

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

/** Gives the error to the machine's last handler instead of to the code that happened to be running. */
export function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
