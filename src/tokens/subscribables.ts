import { AsyncResource } from 'node:async_hooks'
import type { Observer, Subscribable, Unsubscribable } from '../plan/index.ts'

const nothing: Unsubscribable = { unsubscribe() {} }

/** Gives a value at once. */
export function given<T>(value: T): Subscribable<T> {
  return {
    subscribe(observer) {
      observer.next?.(value)
      observer.complete?.()
      return nothing
    },
  }
}

/** Fails at once. */
export function failed(error: unknown): Subscribable<never> {
  return {
    subscribe(observer) {
      observer.error?.(error)
      return nothing
    },
  }
}

/** Starts asynchronous work at each subscription; unsubscribing before its end aborts its signal. */
export function working<T>(work: (signal: AbortSignal) => Promise<T>): Subscribable<T> {
  return {
    subscribe(observer) {
      const controller = new AbortController()
      let open = true
      const end = (tell: () => void): void => {
        if (!open) return
        open = false
        tell()
      }
      work(controller.signal).then(
        (value) =>
          end(() => {
            observer.next?.(value)
            observer.complete?.()
          }),
        (error: unknown) => end(() => observer.error?.(error)),
      )
      return { unsubscribe: () => end(() => controller.abort()) }
    },
  }
}

/** The first value of a source as a promise; aborting the signal unsubscribes. */
export function firstOf<T>(source: Subscribable<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false
    let subscription: Unsubscribable | undefined
    const abort = () => {
      settle()
      reject(signal?.reason)
    }
    const settle = () => {
      settled = true
      signal?.removeEventListener('abort', abort)
      subscription?.unsubscribe()
    }
    if (signal?.aborted) return abort()
    signal?.addEventListener('abort', abort)
    subscription = source.subscribe({
      next(value) {
        if (settled) return
        settle()
        resolve(value)
      },
      error(error) {
        if (settled) return
        settle()
        reject(error)
      },
      complete() {
        if (settled) return
        settle()
        reject(new TypeError('The source completed without a value. A transport must give one reply.'))
      },
    })
    if (settled) subscription.unsubscribe()
  })
}

/** How a piece of work ended. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/**
 * One piece of work that several callers wait for. It starts with the first subscriber and is let go of when the last
 * one leaves, so that cancelling one plan does not cancel the token that others wait for. A caller who comes late is told how
 * it ended, and starts it anew where it was let go of. Each is told in the async context in which it subscribed.
 */
export class Flight<T> implements Subscribable<T> {
  readonly #source: Subscribable<T>
  readonly #landed: () => void
  readonly #observers = new Map<Observer<T>, AsyncResource>()
  #subscription: Unsubscribable | undefined
  #outcome: Outcome<T> | undefined
  #left = false

  /** `landed` is called once, before the subscribers are told. */
  constructor(source: Subscribable<T>, landed: () => void) {
    this.#source = source
    this.#landed = landed
  }

  subscribe(observer: Observer<T>): Unsubscribable {
    if (this.#left) return this.#source.subscribe(observer)
    if (this.#outcome !== undefined) {
      tell(observer, this.#outcome)
      return nothing
    }
    const first = this.#observers.size === 0
    this.#observers.set(observer, new AsyncResource('TENANTLAB_TOKEN', { requireManualDestroy: true }))
    if (first) this.#start()
    return {
      unsubscribe: () => {
        if (!this.#observers.delete(observer) || this.#outcome !== undefined || this.#observers.size > 0) return
        this.#left = true
        this.#landed()
        this.#subscription?.unsubscribe()
      },
    }
  }

  #start(): void {
    this.#subscription = this.#source.subscribe({
      next: (value) => this.#end({ value }),
      error: (error) => this.#end({ error }),
    })
  }

  #end(outcome: Outcome<T>): void {
    if (this.#outcome !== undefined || this.#left) return
    this.#outcome = outcome
    const waiting = [...this.#observers]
    this.#observers.clear()
    this.#landed()
    for (const [observer, caller] of waiting) caller.runInAsyncScope(() => tell(observer, outcome))
  }
}

function tell<T>(observer: Observer<T>, outcome: Outcome<T>): void {
  if ('error' in outcome) return observer.error?.(outcome.error)
  observer.next?.(outcome.value)
  observer.complete?.()
}

/**
 * What a promise settles to, unless it takes too long or the signal is aborted.
 *
 * @param ms Milliseconds of the machine's time: a store answers in it, whatever a session's clock says.
 */
export function withTimeout<T>(ms: number, promise: PromiseLike<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      reject(new Error(`no answer within ${ms / 1000} seconds`))
    }, ms)
    if (signal?.aborted) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    const settled = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    promise.then(
      (value) => {
        settled()
        resolve(value)
      },
      (error: unknown) => {
        settled()
        reject(error)
      },
    )
  })
}
