import { limitWindows, type PublishedLimit, publishedLimits } from '../../catalogue/index.ts'
import { type Clock, systemClock } from '../../plan/index.ts'
import { serverTimeOf } from '../../wire/index.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import type { BucketState, Ceiling, LeastWait, RateLimiter, SlotRequest, SlotTicket } from './contract.ts'
import { TokenBucket } from './pace.ts'
import { RateBucket } from './rate-bucket.ts'

/** The buckets of one tenant. */
class TenantLimiter implements RateLimiter {
  readonly #tenant: string
  readonly #clock: Clock
  readonly #buckets = new Map<string, RateBucket>()
  readonly #random: () => number
  #options: RateLimitPreset | RateLimitOptions | undefined
  #ceilings = new Map<string, TokenBucket>()

  constructor(tenant: string, clock: Clock, random: () => number) {
    this.#tenant = tenant
    this.#clock = clock
    this.#random = random
  }

  /** Sets the ceilings; the session that connected last has the say, since re-running a cell must take effect. */
  set options(options: RateLimitPreset | RateLimitOptions) {
    if (options === this.#options || JSON.stringify(options) === JSON.stringify(this.#options)) return
    this.#options = options
    this.#ceilings = new Map()
    for (const [key, bucket] of this.#buckets) {
      bucket.ceilings = this.#bucketsFor(key)
      bucket.headroom = headroomOf(options)
    }
  }

  leastWait(requests: ReadonlyMap<string, number>): LeastWait | undefined {
    const waits = [...requests].flatMap(([rateKey, count]) => {
      // Makes the ceilings of a rate key that nothing was sent for yet.
      this.#bucketsFor(rateKey)
      const ms = this.#buckets.get(rateKey)?.leastWait(count)
      return ms === undefined ? [] : [{ rateKey, ms: Math.ceil(ms) }]
    })
    for (const [name, { rateKey, count }] of this.#drawn(requests)) {
      const ms = this.#ceilings.get(name)?.leastWait(count, this.#clock.now())
      if (ms !== undefined) waits.push({ rateKey, ms: Math.ceil(ms) })
    }
    return waits.reduce<LeastWait | undefined>(
      (longest, each) => (longest === undefined || each.ms > longest.ms ? each : longest),
      undefined,
    )
  }

  /** How many requests draw from each ceiling: those of several rate keys may have one in common. */
  #drawn(requests: ReadonlyMap<string, number>): ReadonlyMap<string, { rateKey: string; count: number }> {
    const drawn = new Map<string, { rateKey: string; count: number }>()
    if (this.#options === undefined) return drawn
    for (const [rateKey, count] of requests)
      for (const { bucket } of ceilingsOf(this.#options, rateKey))
        drawn.set(bucket, { rateKey: bucket, count: count + (drawn.get(bucket)?.count ?? 0) })
    return drawn
  }

  acquire(rateKey: string, request: SlotRequest): SlotTicket {
    return (this.#buckets.get(rateKey) ?? this.#open(rateKey)).acquire(request)
  }

  #open(rateKey: string): RateBucket {
    const bucket = new RateBucket(rateKey, this.#clock, this.#random, serverTimeOf(this.#tenant, this.#clock))
    bucket.ceilings = this.#bucketsFor(rateKey)
    bucket.headroom = headroomOf(this.#options)
    this.#buckets.set(rateKey, bucket)
    return bucket
  }

  state(): readonly BucketState[] {
    return [...this.#buckets.values()].map((bucket) => bucket.state())
  }

  #bucketsFor(rateKey: string): readonly TokenBucket[] {
    if (this.#options === undefined) return []
    return ceilingsOf(this.#options, rateKey).map(({ bucket: name, burst, perSecond }) => {
      let bucket = this.#ceilings.get(name)
      if (bucket === undefined) {
        bucket = new TokenBucket(burst, perSecond, this.#clock.now())
        this.#ceilings.set(name, bucket)
      }
      return bucket
    })
  }
}

const granted: Omit<SlotTicket, 'begin'> = { queued: false, estimate: () => undefined, settle() {} }

/** Lets everything through at once. */
export const noLimiter: RateLimiter = {
  acquire: (_, request) => ({ ...granted, begin: () => request.granted() }),
  state: () => [],
}

type Registry = Map<string, WeakMap<Clock, TenantLimiter>>
const KEY = Symbol.for('tenantlab.limiters')

function registry(): Registry {
  const holder = globalThis as { [KEY]?: Registry }
  holder[KEY] ??= new Map()
  return holder[KEY]
}

/**
 * The limiter of a tenant, the same for every session of the process, so that a re-run cell keeps what was learned.
 * Time means something only on its clock, so an embedded tenant with a clock of its own has a limiter of its own.
 *
 * @param options Ceilings; what was set last holds when left out.
 */
export function limiterFor(
  tenant: string,
  clock: Clock = systemClock,
  options?: RateLimitPreset | RateLimitOptions,
  random: () => number = Math.random,
): RateLimiter {
  const all = registry()
  let clocks = all.get(tenant)
  if (clocks === undefined) {
    clocks = new WeakMap()
    all.set(tenant, clocks)
  }
  let limiter = clocks.get(clock)
  if (limiter === undefined) {
    limiter = new TenantLimiter(tenant, clock, random)
    clocks.set(clock, limiter)
  }
  if (options !== undefined) limiter.options = options
  return limiter
}

/** The ceilings that bind a rate key under a preset, or under numbers of the caller's own. */
export function ceilingsOf(options: RateLimitPreset | RateLimitOptions, rateKey: string): readonly Ceiling[] {
  const api = rateKey.startsWith('authentication') ? 'authentication' : 'management'
  if (typeof options !== 'string') return [{ bucket: api, burst: options.burst, perSecond: options.perSecond }]
  const limits = publishedLimits[options]
  const own = limits.endpoints[rateKey]
  if (own === undefined) return [ceiling(api, limits[api])]
  if (api === 'management' && limits.management.covers === 'rest') return [ceiling(rateKey, own)]
  return [ceiling(api, limits[api]), ceiling(rateKey, own)]
}

/** Share of the server's bucket that is left to others. */
export function headroomOf(options: RateLimitPreset | RateLimitOptions | undefined): number {
  return typeof options === 'object' ? (options.headroom ?? 0) : 0
}

function ceiling(bucket: string, { burst, count, per }: PublishedLimit): Ceiling {
  return { bucket, burst, perSecond: (count * 1000) / limitWindows[per] }
}
