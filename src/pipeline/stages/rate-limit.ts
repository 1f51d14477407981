import type { Unsubscribable } from '../../plan/index.ts'
import { limiterFor } from '../limiter/registry.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import { Source } from '../source.ts'
import { honouring, type Reply, type Stage } from '../stage.ts'

/**
 * The stage that keeps the tenant's rate limit: it waits for a slot of the operation's bucket, which all plans of the
 * process share, and tells the bucket what the answer's headers say. Waiting does not count against the deadline.
 *
 * @param options A ceiling, or the name of an Auth0 plan; the session's `rateLimit` when left out.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 */
export function rateLimit(options?: RateLimitPreset | RateLimitOptions): Stage {
  return honouring(['maxQueue'], (next) => (operation) => {
    return new Source<Reply>((sink) => {
      const { context, row } = operation
      const { session } = context
      const limiter = options === undefined ? session.limiter : limiterFor(session.tenant, context.clock, options)
      let inner: Unsubscribable | undefined
      let resume: (() => void) | undefined
      let reply: Reply | undefined

      const ticket = limiter.acquire(row.rateKey, {
        maxQueue: context.maxQueue,
        plan: operation.plan,
        granted() {
          resume?.()
          resume = undefined
          inner = next(operation).subscribe({
            next(value) {
              reply = value
              ticket.settle(value)
              sink.next(value)
            },
            error(error) {
              ticket.settle(undefined)
              sink.error(error)
            },
            complete() {
              ticket.settle(reply)
              sink.complete()
            },
          })
        },
        refused(error) {
          sink.error(error)
        },
      })
      if (ticket.queued) {
        resume = context.hold()
        const at = context.clock.now()
        const ms = ticket.estimate()
        context.emit({ kind: 'wait', at, reason: 'slot', rateKey: row.rateKey, ...(ms !== undefined && { ms }) })
      } else ticket.begin()
      return () => {
        ticket.settle(undefined)
        resume?.()
        inner?.unsubscribe()
      }
    })
  })
}
