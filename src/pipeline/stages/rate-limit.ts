import { finalize, Observable, tap } from 'rxjs'
import type { RateLimiter, Ticket } from '../limiter/contract.ts'
import { limiterFor } from '../limiter/registry.ts'
import { following, observed } from '../observable.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import { honouring, type Operation, type Reply, type Stage } from '../stage.ts'

/**
 * The stage that keeps the tenant's rate limit: it waits for a slot of the operation's bucket, which all plans of the
 * process share, and tells the bucket what the answer's headers say. Waiting does not count against the deadline.
 *
 * @param options A ceiling, or the name of an Auth0 plan; the session's `rateLimit` when left out.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 */
export function rateLimit(options?: RateLimitPreset | RateLimitOptions): Stage {
  return honouring(['maxQueue'], (next) => (operation) => {
    const { session, clock } = operation.context
    const limiter = options === undefined ? session.limiter : limiterFor(session.tenant, clock, options)
    return following<Ticket, Reply>(slot(limiter, operation), {
      value: (ticket) =>
        observed(next(operation)).pipe(
          tap((reply) => ticket.settle(reply)),
          finalize(() => ticket.settle(undefined)),
        ),
    })
  })
}

/**
 * A slot of the operation's bucket: at once where one is free, else after a wait that can be left. The slot stays held
 * until its ticket is settled.
 */
function slot(limiter: RateLimiter, operation: Operation): Observable<Ticket> {
  const { context, row, plan } = operation
  return new Observable<Ticket>((subscriber) => {
    let resume: (() => void) | undefined
    const ticket = limiter.acquire(row.rateKey, {
      maxQueue: context.maxQueue,
      plan,
      granted() {
        resume?.()
        resume = undefined
        subscriber.next(ticket)
        subscriber.complete()
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
      if (ticket.queued) ticket.settle(undefined)
    }
  })
}
