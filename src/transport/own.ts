import { ConfigurationError, isPromise, type Subscribable, type Unsubscribable } from '../plan/index.ts'
import type { HttpReply, HttpRequest, Transport } from '../wire/index.ts'
import { readResponse } from './fetch.ts'
import { joinHeaders } from './join-headers.ts'
import { answerTooLarge, MAX_ANSWER_SIZE, networkError, placeOf } from './network-error.ts'

/** A custom transport: gets the request, gives the reply, at once or later. */
export type ReplyFunction = (
  request: HttpRequest,
) => Subscribable<HttpReply | Response> | PromiseLike<HttpReply | Response> | HttpReply | Response

/**
 * A transport from a function: what it gives may be an observable (RxJS's too), a promise, or the reply itself, and
 * the `Response` of `fetch` is taken in place of a reply. Unsubscribing fires `request.signal` and leaves an observable; a
 * promise that is on its way is not waited for.
 */
export function ownTransport(give: ReplyFunction, maxAnswerSize = MAX_ANSWER_SIZE): Transport {
  return (request) => ({
    subscribe(observer) {
      let open = true
      let inner: Unsubscribable | undefined
      const fail = (error: unknown): void => {
        if (!open) return
        open = false
        given.end()
        observer.error?.(isOurs(error) ? error : networkError(request, error, 'unknown'))
      }
      const finish = (reply: HttpReply | Response): void => {
        if (!open) return
        if (isResponse(reply)) {
          if (reply.bodyUsed) {
            fail(wrong(request, 'gave a Response whose body was read before', 'Give it unread, or a clone of it.'))
            return
          }
          readResponse(reply, request, maxAnswerSize, () => given.giveUp()).then(finish, fail)
          return
        }
        let checked: HttpReply
        try {
          checked = checkReply(reply, request)
          if (checked.body.length > maxAnswerSize) throw answerTooLarge(request, maxAnswerSize)
        } catch (error) {
          fail(error)
          return
        }
        open = false
        given.end()
        observer.next?.(checked)
        observer.complete?.()
      }
      const given = new GivenRequest(request)
      const close = (): void => {
        if (!open) return
        open = false
        inner?.unsubscribe()
        given.giveUp(new DOMException('The plan was aborted, or its deadline has passed.', 'AbortError'))
      }
      try {
        const answer = give(given)
        const source = observableOf(answer)
        if (source !== undefined) {
          let ended = false
          inner = source.subscribe({
            next(reply) {
              if (!open) return
              finish(reply)
              ended = true
              // One request, one reply: whatever the source still has is left with it.
              inner?.unsubscribe()
            },
            error: fail,
            complete: () => open && fail(wrong(request, 'completed without a reply', 'Give one reply per request.')),
          })
          if (ended) inner.unsubscribe()
        } else if (isPromise(answer)) (answer as PromiseLike<HttpReply | Response>).then(finish, fail)
        else finish(answer as HttpReply)
      } catch (error) {
        fail(error)
      }
      return { unsubscribe: close }
    },
  })
}

/**
 * The request as the function gets it. Its `signal` is made where it is asked for, by a getter of the class: one that is
 * defined for each request costs a shape each, which the engine keeps with all that the getter sees.
 */
class GivenRequest implements HttpRequest {
  declare readonly method: HttpRequest['method']
  declare readonly url: string
  declare readonly headers: HttpRequest['headers']
  #controller: AbortController | undefined
  #over = false

  constructor(request: HttpRequest) {
    Object.assign(this, request)
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#over) this.#controller.abort()
    return this.#controller.signal
  }

  /** What is asked of the signal from now on is too late. */
  end(): void {
    this.#over = true
  }

  giveUp(reason?: unknown): void {
    this.#over = true
    this.#controller?.abort(reason)
  }
}

function observableOf(value: unknown): Subscribable<HttpReply | Response> | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const source = value as { subscribe?: unknown; [key: PropertyKey]: unknown }
  if (typeof source.subscribe === 'function') return value as Subscribable<HttpReply | Response>
  const { observable } = Symbol as { readonly observable?: symbol }
  const interop = source['@@observable'] ?? (observable === undefined ? undefined : source[observable])
  return typeof interop === 'function' ? (interop.call(value) as Subscribable<HttpReply | Response>) : undefined
}

function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null) return false
  const { text, headers } = value as { text?: unknown; headers?: { forEach?: unknown } }
  return typeof text === 'function' && typeof headers?.forEach === 'function'
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && typeof (error as { kind?: unknown }).kind === 'string'
}

function checkReply(reply: unknown, request: HttpRequest): HttpReply {
  const next = 'Give { status: 200, headers: { … }, body: "…" }.'
  if (typeof reply !== 'object' || reply === null)
    throw wrong(request, `gave ${describe(reply)} in place of a reply`, next)
  const { status, headers = {}, body = '', chunks } = reply as Partial<HttpReply>
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw wrong(request, `gave a reply whose status is ${describe(status)}, not a number from 200 to 599`, next)
  }
  if (typeof body !== 'string') {
    throw wrong(
      request,
      `gave a reply whose body is ${describe(body)}, not text`,
      'Give the body as text: JSON.stringify(value) for a value, await response.text() for a Response.',
    )
  }
  return { status, headers: plainHeaders(headers, request), body, ...(chunks !== undefined && { chunks }) }
}

function plainHeaders(headers: unknown, request: HttpRequest): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) {
    throw wrong(request, `gave a reply whose headers are ${describe(headers)}`, 'Give an object of names and values.')
  }
  return joinHeaders(Symbol.iterator in headers ? (headers as Iterable<[string, unknown]>) : Object.entries(headers))
}

function wrong(request: HttpRequest, what: string, next: string): ConfigurationError {
  return new ConfigurationError(`${placeOf(request)}: the transport given to connect() ${what}. ${next}`)
}

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value)
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
