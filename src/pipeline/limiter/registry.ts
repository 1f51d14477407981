import { type Clock, systemClock } from '../../plan/index.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import type { BucketState, RateLimiter, SlotRequest, Ticket } from './contract.ts'
import { Lane } from './lane.ts'
import { ceilingsOf, headroomOf } from './presets.ts'
import { TokenBucket } from './token-bucket.ts'

/** The buckets of one tenant. */
class TenantLimiter implements RateLimiter {
  readonly #clock: Clock
  readonly #lanes = new Map<string, Lane>()
  readonly #random: () => number
  #options: RateLimitPreset | RateLimitOptions | undefined
  #ceilings = new Map<string, TokenBucket>()

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** Sets the ceilings; the session that connected last has the say, since re-running a cell must take effect. */
  set options(options: RateLimitPreset | RateLimitOptions) {
    if (options === this.#options || JSON.stringify(options) === JSON.stringify(this.#options)) return
    this.#options = options
    this.#ceilings = new Map()
    for (const [key, lane] of this.#lanes) {
      lane.ceilings = this.#bucketsFor(key)
      lane.headroom = headroomOf(options)
    }
  }

  acquire(rateKey: string, request: SlotRequest): Ticket {
    let lane = this.#lanes.get(rateKey)
    if (lane === undefined) {
      lane = new Lane(rateKey, this.#clock, this.#random)
      lane.ceilings = this.#bucketsFor(rateKey)
      lane.headroom = headroomOf(this.#options)
      this.#lanes.set(rateKey, lane)
    }
    return lane.acquire(request)
  }

  state(): readonly BucketState[] {
    return [...this.#lanes.values()].map((lane) => lane.state())
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

const granted: Omit<Ticket, 'begin'> = { queued: false, estimate: () => undefined, settle() {} }

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
    limiter = new TenantLimiter(clock, random)
    clocks.set(clock, limiter)
  }
  if (options !== undefined) limiter.options = options
  return limiter
}
