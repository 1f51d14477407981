import { randomUUID } from 'node:crypto'
import type {
  BucketState,
  LimitedTenant,
  OpenLimiter,
  RateLimiter,
  SlotAnswer,
  SlotRequest,
  SlotTicket,
} from '../pipeline/index.ts'
import { RateLimitError } from '../plan/index.ts'
import { keyOf, type RedisClient, Scripts } from './client.ts'
import { SETTLE, TAKE } from './limiter-scripts.ts'

/** Longest sleep before Redis is asked again, in milliseconds: another process may have heard something new. */
const LOOK_AGAIN = 1000
/** Most slots that are asked for at once. */
const AT_ONCE = 100

/**
 * Keeps the rate limit of a tenant for all processes together: what is in flight and what the server told is counted in
 * Redis, by Redis's time. Free slots are shared out among the processes that wait.
 *
 * @param client a connected client of `redis`, `@redis/client` or `ioredis`.
 * @returns What `connect({ stores: { limiter } })` takes. Where Redis fails, requests go on with the limiter of their
 *   process, and a warning tells it once.
 * @throws ConfigurationError for what is not a client.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 * @example
 * // not run: needs a Redis server
 * import { createClient } from '@redis/client'
 * const client = await createClient({ url: 'redis://localhost' }).connect()
 * const auth0 = connect({ stores: { limiter: redisLimiter(client) } })
 */
export function redisLimiter(client: RedisClient): OpenLimiter {
  const scripts = new Scripts(client, 'redisLimiter')
  return (tenant) => new RedisLimiter(scripts, tenant)
}

class RedisLimiter implements RateLimiter {
  readonly #scripts: Scripts
  readonly #tenant: LimitedTenant
  readonly #lines = new Map<string, Line>()

  constructor(scripts: Scripts, tenant: LimitedTenant) {
    this.#scripts = scripts
    this.#tenant = tenant
  }

  acquire(rateKey: string, request: SlotRequest): SlotTicket {
    let line = this.#lines.get(rateKey)
    if (line === undefined) {
      line = new Line(this.#scripts, this.#tenant, rateKey)
      this.#lines.set(rateKey, line)
    }
    return line.enter(request)
  }

  state(): readonly BucketState[] {
    return [...this.#lines.values()].map((line) => line.state)
  }
}

/** The requests of this process that wait for one bucket. */
class Line {
  readonly #scripts: Scripts
  readonly #tenant: LimitedTenant
  readonly #rateKey: string
  readonly #process = randomUUID()
  readonly #waiting: Place[] = []
  #asking = false
  #wake: (() => void) | undefined
  #heard: Pick<BucketState, 'limit' | 'remaining' | 'resetAt' | 'inFlight'> = { inFlight: 0 }

  constructor(scripts: Scripts, tenant: LimitedTenant, rateKey: string) {
    this.#scripts = scripts
    this.#tenant = tenant
    this.#rateKey = rateKey
  }

  get state(): BucketState {
    return { rateKey: this.#rateKey, waiting: this.#waiting.length, ...this.#heard }
  }

  enter(request: SlotRequest): SlotTicket {
    const place = new Place(this, request)
    const { maxQueue, again, plan } = request
    if (maxQueue !== undefined && again !== true && this.#waiting.length >= maxQueue) {
      place.queued = false
      request.refused(
        new RateLimitError(
          `${plan.op}: ${this.#waiting.length} plans of this process wait for the rate limit ${this.#rateKey} already, ` +
            `and this one allows ${maxQueue}. Nothing was sent. Run it later, or with a larger maxQueue.`,
          { status: 429, serverMessage: '', plan, attempts: 0 },
        ),
      )
      return place
    }
    const first = again === true ? this.#waiting.findIndex((other) => other.request.again !== true) : -1
    if (first === -1) this.#waiting.push(place)
    else this.#waiting.splice(first, 0, place)
    // What the caller runs in one go is asked for in one go.
    if (!this.#asking) {
      this.#asking = true
      queueMicrotask(() => void this.#ask())
    }
    return place
  }

  leave(place: Place): void {
    const at = this.#waiting.indexOf(place)
    if (at !== -1) this.#waiting.splice(at, 1)
  }

  async settle(place: Place, answer: SlotAnswer | undefined): Promise<void> {
    const { status = '', headers = {} } = answer ?? {}
    const told = [
      status,
      headers['x-ratelimit-limit'] ?? '',
      headers['x-ratelimit-remaining'] ?? '',
      milliseconds(headers['x-ratelimit-reset']),
      Date.parse(headers['date'] ?? '') || '',
      milliseconds(headers['retry-after']),
    ]
    const wait = await this.#settle(told, place.request.lease, [place.holder])
    if (wait === 0) this.#wake?.()
  }

  async #ask(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const asked = this.#waiting.slice(0, AT_ONCE)
        const { granted, wait } = await this.#take(asked)
        const unused: string[] = []
        for (const place of asked.slice(0, granted)) {
          // Who left while Redis was asked has no use for a slot.
          if (!place.queued) unused.push(place.holder)
          this.leave(place)
        }
        for (const place of asked.slice(0, granted)) if (place.queued) place.grant()
        if (unused.length > 0) await this.#settle(['', '', '', '', '', ''], 0, unused)
        if (wait > 0 && this.#waiting.length > 0) await this.#sleep(Math.min(wait, LOOK_AGAIN))
      }
    } catch (error) {
      for (const place of this.#waiting.splice(0)) place.refuse(error as Error)
    } finally {
      this.#asking = false
    }
  }

  /** Ends early when an answer of this process leaves slots free. */
  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #take(places: readonly Place[]): Promise<{ granted: number; wait: number }> {
    const ceilings = this.#tenant.ceilings(this.#rateKey).flatMap(({ burst, perSecond }) => [burst, perSecond])
    const slots = places.flatMap(({ holder, request }) => [holder, request.lease])
    const values = [this.#tenant.headroom, this.#process, places.length, ...ceilings, ...slots]
    const [granted = 0, wait = 0] = await this.#run(TAKE, values)
    return { granted, wait }
  }

  async #settle(told: readonly (string | number)[], lease: number, holders: readonly string[]): Promise<number> {
    const [, wait = 0] = await this.#run(SETTLE, [this.#tenant.headroom, ...told, lease, ...holders])
    return wait
  }

  async #run(script: string, values: readonly (string | number)[]): Promise<readonly number[]> {
    const { tenant } = this.#tenant
    const buckets = this.#tenant.ceilings(this.#rateKey).map(({ bucket }) => keyOf(tenant, 'ceiling', bucket))
    const own = ['told', 'held', 'waiting'].map((kind) => keyOf(tenant, kind, this.#rateKey))
    const reply = (await this.#scripts.run(script, [...own, ...buckets], values)) as readonly number[]
    const [limit, remaining, resetAt, inFlight = 0] = reply.slice(2).map((value) => (value === -1 ? undefined : value))
    this.#heard = {
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(resetAt !== undefined && { resetAt }),
      inFlight,
    }
    return reply
  }
}

/** Seconds as milliseconds; nothing for what is not a number above zero. */
function milliseconds(seconds: string | undefined): number | '' {
  const value = Number(seconds)
  return value > 0 ? value * 1000 : ''
}

class Place implements SlotTicket {
  readonly holder = randomUUID()
  readonly request: SlotRequest
  readonly #line: Line
  queued = true
  #held = false

  constructor(line: Line, request: SlotRequest) {
    this.#line = line
    this.request = request
  }

  begin(): void {}

  estimate(): undefined {}

  grant(): void {
    this.queued = false
    this.#held = true
    this.request.granted()
  }

  refuse(error: Error): void {
    this.queued = false
    this.request.refused(error)
  }

  settle(answer: SlotAnswer | undefined): Promise<void> | undefined {
    if (this.queued) {
      this.queued = false
      this.#line.leave(this)
      return undefined
    }
    if (!this.#held) return undefined
    this.#held = false
    return this.#line.settle(this, answer)
  }
}
