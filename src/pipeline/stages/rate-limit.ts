import { AsyncResource } from 'node:async_hooks'
import { Observable, Subscriber } from 'rxjs'
import { RateLimitError } from '../../plan/index.ts'
import { limiterFor, type RateLimiter, SharedLimiter, type SlotTicket } from '../limiter/index.ts'
import { feed } from '../observable.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import { builtIn, checkMembers, type Operation, type OperationContext, type Reply, type Stage } from '../stage.ts'

/**
 * The stage that keeps the tenant's rate limit: it waits for a slot of the operation's bucket, which all plans of the
 * process share, and tells the bucket what the answer's headers say. Waiting for the first slot does not count against the
 * deadline, which begins with the first attempt.
 *
 * @param options A ceiling, or the name of an Auth0 plan; the session's `rateLimit` when left out.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 * @example
 * const auth0 = connect({ ...tenant.options, pipeline: [retry(), rateLimit({ burst: 10, perSecond: 2 }), token()] })
 * await auth0.users.list().run()
 */
export function rateLimit(options?: RateLimitPreset | RateLimitOptions): Stage {
  if (typeof options !== 'string') checkMembers('rateLimit', options, ['burst', 'perSecond', 'headroom'])
  return builtIn(['maxQueue'], (next) => (operation) => {
    const { context, row, plan } = operation
    const limiter = options === undefined ? context.session.limiter : limiterUnder(options, context)
    return new Observable<Reply>((subscriber) => {
      // Who frees a slot is another request: what waits for it goes on in the async context of its own caller.
      let caller: AsyncResource | undefined
      const ticket = limiter.acquire(row.rateKey, {
        maxQueue: context.maxQueue,
        plan,
        lease: context.timeout,
        again: operation.attempt > 1,
        mayTry: context.session.resends === true && context.maxRetries !== 0,
        granted() {
          const go = (): void => feed(next(operation), new SettlingSubscriber(subscriber, ticket))
          if (caller === undefined) go()
          else caller.runInAsyncScope(go)
        },
        refused: (error) => subscriber.error(error),
      })
      if (ticket.queued) {
        caller = new AsyncResource('TENANTLAB_SLOT', { requireManualDestroy: true })
        const at = context.clock.now()
        const ms = ticket.estimate()
        const deadline = context.deadline()
        if (ms !== undefined && deadline !== undefined && at + ms >= deadline) {
          ticket.settle(undefined)
          return subscriber.error(noSlotInTime(operation, at + ms))
        }
        context.emit({ kind: 'wait', at, reason: 'slot', rateKey: row.rateKey, ...(ms !== undefined && { ms }) })
      } else ticket.begin()
      return () => ticket.settle(undefined)
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
  readonly #ticket: SlotTicket

  constructor(after: Subscriber<Reply>, ticket: SlotTicket) {
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

function noSlotInTime({ plan, row, context }: Operation, retryAt: number): RateLimitError {
  const { timeout, attempts } = context
  return new RateLimitError(
    `${plan.op}: the next slot of the rate limit ${row.rateKey} is free at ${new Date(retryAt).toISOString()}, and the ` +
      `deadline of ${timeout / 1000} s ends before. Run it again then, or give it more time with plan.with({ timeout: ` +
      `${Math.ceil((retryAt - context.clock.now() + timeout) / 1000) * 1000 + 1000} }).`,
    { status: 429, serverMessage: '', plan, attempts, retryAt },
  )
}
