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

/** Milliseconds of one timer: Node fires those beyond 2³¹−1 at once, so that longer waits go in slices. */
const SLICE = 2 ** 31 - 1

/** The machine's clock. Its timers do not keep a process alive on their own account: a waiting request does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    if (ms > SLICE) return afterSlices(ms, task)
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}

function afterSlices(ms: number, task: () => void): () => void {
  const end = Date.now() + ms
  const wait = (left: number): NodeJS.Timeout =>
    left <= SLICE ? setTimeout(task, left) : setTimeout(() => (timer = wait(end - Date.now())), SLICE)
  let timer = wait(ms)
  return () => clearTimeout(timer)
}

// By a global symbol, as sandbox and session may come from different copies of this package.
const CLOCK: unique symbol = Symbol.for('tenantlab.clock') as never

/** Lets a dispatcher tell the time of the tenant that it leads to. */
export function giveClock(dispatcher: object, clock: Clock): void {
  Object.defineProperty(dispatcher, CLOCK, { value: clock, configurable: true, enumerable: false })
}

/** The time of the tenant that a dispatcher leads to, where it tells one: an embedded tenant's may stand still. */
export function clockOf(dispatcher: object | undefined): Clock | undefined {
  return (dispatcher as { [CLOCK]?: Clock } | undefined)?.[CLOCK]
}
