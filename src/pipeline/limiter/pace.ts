/** A bucket that fills at an even rate: the local picture of one limit. */
export class TokenBucket {
  readonly capacity: number
  #perMs: number
  #level: number
  #at: number

  constructor(capacity: number, perSecond: number, now: number) {
    this.capacity = Math.max(1, capacity)
    this.#perMs = perSecond / 1000
    this.#level = this.capacity
    this.#at = now
  }

  get perSecond(): number {
    return this.#perMs * 1000
  }

  set perSecond(value: number) {
    this.#perMs = value / 1000
  }

  /** Milliseconds until a slot is there; 0 when it is. */
  wait(now: number): number {
    this.#fill(now - this.#at)
    this.#at = now
    return this.#level >= 1 ? 0 : (1 - this.#level) / this.#perMs
  }

  take(): void {
    this.#level -= 1
  }

  /** Fills for time that was waited for and that the clock may not show: an embedded tenant's clock can stand still. */
  waited(ms: number, now: number): void {
    this.#fill(Math.max(ms, now - this.#at))
    this.#at = now
  }

  #fill(ms: number): void {
    if (ms > 0) this.#level = Math.min(this.capacity, this.#level + ms * this.#perMs)
    // Sums of fractions end just below the whole slot that was waited for.
    if (this.#level < 1 && this.#level > 1 - 1e-9) this.#level = 1
  }
}

/** Refusals of this age have nothing to do with each other. */
const MEMORY = 30_000
/** One refusal in this time lowers the pace once: what was in flight together is refused together. */
const ONCE = 1000
const SLOWEST = 0.2

/**
 * The pace that a hidden second bucket allows. It shows as repeated refusals although the headers say that requests
 * are left; then the rate is halved, and grows a little with every answer until it no longer binds.
 */
export class Pace {
  #bucket: TokenBucket | undefined
  #release = 0
  #hits = 0
  #lastHit = Number.NEGATIVE_INFINITY
  #binStart = 0
  #binCount = 0
  #perSecond = 0

  get perSecond(): number | undefined {
    return this.#bucket?.perSecond
  }

  wait(now: number): number {
    return this.#bucket === undefined ? 0 : this.#bucket.wait(now)
  }

  waited(ms: number, now: number): void {
    this.#bucket?.waited(ms, now)
  }

  sent(now: number): void {
    this.#bucket?.take()
    const elapsed = now - this.#binStart
    if (elapsed >= 1000) {
      this.#perSecond = elapsed < 2000 ? this.#binCount / (elapsed / 1000) : 0
      this.#binStart = now
      this.#binCount = 0
    }
    this.#binCount += 1
  }

  succeeded(): void {
    const bucket = this.#bucket
    if (bucket === undefined) return
    bucket.perSecond += 0.5 / Math.max(1, bucket.perSecond)
    if (bucket.perSecond > this.#release) this.#bucket = undefined
  }

  refused(now: number): void {
    const age = now - this.#lastHit
    if (age < ONCE && this.#hits > 0 && this.#bucket !== undefined) return
    this.#hits = age < MEMORY ? this.#hits + 1 : 1
    this.#lastHit = now
    if (this.#hits < 2) return
    const rate = this.#bucket?.perSecond ?? Math.max(this.#perSecond, this.#binCount, 1)
    const half = Math.max(SLOWEST, rate / 2)
    if (this.#bucket === undefined) {
      this.#release = rate * 4
      this.#bucket = new TokenBucket(1, half, now)
    } else this.#bucket.perSecond = half
  }
}
