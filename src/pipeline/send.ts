import { Observable, Subscriber } from 'rxjs'
import { AbortedError, isMethodOverride, type ResponseEvent, WriteDeniedError } from '../plan/index.ts'
import {
  faultOfAnswer,
  finish,
  type HttpReply,
  type HttpRequest,
  noteReached,
  rateLimitOf,
  redactSearch,
  requestIdOf,
  type Transport,
} from '../wire/index.ts'
import { feed } from './observable.ts'
import { faultOfError } from './retry-verdict.ts'
import type { Handler, Operation, OperationContext, Reply } from './stage.ts'

/** What a session lets through. */
export type Writes = 'allow' | 'deny' | 'check'

/**
 * True for a request that would change the tenant, by its row or, should a stage have changed it, by its method; also for one that
 * asks a server to take another method for it.
 */
export function isWrite({ row, request }: Pick<Operation, 'row' | 'request'>): boolean {
  if (row.effect === 'write') return true
  if (request.method !== row.method && request.method !== 'GET') return true
  const names = [...Object.keys(request.headers), ...new URLSearchParams(request.search).keys()]
  return names.some(isMethodOverride)
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
  return (operation) =>
    new Observable<Reply>((subscriber) => {
      const { context, plan, request } = operation
      if (!context.open) {
        throw new AbortedError(`${plan.op}: a stage called next() after the execution had ended.`, { plan })
      }
      if (writes !== 'allow' && isWrite(operation)) throw writeDenied(operation, writes)
      const send = (http: HttpRequest): void => {
        const answered = new AnsweredSubscriber(subscriber, operation)
        const pending = context.gate?.(plan)
        if (pending === undefined) return feed(transport(http), answered)
        const release = context.hold()
        pending.then(
          () => {
            release()
            if (!answered.closed) feed(transport(http), answered)
          },
          (error: unknown) => answered.keptBack(error),
        )
      }
      const http = finish(request)
      // Made by this package alone, so a promise is of this realm.
      if (!(http instanceof Promise)) return send(http)
      http.then(
        (done) => {
          if (!subscriber.closed) send(done)
        },
        (error: unknown) => subscriber.error(error),
      )
    })
}

/** Tells of the attempt and of its answer. */
class AnsweredSubscriber extends Subscriber<HttpReply> {
  readonly #after: Subscriber<Reply>
  readonly #context: OperationContext
  readonly #attempt: number
  readonly #effect: Operation['row']['effect']
  readonly #began: number
  readonly #origin: string

  constructor(after: Subscriber<Reply>, operation: Operation) {
    super(after)
    this.#after = after
    const { context, request, row } = operation
    this.#context = context
    this.#effect = row.effect === 'write' && request.method === 'GET' ? 'read' : row.effect
    this.#attempt = context.beginAttempt(this.#effect)
    this.#began = context.clock.now()
    const { method, origin, path, search } = request
    this.#origin = origin
    const url = search === '' ? origin + path : origin + path + redactSearch(search)
    context.emit({ kind: 'attempt', at: this.#began, attempt: this.#attempt, method, url })
  }

  /** The gate did not let the request go. */
  keptBack(error: unknown): void {
    this.#context.endAttempt(this.#effect, 'not-sent')
    this.#after.error(error)
    this.unsubscribe()
  }

  protected override _error(error: unknown): void {
    this.#context.endAttempt(this.#effect, faultOfError(error, this.#origin) ?? 'broken')
    this.#after.error(error)
  }

  protected override _next(reply: HttpReply): void {
    const attempt = this.#attempt
    const at = this.#context.clock.now()
    this.#context.endAttempt(this.#effect, faultOfAnswer(reply))
    noteReached(this.#origin)
    const { serverTime } = this.#context.session
    serverTime?.heard(reply.headers.date, this.#began, at)
    const rateLimit = rateLimitOf(reply.headers, at, serverTime)
    const requestId = requestIdOf(reply)
    const told: { -readonly [K in keyof ResponseEvent]: ResponseEvent[K] } = {
      kind: 'response',
      at,
      attempt,
      status: reply.status,
      ms: at - this.#began,
    }
    if (requestId !== undefined) told.requestId = requestId
    if (rateLimit !== undefined) told.rateLimit = rateLimit
    this.#context.emit(told)
    this.#after.next(withAttempt(reply, attempt))
    this.#after.complete()
  }
}

function withAttempt(reply: HttpReply, attempt: number): Reply {
  const { status, headers, body, chunks } = reply
  return chunks === undefined ? { status, headers, body, attempt } : { status, headers, body, chunks, attempt }
}
