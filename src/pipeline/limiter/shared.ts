import { type Clock, ConfigurationError, isTenantlabError, Outages } from '../../plan/index.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import type {
  BucketState,
  LeastWait,
  OpenLimiter,
  RateLimiter,
  SlotAnswer,
  SlotRequest,
  SlotTicket,
} from './contract.ts'
import { ceilingsOf, headroomOf, limiterFor } from './registry.ts'

type Ceilings = RateLimitPreset | RateLimitOptions | undefined

/**
 * A limiter of the caller's own, whose buckets other processes share. Where it fails, requests go on with the process's
 * own limiter and the failure is told once: a store that is down must cost what it saves, not the run.
 */
export class SharedLimiter implements RateLimiter {
  readonly #open: OpenLimiter
  readonly #tenant: string
  readonly #clock: Clock
  readonly #options: Ceilings
  readonly #limiter: RateLimiter
  readonly #outages = new Outages('The limiter that stores.limiter opened', 'TENANTLAB_LIMITER_STORE')
  readonly #others = new Map<string, SharedLimiter>()
  #own: RateLimiter | undefined

  /** @throws ConfigurationError when what is opened is no limiter. */
  constructor(open: OpenLimiter, tenant: string, clock: Clock, options: Ceilings) {
    this.#open = open
    this.#tenant = tenant
    this.#clock = clock
    this.#options = options
    const ceilings = (rateKey: string) => (options === undefined ? [] : ceilingsOf(options, rateKey))
    this.#limiter = checked(open({ tenant, clock, headroom: headroomOf(options), ceilings }))
  }

  /** The limiter of the same tenant with other ceilings. */
  under(options: RateLimitPreset | RateLimitOptions): SharedLimiter {
    const key = JSON.stringify(options)
    const known = this.#others.get(key)
    if (known !== undefined) return known
    const made = new SharedLimiter(this.#open, this.#tenant, this.#clock, options)
    this.#others.set(key, made)
    return made
  }

  acquire(rateKey: string, request: SlotRequest): SlotTicket {
    return new SharedTicket(rateKey, request, this.#limiter, () => this.#ownLimiter(), this.#outages)
  }

  leastWait(requests: ReadonlyMap<string, number>): LeastWait | undefined {
    try {
      return this.#limiter.leastWait?.(requests)
    } catch (error) {
      this.#outages.failed('leastWait()', error, 'Reviews do not tell how long an apply takes.')
      return undefined
    }
  }

  state(): readonly BucketState[] {
    const shared = this.#sharedState()
    const own = this.#own?.state() ?? []
    return [...shared, ...own.filter(({ rateKey }) => shared.every((bucket) => bucket.rateKey !== rateKey))]
  }

  #sharedState(): readonly BucketState[] {
    try {
      return this.#limiter.state()
    } catch (error) {
      this.#outages.failed('state()', error, 'Only what this process knows itself is shown.')
      return []
    }
  }

  #ownLimiter(): RateLimiter {
    this.#own ??= limiterFor(this.#tenant, this.#clock, this.#options)
    return this.#own
  }
}

const INSTEAD = "The request goes on with this process's own limiter, which knows nothing of the other processes."

/** A place in the shared limiter, or in the process's own where the shared one failed. */
class SharedTicket implements SlotTicket {
  readonly #rateKey: string
  readonly #request: SlotRequest
  readonly #own: () => RateLimiter
  readonly #outages: Outages
  #ticket: SlotTicket | undefined
  #shared = true
  #state: 'asking' | 'early' | 'waiting' | 'held' | 'done' = 'asking'

  constructor(rateKey: string, request: SlotRequest, limiter: RateLimiter, own: () => RateLimiter, outages: Outages) {
    this.#rateKey = rateKey
    this.#request = request
    this.#own = own
    this.#outages = outages
    const { maxQueue, plan, lease, again } = request
    try {
      const ticket = limiter.acquire(rateKey, {
        maxQueue,
        plan,
        lease,
        ...(again === true && { again }),
        granted: () => this.#granted(),
        refused: (error) => this.#refused(error),
      })
      // Where it was refused within the call, another ticket has its place.
      this.#ticket ??= ticket
    } catch (error) {
      this.#fallBack(error)
    }
    if (this.#state === 'asking') this.#state = 'waiting'
  }

  get queued(): boolean {
    return this.#state === 'waiting' && this.#ticket?.queued === true
  }

  begin(): void {
    if (this.#state === 'early') this.#hold()
    else if (this.#state === 'waiting') this.#ticket?.begin()
  }

  estimate(): number | undefined {
    return this.#ticket?.estimate()
  }

  settle(answer: SlotAnswer | undefined): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    if (!this.#shared) {
      this.#ticket?.settle(answer)
      return
    }
    try {
      // No more than the limiter needs: bodies hold tokens, and this one may write to a store.
      const told = answer === undefined ? undefined : { status: answer.status, headers: answer.headers }
      this.#ticket?.settle(told)?.then(
        () => this.#outages.worked('settle()'),
        (error: unknown) => this.#unsettled(error),
      )
    } catch (error) {
      this.#unsettled(error)
    }
  }

  #granted(): void {
    if (this.#state === 'asking') this.#state = 'early'
    else if (this.#state === 'waiting') this.#hold()
  }

  #hold(): void {
    this.#state = 'held'
    if (this.#shared) this.#outages.worked('acquire()')
    this.#request.granted()
  }

  #refused(error: Error): void {
    if (this.#state !== 'asking' && this.#state !== 'waiting') return
    if (!isTenantlabError(error)) return this.#fallBack(error)
    this.#state = 'done'
    this.#request.refused(error)
  }

  #fallBack(error: unknown): void {
    if (!this.#shared) return
    this.#outages.failed('acquire()', error, INSTEAD)
    this.#shared = false
    const asked = this.#state
    const ticket = this.#own().acquire(this.#rateKey, {
      ...this.#request,
      granted: () => this.#granted(),
      refused: (refusal) => this.#refused(refusal),
    })
    this.#ticket = ticket
    // A caller who asked has been told to wait; nobody begins this one but us.
    if (asked === 'waiting' && !ticket.queued) ticket.begin()
  }

  #unsettled(error: unknown): void {
    this.#outages.failed('settle()', error, 'The slot comes back when its lease ends.')
  }
}

function checked(opened: unknown): RateLimiter {
  const { acquire, state } = (opened ?? {}) as Partial<RateLimiter>
  if (typeof acquire === 'function' && typeof state === 'function') return opened as RateLimiter
  throw new ConfigurationError(
    'connect(): "stores.limiter" opened no limiter. Return an object with acquire(rateKey, request) and state().',
  )
}
