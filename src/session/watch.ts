import type { Execution } from '../plan/index.ts'

/** Told of every plan of this process that starts to run, so that a console can cancel it. */
export type ExecutionWatcher = (execution: Execution<unknown>) => void

const watchers = new Set<ExecutionWatcher>()
let interruptions = 0

/** Tells a watcher of every plan that starts; the answer ends it. */
export function watchExecutions(watcher: ExecutionWatcher): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Passes an execution on, and tells the watchers of it. */
export function watched<T>(execution: Execution<T>): Execution<T> {
  for (const watcher of watchers) watcher(execution)
  return execution
}

/** Ends the loops over pages that run now, each before its next page; loops that start later are not touched. */
export function interruptLoops(): void {
  interruptions += 1
}

/** An iteration over pages that `interruptLoops()` ends; `stopped` makes the error that the loop then gets. */
export function interruptible<T>(pages: AsyncIterable<T>, stopped: () => Error): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = pages[Symbol.asyncIterator]()
      const started = interruptions
      return {
        async next() {
          if (interruptions !== started) {
            await iterator.return?.()
            throw stopped()
          }
          return iterator.next()
        },
        async return() {
          return (await iterator.return?.()) ?? { done: true, value: undefined }
        },
      }
    },
  }
}
