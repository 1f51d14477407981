import { defer, from, map, mergeMap, type Observable, take } from 'rxjs'
import { AbortedError, WriteDeniedError } from '../plan/index.ts'
import { finish, type HttpReply, type HttpRequest, redactSearch, type Transport } from '../wire/index.ts'
import { isPromise, observed } from './observable.ts'
import { rateLimitOf } from './rate-limit-state.ts'
import type { Handler, Operation, Reply } from './stage.ts'

/** What a session lets through. */
export type Writes = 'allow' | 'deny' | 'predict'

/** True for a request that would change the tenant, by its row or, should a stage have changed it, by its method. */
export function isWrite({ row, request }: Pick<Operation, 'row' | 'request'>): boolean {
  if (row.effect === 'write') return true
  return request.method !== row.method && request.method !== 'GET'
}

/** The refusal of a write. */
export function writeDenied({ plan, row }: Pick<Operation, 'plan' | 'row'>, writes: Writes): WriteDeniedError {
  const what = plan.op === 'raw' ? `${plan.route}` : `${plan.op} (${row.method} ${row.path})`
  const next =
    writes === 'deny'
      ? "Connect with writes: 'allow' to send it, or look at it with plan.explain() and plan.diff()."
      : "This session predicts writes. Connect with writes: 'allow' to send it."
  return new WriteDeniedError(
    `${what} is a write, and the session has writes: '${writes}'. Nothing was sent. ${next}`,
    {
      plan,
      attempts: 0,
    },
  )
}

/**
 * The inner end of the frame: guards against writes, encodes, counts the attempt and hands it to the transport. Stages
 * stand before it and cannot leave it out.
 */
export function sendThrough(transport: Transport, writes: Writes): Handler {
  const send = (operation: Operation, http: HttpRequest): Observable<Reply> => {
    const { context, request } = operation
    const { clock } = context
    const attempt = context.beginAttempt()
    const began = clock.now()
    const { method, origin, path, search } = request
    const url = search === '' ? origin + path : origin + path + redactSearch(search)
    context.emit({ kind: 'attempt', at: began, attempt, method, url })
    return observed(transport(http)).pipe(
      take(1),
      map((reply) => {
        const at = clock.now()
        const rateLimit = rateLimitOf(reply.headers, at)
        const requestId = reply.headers['x-request-id'] ?? reply.headers['x-auth0-requestid']
        context.emit({
          kind: 'response',
          at,
          attempt,
          status: reply.status,
          ms: at - began,
          ...(requestId !== undefined && { requestId }),
          ...(rateLimit !== undefined && { rateLimit }),
        })
        return withAttempt(reply, attempt)
      }),
    )
  }
  return (operation) =>
    defer(() => {
      const { context, plan, request } = operation
      if (!context.open) {
        throw new AbortedError(`${plan.op}: a stage called next() after the execution had ended.`, { plan })
      }
      if (writes !== 'allow' && isWrite(operation)) throw writeDenied(operation, writes)
      const http = finish(request)
      return isPromise(http)
        ? from(http as Promise<HttpRequest>).pipe(mergeMap((done) => send(operation, done)))
        : send(operation, http as HttpRequest)
    })
}

function withAttempt(reply: HttpReply, attempt: number): Reply {
  const { status, headers, body, chunks } = reply
  return chunks === undefined ? { status, headers, body, attempt } : { status, headers, body, chunks, attempt }
}
