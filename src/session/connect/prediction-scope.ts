import { AsyncLocalStorage } from 'node:async_hooks'

let scope: AsyncLocalStorage<true> | undefined

/**
 * Runs work in which no session sends a write: each predicts it instead, also where it was connected to send writes, and
 * also a session that the work only finds, such as one of the notebook around it. What runs beside the work sends on.
 */
export function predictWrites<T>(work: () => T): T {
  scope ??= new AsyncLocalStorage()
  return scope.run(true, work)
}

/** True within such work. */
export function arePredicted(): boolean {
  return scope?.getStore() === true
}
