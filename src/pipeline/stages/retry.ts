import { EMPTY, mergeMap, type Observable, throwError } from 'rxjs'
import { ApiError, ConfigurationError, RateLimitError, TimeoutError } from '../../plan/index.ts'
import { decodeError, rateLimitOf } from '../../wire/index.ts'
import { after, following } from '../observable.ts'
import type { RetryOptions } from '../options.ts'
import { faultOfError, faultOfReply, grantOf, retryVerdict } from '../retry-verdict.ts'
import { builtIn, checkMembers, type Handler, type Operation, type Reply, type Stage } from '../stage.ts'

const INITIAL_DELAY = 500
const MAX_DELAY = 8000
const MAX_RETRIES = 9
/** Longest wait that a server may ask for. */
const CEILING = 60_000
/** The server's times are whole seconds, so a crowd that waits for one is spread over the second that follows. */
const SPREAD = 1000

/**
 * The stage that sends again where this is safe: see `retryVerdict` for the rules. It waits as long as the server says
 * (never shorter than its own back-off, at most a minute), else with full jitter, never past the deadline, at most ten
 * attempts, and a wait can be cancelled.
 *
 * @param options Beat the session's `retry` option for this pipeline.
 * @example
 * const auth0 = connect({ ...tenant.options, pipeline: [retry({ maxRetries: 3 }), token()] })
 * await auth0.users.list().run()
 */
export function retry(options?: RetryOptions): Stage {
  checkMembers('retry', options, ['maxRetries', 'initialDelay', 'maxDelay'])
  return builtIn(['maxRetries'], (next) => {
    if (typeof next !== 'function') {
      throw new ConfigurationError(
        'retry() of tenantlab/rx is a stage of connect({ pipeline }). In a pipe, write resend(), which tries again by the same rule.',
      )
    }
    return (operation) => sendAgain(next, operation, options)
  })
}

function sendAgain(next: Handler, operation: Operation, options: RetryOptions | undefined): Observable<Reply> {
  const { context } = operation

  const attempt = (number: number): Observable<Reply> =>
    following<Reply, Reply>(() => next(number === 1 ? operation : { ...operation, attempt: number }), {
      value: (reply) => (reply.status < 400 ? undefined : afterReply(reply, number)),
      error: (error) => afterError(error, number),
    })

  /** Another attempt, or nothing where this answer is the last. */
  const afterReply = (reply: Reply, number: number): Observable<Reply> | undefined => {
    const now = context.clock.now()
    const fault = faultOfReply(reply, now)
    const verdict = fault === undefined ? undefined : retryVerdict(question(operation, fault))
    if (verdict?.kind !== 'retry' || number > mostRetries(operation, options)) return undefined
    const pause = backoff(operation, options, number)
    const told = verdict.wait === 'server' ? serverDelay(operation, reply, now) : undefined
    if (told === undefined) {
      return fits(operation, now, pause) ? again(number, pause, 'backoff', verdict.reason) : undefined
    }
    const delay = Math.max(pause, told + context.session.random() * SPREAD)
    if (told <= CEILING && fits(operation, now, delay)) return again(number, delay, 'server', verdict.reason)
    return throwError(() => tooLate(operation, reply, now, Math.max(told, told <= CEILING ? delay : 0)))
  }

  const afterError = (error: unknown, number: number): Observable<Reply> | undefined => {
    // Nothing of this plan went out: its token could not be had, which was tried again within a deadline of its own.
    if (context.attempts === 0) return undefined
    const fault = faultOfError(error, operation.request.origin)
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
}

function question(operation: Operation, fault: NonNullable<ReturnType<typeof faultOfError>>) {
  const grant = operation.row.retry === 'grant' ? grantOf(operation) : undefined
  return { retryClass: operation.row.retry, fault, ...(grant !== undefined && { grant }) }
}

function mostRetries({ context }: Operation, own: RetryOptions | undefined): number {
  const session = context.session.retry
  if (context.maxRetries !== undefined) return context.maxRetries
  if (own !== undefined) return own.maxRetries ?? MAX_RETRIES
  return session === false ? 0 : (session?.maxRetries ?? MAX_RETRIES)
}

function backoff({ context }: Operation, own: RetryOptions | undefined, attempt: number): number {
  const options = own ?? (context.session.retry || undefined)
  const { initialDelay = INITIAL_DELAY, maxDelay = MAX_DELAY } = options ?? {}
  return context.session.random() * Math.min(maxDelay, initialDelay * 2 ** (attempt - 1))
}

function serverDelay({ context }: Operation, reply: Reply, now: number): number | undefined {
  const state = rateLimitOf(reply.headers, now, context.session.serverTime)
  if (state?.retryAfter !== undefined) return state.retryAfter
  return state?.resetAt === undefined ? undefined : Math.max(0, state.resetAt - now)
}

function fits({ context }: Operation, now: number, delay: number): boolean {
  const deadline = context.deadline()
  return deadline === undefined || now + delay < deadline
}

/** The server asks for a longer wait than the deadline, or a minute, allows. */
function tooLate(operation: Operation, reply: Reply, now: number, delay: number): Error {
  const { plan, row, context } = operation
  const { timeout, session } = context
  const retryAt = now + delay
  const decoded = decodeError(reply, row, plan, reply.attempt, now, context.secrets, session.serverTime?.ahead)
  const when = `${new Date(retryAt).toISOString()}, ${seconds(delay)} from now`
  const why =
    delay > CEILING
      ? 'and a plan waits for no longer than a minute. Run it again then.'
      : `and the deadline of ${seconds(timeout)} ends before. Run it again then, or give it more time with ` +
        `plan.with({ timeout: ${Math.ceil((delay + timeout) / 1000) * 1000 + 1000} }).`
  const what = reply.status === 429 ? 'Auth0 limits these requests' : 'Auth0 is not available'
  const message = `${plan.op}: ${what} until ${when}, ${why}`
  if (!(decoded instanceof ApiError)) {
    return new TimeoutError(message, { plan, attempts: reply.attempt, timeout, cause: decoded })
  }
  const { status, code, serverMessage, rateLimit, requestId, body, cause } = decoded
  const details = { status, code, serverMessage, rateLimit, requestId, body, plan, retryAt, cause }
  const Kind = reply.status === 429 ? RateLimitError : ApiError
  return new Kind(message, { ...details, attempts: reply.attempt })
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
