import type { Clock } from '../../plan/index.ts'

/** The movable clock of a sandbox: real time plus whatever it was advanced by, or a fixed start under `seed`. */
export interface SandboxClock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Moves the clock forward and runs what came due in order. */
  advance(milliseconds: number): void
  /** Runs `task` when the clock reaches `at` (epoch milliseconds), by the passing of time or by `advance`. */
  at(at: number, task: () => void): () => void
}

/** The clock of a sandbox with the parts that only the sandbox itself uses. */
export interface MovableClock extends SandboxClock {
  /** The same time for a client: waiting on it takes real time, and moves a clock that stands still. */
  readonly client: Clock
  /** Moves a clock that stands still to a time, and runs what is due; one that runs has got there by itself. */
  reach(time: number): void
  /** Puts the clock to a time (epoch milliseconds) and forgets the tasks that waited for it. */
  restore(now: number): void
  /** Forgets all tasks and stops the timer. */
  close(): void
}

interface Task {
  readonly at: number
  readonly run: () => void
}

/**
 * A clock that follows the machine's time plus whatever it was advanced by; with `start` it begins there and stands
 * still, so that a seeded sandbox gives the same times in every run. A still clock moves by `advance`, and by a client
 * that finished waiting on `client.after`: else a client would wait for a rate limit that never refills.
 */
export function createClock(start?: number): MovableClock {
  let still = start
  let offset = 0
  let tasks: Task[] = []
  let timer: NodeJS.Timeout | undefined
  const now = (): number => still ?? Date.now() + offset

  const arm = (): void => {
    clearTimeout(timer)
    const next = tasks[0]
    if (next === undefined || still !== undefined) return
    timer = setTimeout(() => runUntil(now()), Math.min(Math.max(next.at - now(), 0), 2 ** 31 - 1))
    timer.unref()
  }
  const moveTo = (time: number): void => {
    if (time <= now()) return
    if (still === undefined) offset += time - now()
    else still = time
  }
  const runUntil = (limit: number): void => {
    for (let next = tasks[0]; next !== undefined && next.at <= limit; next = tasks[0]) {
      tasks.shift()
      moveTo(next.at)
      next.run()
    }
    moveTo(limit)
    arm()
  }

  const reach = (time: number): void => {
    if (still !== undefined && time > now()) runUntil(time)
  }

  return {
    now,
    reach,
    advance(milliseconds) {
      if (!(milliseconds >= 0))
        throw new RangeError('A sandbox clock only moves forward: give advance() a number of milliseconds from 0 up.')
      runUntil(now() + milliseconds)
    },
    at(at, run) {
      const task = { at, run }
      const place = tasks.findIndex((other) => other.at > at)
      tasks.splice(place === -1 ? tasks.length : place, 0, task)
      arm()
      return () => {
        tasks = tasks.filter((other) => other !== task)
        arm()
      }
    },
    client: {
      now,
      after(ms, task) {
        const due = now() + ms
        const waiting = setTimeout(() => {
          reach(due)
          task()
        }, ms)
        return () => clearTimeout(waiting)
      },
    },
    restore(time) {
      tasks = []
      clearTimeout(timer)
      if (still === undefined) offset = 0
      else still = time
    },
    close() {
      tasks = []
      clearTimeout(timer)
    },
  }
}
