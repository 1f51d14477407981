import { limitWindows } from '../../catalogue/index.ts'

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

  /** Milliseconds until the last of so many requests has its slot. */
  leastWait(requests: number, now: number): number {
    this.wait(now)
    return Math.max(0, (requests - this.#level) / this.#perMs)
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

/** Milliseconds: what was in flight together is refused together, and lowers the pace once. */
const ONCE = 1000
const SLOWEST = 0.2

/**
 * The pace that a hidden second bucket allows: the rate is lowered with every refusal, and grows a little with every answer
 * until it no longer binds.
 */
export class HiddenPace {
  readonly #bucket: TokenBucket
  readonly #release: number
  #loweredAt: number

  /** @param rate Requests per second that were sent when the bucket first refused. */
  constructor(rate: number, now: number) {
    this.#release = rate * 4
    this.#bucket = new TokenBucket(1, Math.max(SLOWEST, rate / 2), now)
    this.#bucket.take()
    this.#loweredAt = now
  }

  get perSecond(): number {
    return this.#bucket.perSecond
  }

  leastWait(requests: number, now: number): number {
    return this.#bucket.leastWait(requests, now)
  }

  wait(now: number): number {
    return this.#bucket.wait(now)
  }

  waited(ms: number, now: number): void {
    this.#bucket.waited(ms, now)
  }

  take(): void {
    this.#bucket.take()
  }

  /** An answer that was no refusal. Returns false where the pace no longer binds. */
  succeeded(): boolean {
    this.#bucket.perSecond += 0.5 / Math.max(1, this.#bucket.perSecond)
    return this.#bucket.perSecond <= this.#release
  }

  refused(now: number): void {
    if (now - this.#loweredAt < ONCE) return
    this.#loweredAt = now
    this.#bucket.perSecond = Math.max(SLOWEST, this.#bucket.perSecond * 0.6)
  }
}

/** Share of the time to its reset after which an empty bucket is tried. */
const TRIED_AFTER = 1 / 4
/** A reset that is nearer than so many milliseconds is waited for. */
const NEAR = 250
/** A bucket that was found not to fill before its reset is left to it for so many milliseconds. */
const LEFT_ALONE = 60_000

/**
 * Whether the server's bucket fills evenly, or only at the reset that it tells: no header says so. Where requests come one
 * after the other, one of them tries an empty bucket before its reset; where it passes, the rate follows from what is
 * left after it, and from every answer that follows.
 */
export class Refill {
  /** Requests per millisecond; 0 while nothing is known. */
  #perMs = 0
  /** When the bucket was empty and nothing was in flight, and what was answered since. */
  #from: number | undefined
  #answers = 0
  #tryAt: number | undefined
  #leftAloneUntil = Number.NEGATIVE_INFINITY
  #refusals = 0

  /** Whether the bucket is known to fill evenly, so that its reset means nothing. */
  get isEven(): boolean {
    return this.#perMs > 0
  }

  /** Requests that may leave beyond those that were told as left at `toldAt`. */
  more(toldAt: number, now: number, mayTry: boolean): number {
    if (this.#perMs > 0) return Math.floor(this.#perMs * (now - toldAt) + 1e-9)
    return mayTry && this.#tryAt !== undefined && now >= this.#tryAt ? 1 : 0
  }

  /** Milliseconds until so many more may leave; `undefined` where only the reset brings them. */
  wait(more: number, toldAt: number, now: number, mayTry: boolean): number | undefined {
    if (this.#perMs > 0) return Math.max(0, more / this.#perMs - (now - toldAt))
    return mayTry && this.#tryAt !== undefined ? Math.max(0, this.#tryAt - now) : undefined
  }

  /** Time that was waited for and that the clock may not show. */
  waited(now: number): void {
    if (this.#tryAt !== undefined) this.#tryAt = Math.min(this.#tryAt, now)
  }

  /**
   * The bucket told that it is empty, with nothing else in flight.
   *
   * @param limit Its size; most buckets fill at least once in the time that they tell.
   */
  emptied(now: number, resetAt: number, limit: number): void {
    if (this.#perMs > 0 && this.#from !== undefined) return
    this.#from = now
    this.#answers = 0
    const left = resetAt - now
    const share = Math.max(TRIED_AFTER, 1 / Math.max(1, limit))
    this.#tryAt = left < NEAR || now < this.#leftAloneUntil ? undefined : now + left * share
  }

  /**
   * An answer that was no refusal.
   *
   * @param alone Nothing else is in flight.
   * @param full The bucket may have been full, so that it did not take in what was added.
   * @param reset The reset that was told has passed.
   */
  answered(remaining: number, now: number, alone: boolean, full: boolean, reset: boolean): void {
    this.#answers += 1
    this.#refusals = 0
    if (this.#from === undefined) return
    if (alone && now > this.#from && (this.#perMs > 0 || !reset)) {
      // What is told as left is rounded down, at the start as well: at least one less than it seems was surely added.
      const surely = remaining + this.#answers - 1
      this.#perMs = Math.max(this.#perMs, surely / (now - this.#from))
    }
    if (full || this.#perMs === 0) this.#forget()
  }

  /** A refusal: the rate is lower than was thought, or the bucket fills at its reset alone. */
  refused(now: number): void {
    this.#forget()
    this.#refusals += 1
    this.#perMs = this.#refusals > 1 ? 0 : this.#perMs * 0.8
    if (this.#perMs === 0) this.#leftAloneUntil = now + LEFT_ALONE
  }

  #forget(): void {
    this.#from = undefined
    this.#tryAt = undefined
  }
}

/** What the server told last of a bucket. */
interface ToldState {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  readonly resetAt: number | undefined
  /** When it was told. */
  readonly at: number
}

/** Windows in which Auth0 adds requests, shortest first; a reset is told in whole seconds. */
const WINDOWS = Object.values(limitWindows).sort((a, b) => a - b)
const ROUNDED = 1000

/**
 * Milliseconds until so many requests may have left by the server's headers. They tell no pace: a window is taken to bring
 * a full bucket.
 */
export function leastWaitTold(
  { limit, remaining, resetAt, at }: ToldState,
  requests: number,
  now: number,
  refill: Refill | undefined,
): number | undefined {
  if (limit === undefined || remaining === undefined || resetAt === undefined) return undefined
  const lacking = requests - remaining
  if (lacking <= 0) return 0
  if (refill?.isEven === true) return refill.wait(lacking, at, now, false)
  const first = Math.max(0, resetAt - now)
  const window = WINDOWS.find((each) => each >= resetAt - at - ROUNDED) ?? first
  return first + (Math.ceil(lacking / Math.max(1, limit)) - 1) * window
}
