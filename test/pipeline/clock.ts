import type { Clock } from '../../src/plan/index.ts'

/** A clock that moves only when told, and runs what falls due on the way. */
export class TestClock implements Clock {
  #now = Date.parse('2026-03-01T12:00:00Z')
  #tasks: { at: number; run: () => void }[] = []
  /** All waits that were asked for, in milliseconds. */
  readonly waits: number[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const task = { at: this.#now + ms, run }
    this.#tasks.push(task)
    this.waits.push(ms)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task)
    }
  }

  /** Milliseconds until the next task falls due. */
  get next(): number | undefined {
    const due = this.#tasks.map((task) => task.at)
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - this.#now)
  }

  /** Moves the time on, task by task, whenever the sockets are quiet, until `work` ends. */
  async drive<T>(work: Promise<T>, busy: () => boolean): Promise<T> {
    let done = false
    const end = work.finally(() => {
      done = true
    })
    end.catch(() => undefined)
    for (let quiet = 0; !done; ) {
      await new Promise((resolve) => setImmediate(resolve))
      quiet = busy() ? 0 : quiet + 1
      if (quiet < 8) continue
      quiet = 0
      if (this.next !== undefined) this.advance(this.next)
    }
    return end
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#tasks.filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#tasks = this.#tasks.filter((task) => task !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }
}

/** A clock whose waits take no time: what falls due is run in the next turn, and the time moves on by what was waited. */
export class SwiftClock implements Clock {
  #now = Date.parse('2026-03-01T12:00:00Z')
  /** Milliseconds of the waits that were waited to their end. */
  readonly waits: number[] = []
  /** Waits of this length or longer never end: they are deadlines, not pauses. */
  readonly endless: number

  constructor(endless = 25_000) {
    this.endless = endless
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    if (ms >= this.endless) return () => {}
    const handle = setImmediate(() => {
      this.#now += ms
      this.waits.push(ms)
      run()
    })
    return () => clearImmediate(handle)
  }
}
