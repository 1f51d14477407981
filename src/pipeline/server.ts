import { type Clock, type RateLimitState, systemClock } from '../plan/index.ts'
import { type HttpReply, parseRateLimit } from '../wire/index.ts'

/**
 * By how much a tenant's clock is ahead of this machine's, as the `Date` headers of its answers tell: headers that name
 * a time are read by it. Each answer bounds the difference from both sides; where the bounds hold zero, the clocks are
 * taken to agree.
 */
export class ServerTime {
  #date = ''
  #low = Number.NEGATIVE_INFINITY
  #high = Number.POSITIVE_INFINITY
  /** Milliseconds; negative where the server is behind. */
  ahead = 0

  /**
   * Takes in the `Date` header of an answer, which counts whole seconds.
   *
   * @param sent Epoch milliseconds when the request left.
   * @param received Epoch milliseconds when its answer had come.
   */
  heard(date: string | undefined, sent: number, received: number): void {
    // The second answer within one second tells nothing new.
    if (date === undefined || date === this.#date) return
    this.#date = date
    const told = Date.parse(date)
    if (Number.isNaN(told)) return
    const [low, high] = [told - received, told + 1000 - sent]
    // One of the clocks was set meanwhile.
    if (low > this.#high || high < this.#low) [this.#low, this.#high] = [low, high]
    this.#low = Math.max(this.#low, low)
    this.#high = Math.min(this.#high, high)
    this.ahead = this.#low <= TOLERANCE && this.#high >= -TOLERANCE ? 0 : this.#low
  }
}

/** Milliseconds within which two clocks are taken to agree. */
const TOLERANCE = 50
const known = new Map<string, ServerTime>()
const KNOWN = 500

/** The time of a tenant as seen from the machine's clock; a clock of the caller's own is taken to be the tenant's. */
export function serverTimeOf(tenant: string, clock: Clock): ServerTime | undefined {
  if (clock !== systemClock) return undefined
  let time = known.get(tenant)
  if (time === undefined) {
    time = new ServerTime()
    known.set(tenant, time)
    if (known.size > KNOWN) known.delete(known.keys().next().value as string)
  }
  return time
}

/** Origins that have answered in this process. */
const reached = new Set<string>()
const REACHED = 1000

/** Whether an origin has ever answered: what fails there now may heal, what never worked is mistyped. */
export function hasAnswered(origin: string): boolean {
  return reached.has(origin)
}

/** Notes that an origin has answered. */
export function noteReached(origin: string): void {
  if (reached.has(origin)) return
  if (reached.size >= REACHED) reached.clear()
  reached.add(origin)
}

let lastHeaders: HttpReply['headers'] | undefined
let lastState: RateLimitState | undefined

/** What the headers of an answer say about the rate limit. Event, bucket and retries ask for the same one in a row. */
export function rateLimitOf(
  headers: HttpReply['headers'],
  now: number,
  time: ServerTime | undefined,
): RateLimitState | undefined {
  if (headers !== lastHeaders) {
    lastHeaders = headers
    lastState = parseRateLimit(headers, now, time?.ahead)
  }
  return lastState
}
