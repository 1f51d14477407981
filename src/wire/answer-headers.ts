import {
  type Clock,
  type Fault,
  faultOfStatus,
  outward,
  type QuotaState,
  type RateLimitState,
  systemClock,
} from '../plan/index.ts'
import type { HttpReply } from './http.ts'

// What the headers of answers tell of a server: its rate limit and quotas, its clock, the id of a request.

type Headers = Readonly<Record<string, string>>

/** A year: what lies beyond is a mistake, and may be no date at all. */
const LONGEST = 365 * 24 * 3_600_000

/**
 * What the headers of an answer say about the server's rate limit; `undefined` when they say nothing.
 *
 * @param now Epoch milliseconds, for the headers that count from now on.
 * @param ahead Milliseconds by which the server's clock is ahead, for the headers that name a time.
 */
export function parseRateLimit(headers: Headers, now: number, ahead = 0): RateLimitState | undefined {
  const limit = number(headers['x-ratelimit-limit'])
  const remaining = number(headers['x-ratelimit-remaining'])
  const reset = number(headers['x-ratelimit-reset'])
  const retryAfter = parseRetryAfter(headers['retry-after'], now + ahead)
  const policy = headers['auth0-ratelimit']
  if (
    limit === undefined &&
    remaining === undefined &&
    reset === undefined &&
    retryAfter === undefined &&
    policy === undefined
  ) {
    return undefined
  }
  let state: { limit?: number; remaining?: number; resetAt?: number; retryAfter?: number } = {}
  if (limit !== undefined) state.limit = limit
  if (remaining !== undefined) state.remaining = remaining
  if (reset !== undefined && reset > 0) state.resetAt = Math.min(reset * 1000 - ahead, now + LONGEST)
  const custom = policy === undefined ? undefined : parsePolicy(policy, now)
  // The tenant's own headers go on counting the tenant's limit; the policy binds where it leaves less.
  if (custom !== undefined && (remaining === undefined || (custom.remaining ?? 0) < remaining)) state = custom
  if (retryAfter !== undefined) state.retryAfter = retryAfter
  return state
}

/**
 * The windows of a token quota, from `Auth0-Client-Quota-Limit` or `Auth0-Organization-Quota-Limit`
 * (`b=per_hour;q=10;r=7;t=3540,b=per_day;…`). Entries that are not whole are left out.
 *
 * @param now Epoch milliseconds; the header counts seconds from now.
 */
export function parseQuotaHeader(value: string | undefined, now: number): readonly QuotaState[] {
  if (value === undefined) return []
  return value.split(',').flatMap((entry) => {
    const fields = attributes(entry)
    const bucket = fields.get('b') ?? fields.get('')
    const [quota, remaining, seconds] = [number(fields.get('q')), number(fields.get('r')), number(fields.get('t'))]
    if (bucket === undefined || quota === undefined || remaining === undefined || seconds === undefined) return []
    return [{ bucket, quota, remaining, resetAt: now + Math.min(seconds * 1000, LONGEST) }]
  })
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const seconds = number(value)
  if (seconds !== undefined) return Math.min(seconds * 1000, LONGEST)
  // Date.parse takes '-1' and '2' for dates as well.
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST)
}

// Several policies may have looked at one request: the one that leaves least binds.
function parsePolicy(value: string, now: number): RateLimitState | undefined {
  let tightest: (RateLimitState & { readonly remaining: number }) | undefined
  for (const entry of value.split(',')) {
    const fields = attributes(entry)
    const [quota, remaining, seconds] = [number(fields.get('q')), number(fields.get('r')), number(fields.get('t'))]
    if (quota === undefined || remaining === undefined) continue
    if (tightest !== undefined && tightest.remaining <= remaining) continue
    tightest = {
      limit: quota,
      remaining,
      ...(seconds !== undefined && { resetAt: now + Math.min(seconds * 1000, LONGEST) }),
    }
  }
  return tightest
}

function attributes(entry: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const part of entry.split(';')) {
    const equals = part.indexOf('=')
    if (equals === -1) fields.set('', part.trim())
    else fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  return fields
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined
  return Number(text)
}

/** What the status of an answer says, and for a 503 whether it names the time to come back. */
export function faultOfAnswer({ status, headers }: Pick<HttpReply, 'status' | 'headers'>): Fault {
  return faultOfStatus(status, status === 503 && parseRetryAfter(headers['retry-after'], 0) !== undefined)
}

/** The id by which the tenant's logs, or what stands before it, know a request; absent where no header tells one. */
export function requestIdOf({ headers }: Pick<HttpReply, 'headers'>): string | undefined {
  const id = headers['x-request-id'] ?? headers['x-auth0-requestid'] ?? headers['cf-ray']
  return id === undefined ? undefined : outward(id)
}

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

let lastHeaders: Headers | undefined
let lastState: RateLimitState | undefined

/** What the headers of an answer say about the rate limit. Event, bucket and retries ask for the same one in a row. */
export function rateLimitOf(headers: Headers, now: number, time: ServerTime | undefined): RateLimitState | undefined {
  if (headers !== lastHeaders) {
    lastHeaders = headers
    lastState = parseRateLimit(headers, now, time?.ahead)
  }
  return lastState
}
