import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type BucketState,
  type LimitedTenant,
  type OpenLimiter,
  RateLimitError,
  type RateLimiter,
  type SlotAnswer,
  type SlotRequest,
  type SlotTicket,
} from '../../src/index.ts'
import type { Redis } from './redis.ts'
import { SETTLE, TAKE } from './redis-scripts.ts'

/** Longest sleep before Redis is asked again, in milliseconds: an answer to another process may free a slot at any time. */
const LOOK_AGAIN = 25

/** Buckets in Redis: what is in flight and what the server told is counted over all processes. */
export function redisLimiter(redis: Redis): OpenLimiter {
  return (tenant) => new RedisLimiter(redis, tenant)
}

class RedisLimiter implements RateLimiter {
  readonly #redis: Redis
  readonly #tenant: LimitedTenant
  readonly #lines = new Map<string, Line>()

  constructor(redis: Redis, tenant: LimitedTenant) {
    this.#redis = redis
    this.#tenant = tenant
  }

  acquire(rateKey: string, request: SlotRequest): SlotTicket {
    let line = this.#lines.get(rateKey)
    if (line === undefined) {
      line = new Line(this.#redis, this.#tenant, rateKey)
      this.#lines.set(rateKey, line)
    }
    return line.enter(request)
  }

  state(): readonly BucketState[] {
    return [...this.#lines.values()].map((line) => line.state)
  }
}

/** The requests of this process that wait for one bucket; the first of them asks Redis. */
class Line {
  readonly #redis: Redis
  readonly #tenant: LimitedTenant
  readonly #rateKey: string
  readonly #waiting: Place[] = []
  #asking = false
  #heard: Pick<BucketState, 'limit' | 'remaining' | 'resetAt' | 'inFlight'> = { inFlight: 0 }

  constructor(redis: Redis, tenant: LimitedTenant, rateKey: string) {
    this.#redis = redis
    this.#tenant = tenant
    this.#rateKey = rateKey
  }

  get state(): BucketState {
    return { rateKey: this.#rateKey, waiting: this.#waiting.length, ...this.#heard }
  }

  enter(request: SlotRequest): SlotTicket {
    const place = new Place(this, request)
    if (request.maxQueue !== undefined && this.#waiting.length >= request.maxQueue) {
      place.queued = false
      request.refused(
        new RateLimitError(`${request.plan.op}: ${this.#waiting.length} plans wait already. Run it again later.`, {
          status: 429,
          serverMessage: '',
          plan: request.plan,
        }),
      )
      return place
    }
    this.#waiting.push(place)
    if (!this.#asking) void this.#ask()
    return place
  }

  leave(place: Place): void {
    const at = this.#waiting.indexOf(place)
    if (at !== -1) this.#waiting.splice(at, 1)
  }

  async settle(holder: string, answer: SlotAnswer | undefined): Promise<void> {
    const { status, headers = {} } = answer ?? {}
    const reset = Number(headers['x-ratelimit-reset'])
    await this.#run(SETTLE, this.#keys([]), [
      holder,
      String(status ?? ''),
      headers['x-ratelimit-limit'] ?? '',
      headers['x-ratelimit-remaining'] ?? '',
      reset > 0 ? String(reset * 1000) : '',
    ])
  }

  async #ask(): Promise<void> {
    this.#asking = true
    try {
      for (let place = this.#waiting[0]; place !== undefined; place = this.#waiting[0]) {
        const wait = await this.#take(place)
        if (wait > 0) await sleep(Math.min(wait, LOOK_AGAIN))
        else if (place.queued) {
          this.#waiting.shift()
          place.grant()
          // It left while Redis was asked.
        } else await this.settle(place.holder, undefined)
      }
    } catch (error) {
      for (const place of this.#waiting.splice(0)) place.refuse(error as Error)
    } finally {
      this.#asking = false
    }
  }

  #take({ holder, request }: Place): Promise<number> {
    const ceilings = this.#tenant.ceilings(this.#rateKey)
    const numbers = ceilings.flatMap(({ burst, perSecond }) => [String(burst), String(perSecond)])
    const buckets = ceilings.map(({ bucket }) => bucket)
    const { headroom } = this.#tenant
    return this.#run(TAKE, this.#keys(buckets), [holder, String(request.lease), String(headroom), ...numbers])
  }

  /** The braces keep all keys of a tenant on one node of a cluster. */
  #keys(ceilings: readonly string[]): string[] {
    const own = (kind: string, name: string): string => `{${this.#tenant.tenant}}:${kind}:${name}`
    return [own('told', this.#rateKey), own('held', this.#rateKey), ...ceilings.map((name) => own('ceiling', name))]
  }

  async #run(script: string, keys: string[], args: string[]): Promise<number> {
    const reply = (await this.#redis.eval(script, { keys, arguments: args })) as number[]
    const [wait = 0, limit, remaining, resetAt, inFlight = 0] = reply.map((value) => (value === -1 ? undefined : value))
    this.#heard = { limit, remaining, resetAt, inFlight }
    return wait
  }
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
    return this.#line.settle(this.holder, answer)
  }
}
