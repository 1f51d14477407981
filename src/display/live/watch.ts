import type { BasePlan, Execution, Flow, PlanEvent, Subscribable } from '../../plan/index.ts'
import { LiveDisplay, type LiveSurroundings, usualSurroundings } from './live-display.ts'
import { Progress } from './progress.ts'

// A countdown is read in seconds.
const TICK = 1000

/**
 * Runs a plan or a flow, or takes what already runs, and shows its progress in one display that changes in place: count,
 * rate, what is left, retries, waits and the time to the next permitted request. A loop over `events()` that is given is
 * subscribed to, which sends.
 *
 * @param source A plan, a flow, an execution, or the events of a plan.
 * @returns The execution, to await or to abort; for events, a promise of their value.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 * @example
 * await watch(auth0.users(user.user_id).get().run())
 */
export function watch<T>(source: BasePlan<T> | Flow<T> | Execution<T>): Execution<T>
export function watch<T>(source: Subscribable<PlanEvent<T>>): Promise<T>
export function watch<T>(source: BasePlan<T> | Flow<T> | Execution<T> | Subscribable<PlanEvent<T>>): unknown {
  return watchIn(source, usualSurroundings())
}

/** The same in other surroundings, such as those of a test. */
export function watchIn<T>(
  source: BasePlan<T> | Flow<T> | Execution<T> | Subscribable<PlanEvent<T>>,
  around: LiveSurroundings,
): Execution<T> | Promise<T> {
  if (isExecution<T>(source)) return draw(source, source.events, source.plan?.op ?? 'flow', around)
  if ('run' in source) {
    const execution = source.run()
    return draw(execution, execution.events, 'data' in source ? source.data.op : source.name, around)
  }
  return new Promise<T>((resolve, reject) => {
    let value: T | undefined
    const told: Subscribable<PlanEvent<T>> = {
      subscribe: (observer) =>
        source.subscribe({
          next(event) {
            if (event.kind === 'value') value = event.value
            observer.next?.(event)
          },
          error(error) {
            observer.error?.(error)
            reject(error)
          },
          complete() {
            observer.complete?.()
            resolve(value as T)
          },
        }),
    }
    draw(undefined, told, 'events', around)
  })
}

/** True for what `run()` answers, of any copy of this package. */
export function isExecution<T = unknown>(value: unknown): value is Execution<T> {
  if (typeof value !== 'object' || value === null) return false
  const { outcome, abort, events } = value as Partial<Execution<unknown>>
  return typeof outcome === 'function' && typeof abort === 'function' && typeof events?.subscribe === 'function'
}

function draw<T, R>(answer: R, events: Subscribable<PlanEvent<T>>, operation: string, around: LiveSurroundings): R {
  const progress = new Progress(operation, () => around.now())
  const display = new LiveDisplay(() => progress.look(), around)
  let stopTicking: (() => void) | undefined
  const tick = (): void => {
    stopTicking?.()
    stopTicking = undefined
    if (!progress.counts) return
    stopTicking = around.after(TICK, () => {
      display.change()
      tick()
    })
  }
  const end = (): void => {
    stopTicking?.()
    display.close()
  }
  events.subscribe({
    next(event) {
      progress.take(event)
      display.change()
      tick()
    },
    error(error) {
      progress.fail(error)
      end()
    },
    complete() {
      progress.succeed()
      end()
    },
  })
  return answer
}
