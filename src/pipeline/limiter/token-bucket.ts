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
