import type { ObservableLike, Observer, PlanEvent, Subscribable } from '../../plan/index.ts'

/** The values among the events of a plan: what `run()` yields. */
export function valuesOf<T>(events: ObservableLike<PlanEvent<T>>): Subscribable<T> {
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
