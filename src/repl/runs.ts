import type { Execution } from '../plan/index.ts'
import { interruptLoops, watchExecutions } from '../session/index.ts'

/** What is interrupted stops being waited for. */
export const INTERRUPTED: unique symbol = Symbol('interrupted')

/** The executions of the statement that runs, and how to cancel them and nothing else. */
export interface Runs {
  /** Runs a statement; `INTERRUPTED` when it was cancelled before it ended. */
  track<T>(work: () => Promise<T>): Promise<T | typeof INTERRUPTED>
  /** Whether a statement runs. */
  readonly busy: boolean
  /** Operations that the present or last statement has started, in order. */
  readonly started: readonly Execution<unknown>[]
  /** Cancels what the present statement runs; answers the names of what was still running. */
  cancel(): Promise<readonly string[]>
  close(): void
}

/** Watches the plans of this process. */
export function openRuns(): Runs {
  let started: Execution<unknown>[] = []
  let busy = false
  let interrupt: (() => void) | undefined
  const unwatch = watchExecutions((execution) => {
    // What runs on from an earlier statement is not this statement's to cancel.
    if (busy) started.push(execution)
  })
  return {
    get busy() {
      return busy
    },
    get started() {
      return started
    },
    async track(work) {
      started = []
      busy = true
      const interrupted = new Promise<typeof INTERRUPTED>((resolve) => {
        interrupt = () => resolve(INTERRUPTED)
      })
      try {
        return await Promise.race([work(), interrupted])
      } finally {
        busy = false
        interrupt = undefined
      }
    },
    async cancel() {
      const stop = interrupt
      const running: Execution<unknown>[] = []
      for (const execution of started) if (!(await hasEnded(execution))) running.push(execution)
      for (const execution of running) execution.abort('it was cancelled in the console')
      interruptLoops()
      stop?.()
      return running.map((execution) => execution.plan?.op ?? 'a flow')
    },
    close: unwatch,
  }
}

/** Asks without waiting for the end itself. */
function hasEnded(execution: Execution<unknown>): Promise<boolean> {
  const ended = execution.outcome().then(() => true)
  return Promise.race([ended, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))])
}
