import type { Observer, PlanEvent, Subscribable } from '../plan/index.ts'

/** The values among the events of a plan: what `run()` yields. */
export function valuesOf<T>(events: Subscribable<PlanEvent<T>>): Subscribable<T> {
  const values: Subscribable<T> = {
    subscribe(observer: Observer<T>) {
      return events.subscribe({
        next(event) {
          if (event.kind === 'value') observer.next?.(event.value)
        },
        error: (error) => observer.error?.(error),
        complete: () => observer.complete?.(),
      })
    },
  }
  return values
}

/**
 * Lets `Symbol.observable` mean the same as `'@@observable'` on a prototype. Called whenever an object is made, because a
 * library may define the symbol after this module was loaded.
 */
export function giveObservable(prototype: { '@@observable'(): unknown }): void {
  const symbol = (Symbol as { observable?: symbol }).observable
  if (symbol === undefined || Object.hasOwn(prototype, symbol)) return
  Object.defineProperty(prototype, symbol, {
    value(this: { '@@observable'(): unknown }) {
      return this['@@observable']()
    },
    configurable: true,
    writable: true,
  })
}
