/** A bucket: `burst` requests at once; every window adds `refill`, never above `burst`. */
export interface BucketSize {
  readonly burst: number
  readonly refill: number
  /** Milliseconds of a refill window. */
  readonly window: number
}

/** What a bucket says after a request. */
export interface BucketState {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Epoch milliseconds when requests are added next. */
  readonly resetAt: number
}

/**
 * A token bucket that is topped up at the top of each window of the clock, as Auth0's use-case page describes it: whole
 * numbers, and the same answer for the same times. A cost of 0 looks without taking.
 */
export function createBucket(size: BucketSize) {
  let left = size.burst
  let filledAt: number | undefined
  return (now: number, cost = 1): BucketState => {
    const window = Math.floor(now / size.window)
    if (filledAt !== undefined && window > filledAt)
      left = Math.min(size.burst, left + (window - filledAt) * size.refill)
    filledAt = window
    const allowed = left >= 1
    if (allowed) left -= cost
    return { allowed, limit: size.burst, remaining: Math.floor(left), resetAt: (window + 1) * size.window }
  }
}
