import { type HostPrompt, host, offerHost, type RunningExecution } from '../plan/index.ts'

/** What is interrupted stops being waited for. */
export const INTERRUPTED: unique symbol = Symbol('interrupted')

/** The executions of the statement that runs, and how to cancel them and nothing else. */
export interface Runs {
  /** Runs a statement; `INTERRUPTED` when it was cancelled before it ended. */
  track<T>(work: () => Promise<T>): Promise<T | typeof INTERRUPTED>
  /** Whether a statement runs. */
  readonly busy: boolean
  /** What the present or last statement has started, in order. */
  readonly started: readonly RunningExecution[]
  /** Cancels what the present statement runs; answers the names of what was still running. */
  cancel(): readonly string[]
  close(): void
}

/** Milliseconds that what was cancelled has to end by itself, and to say how. */
const GRACE = 100

/**
 * Watches the executions of this process.
 *
 * @param prompt Asks the person at the console, where there is one.
 */
export function openRuns(prompt?: HostPrompt): Runs {
  const started: RunningExecution[] = []
  const running = new Set<RunningExecution>()
  let busy = false
  let interrupt: (() => void) | undefined
  const before = host()
  offerHost({
    ...before,
    ...(prompt && { prompt }),
    executions: {
      add(execution) {
        // What runs on from an earlier statement is not this statement's to cancel.
        if (!busy) return
        started.push(execution)
        running.add(execution)
      },
      delete: (execution) => running.delete(execution),
    },
  })
  return {
    get busy() {
      return busy
    },
    get started() {
      return started
    },
    async track(work) {
      started.length = 0
      running.clear()
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
    cancel() {
      const stop = interrupt
      const ended = [...running]
      for (const execution of ended) execution.abort('it was cancelled in the console')
      if (stop !== undefined) {
        if (ended.length === 0) stop()
        else setTimeout(stop, GRACE)
      }
      return ended.map(({ operation }) => operation)
    },
    close: () => offerHost(before),
  }
}
