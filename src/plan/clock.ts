/**
 * The one source of time. Everything that reads or waits for time takes a clock, so that tests and the
 * embedded tenant can move it.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Calls `task` once after `ms` milliseconds; the answer cancels it. */
  after(ms: number, task: () => void): () => void
}

/** The machine's clock. Its timers do not keep a process alive on their own account: a waiting request does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}
