import { Observable, Subscriber } from 'rxjs'
import { limiterFor, type RateLimiter, SharedLimiter, type Ticket } from '../limiter/index.ts'
import { feed } from '../observable.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import { honouring, type OperationContext, type Reply, type Stage } from '../stage.ts'

/**
 * The stage that keeps the tenant's rate limit: it waits for a slot of the operation's bucket, which all plans of the
 * process share, and tells the bucket what the answer's headers say. Waiting does not count against the deadline.
 *
 * @param options A ceiling, or the name of an Auth0 plan; the session's `rateLimit` when left out.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 */
export function rateLimit(options?: RateLimitPreset | RateLimitOptions): Stage {
  return honouring(['maxQueue'], (next) => (operation) => {
    const { context, row, plan } = operation
    const limiter = options === undefined ? context.session.limiter : limiterUnder(options, context)
    return new Observable<Reply>((subscriber) => {
      let resume: (() => void) | undefined
      const ticket = limiter.acquire(row.rateKey, {
        maxQueue: context.maxQueue,
        plan,
        lease: context.timeout,
        granted() {
          resume?.()
          resume = undefined
          feed(next(operation), new SettlingSubscriber(subscriber, ticket))
        },
        refused: (error) => subscriber.error(error),
      })
      if (ticket.queued) {
        resume = context.hold()
        const at = context.clock.now()
        const ms = ticket.estimate()
        context.emit({ kind: 'wait', at, reason: 'slot', rateKey: row.rateKey, ...(ms !== undefined && { ms }) })
      } else ticket.begin()
      return () => {
        resume?.()
        ticket.settle(undefined)
      }
    })
  })
}

/** The session's limiter with other ceilings: those of the process, or of the store that the session shares. */
function limiterUnder(options: RateLimitPreset | RateLimitOptions, { session, clock }: OperationContext): RateLimiter {
  const { limiter, tenant } = session
  return limiter instanceof SharedLimiter ? limiter.under(options) : limiterFor(tenant, clock, options)
}

/** Gives the slot back with the answer, before the answer goes on: what follows may want a slot of its own. */
class SettlingSubscriber extends Subscriber<Reply> {
  readonly #after: Subscriber<Reply>
  readonly #ticket: Ticket

  constructor(after: Subscriber<Reply>, ticket: Ticket) {
    super(after)
    this.#after = after
    this.#ticket = ticket
  }

  protected override _next(reply: Reply): void {
    this.#ticket.settle(reply)
    this.#after.next(reply)
  }

  protected override _error(error: unknown): void {
    this.#ticket.settle(undefined)
    this.#after.error(error)
  }
}
