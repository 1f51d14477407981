import { EMPTY, mergeMap, type Observable, throwError } from 'rxjs'
import { RateLimitError, TimeoutError } from '../../plan/index.ts'
import { decodeError, parseRateLimit } from '../../wire/index.ts'
import { faultOfError, faultOfReply, grantOf } from '../fault.ts'
import { after, following } from '../observable.ts'
import type { RetryOptions } from '../options.ts'
import { retryVerdict } from '../retry-verdict.ts'
import { honouring, type Operation, type Reply, type Stage } from '../stage.ts'

const BASE = 500
const MOST = 10_000
/** The server's reset is a whole second, so a crowd that waits for it is spread over the second that follows. */
const SPREAD = 1000

/**
 * The stage that sends again where this is safe: see `retryVerdict` for the rules. It waits as long as the server says,
 * else with full jitter, never past the deadline, and a wait can be cancelled.
 *
 * @param options Beat the session's `retry` option for this pipeline.
 */
export function retry(options?: RetryOptions): Stage {
  return honouring(['maxRetries'], (next) => (operation) => {
    const { context } = operation

    const attempt = (number: number): Observable<Reply> =>
      following<Reply, Reply>(next(number === 1 ? operation : { ...operation, attempt: number }), {
        value: (reply) => (reply.status < 400 ? undefined : afterReply(reply, number)),
        error: (error) => afterError(error, number),
      })

    /** Another attempt, or nothing where this answer is the last. */
    const afterReply = (reply: Reply, number: number): Observable<Reply> | undefined => {
      const now = context.clock.now()
      const fault = faultOfReply(reply, now)
      const verdict = fault === undefined ? undefined : retryVerdict(question(operation, fault))
      if (verdict?.kind !== 'retry' || number > mostRetries(operation, options)) return undefined
      const told = verdict.wait === 'server' ? serverDelay(reply, now) : undefined
      const delay =
        told === undefined
          ? backoff(operation, options, number)
          : told + (reply.headers['retry-after'] === undefined ? context.session.random() * SPREAD : 0)
      if (fits(operation, now, delay)) {
        return again(number, delay, told === undefined ? 'backoff' : 'server', verdict.reason)
      }
      if (told === undefined || reply.status !== 429) return undefined
      return throwError(() => tooLate(operation, reply, now, told))
    }

    const afterError = (error: unknown, number: number): Observable<Reply> | undefined => {
      // Nothing of this plan went out: its token could not be had, which was tried again within a deadline of its own.
      if (context.deadline() === undefined) return undefined
      const fault = faultOfError(error)
      const verdict = fault === undefined ? undefined : retryVerdict(question(operation, fault))
      if (verdict?.kind !== 'retry' || number > mostRetries(operation, options)) return undefined
      const delay = backoff(operation, options, number)
      if (!fits(operation, context.clock.now(), delay)) return undefined
      return again(number, delay, 'backoff', verdict.reason)
    }

    const again = (number: number, delay: number, reason: 'server' | 'backoff', why: string): Observable<Reply> => {
      const at = context.clock.now()
      const ms = Math.round(delay)
      context.emit({ kind: 'retry', at, attempt: number, reason: why, delay: ms })
      context.emit({ kind: 'wait', at, reason, ms, rateKey: operation.row.rateKey })
      return after(context.clock, ms).pipe(mergeMap(() => (context.open ? attempt(number + 1) : EMPTY)))
    }

    return attempt(1)
  })
}

function question(operation: Operation, fault: NonNullable<ReturnType<typeof faultOfError>>) {
  const grant = operation.row.retry === 'grant' ? grantOf(operation) : undefined
  return { retryClass: operation.row.retry, fault, ...(grant !== undefined && { grant }) }
}

function mostRetries({ context }: Operation, own: RetryOptions | undefined): number {
  const session = context.session.retry
  if (context.maxRetries !== undefined) return context.maxRetries
  if (own !== undefined) return own.maxRetries ?? Number.POSITIVE_INFINITY
  return session === false ? 0 : (session?.maxRetries ?? Number.POSITIVE_INFINITY)
}

function backoff({ context }: Operation, own: RetryOptions | undefined, attempt: number): number {
  const options = own ?? (context.session.retry || undefined)
  const ceiling = Math.min(options?.most ?? MOST, (options?.base ?? BASE) * 2 ** (attempt - 1))
  return context.session.random() * ceiling
}

function serverDelay(reply: Reply, now: number): number | undefined {
  const state = parseRateLimit(reply.headers, now)
  if (state?.retryAfter !== undefined) return state.retryAfter
  return state?.resetAt === undefined ? undefined : Math.max(0, state.resetAt - now)
}

function fits({ context }: Operation, now: number, delay: number): boolean {
  const deadline = context.deadline()
  return deadline === undefined || now + delay < deadline
}

function tooLate(operation: Operation, reply: Reply, now: number, delay: number): Error {
  const { plan, row, context } = operation
  const retryAt = now + delay
  const decoded = decodeError(reply, row, plan, reply.attempt, now)
  const when = `${new Date(retryAt).toISOString()}, ${seconds(delay)} from now`
  const next = `Run it again then, or give it more time with plan.with({ timeout: ${Math.ceil((delay + context.timeout) / 1000) * 1000} }).`
  const message = `${plan.op}: Auth0 limits these requests until ${when}, and the deadline of ${seconds(context.timeout)} ends before. ${next}`
  if (!(decoded instanceof RateLimitError)) {
    return new TimeoutError(message, { plan, attempts: reply.attempt, timeout: context.timeout, cause: decoded })
  }
  const { status, code, serverMessage, rateLimit, requestId, body } = decoded
  const details = { status, code, serverMessage, rateLimit, requestId, body }
  return new RateLimitError(message, { ...details, plan, attempts: reply.attempt, retryAt, cause: decoded.cause })
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
