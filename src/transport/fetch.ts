import { NetworkError, type Observer } from '../plan/index.ts'
import type { HttpReply, HttpRequest, Transport } from '../wire/index.ts'
import { ChunkStream } from './chunk-stream.ts'
import { joinHeaders } from './join-headers.ts'
import { answerTooLarge, MAX_ANSWER_SIZE, networkError } from './network-error.ts'

/** The part of `fetch` that is used; a stand-in needs no more. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>

/**
 * Sends requests over `fetch`: the global one as it is at each request, unless one is given. It costs several times the
 * processor time of the undici transport; take it where `fetch` is what your platform or your test intercepts.
 */
export function fetchTransport(
  options: { readonly fetch?: FetchFunction; readonly maxAnswerSize?: number } = {},
): Transport {
  return (request) => ({
    subscribe(observer) {
      const controller = new AbortController()
      const subscription = new FetchExchange(request, observer, controller, options.maxAnswerSize ?? MAX_ANSWER_SIZE)
      void subscription.run(options.fetch ?? globalThis.fetch)
      return subscription
    },
  })
}

class FetchExchange {
  readonly #request: HttpRequest
  readonly #observer: Observer<HttpReply>
  readonly #controller: AbortController
  readonly #limit: number
  #done = false

  constructor(request: HttpRequest, observer: Observer<HttpReply>, controller: AbortController, limit: number) {
    this.#limit = limit
    this.#request = request
    this.#observer = observer
    this.#controller = controller
  }

  unsubscribe(): void {
    if (this.#done) return
    this.#done = true
    this.#controller.abort()
  }

  async run(fetch: FetchFunction): Promise<void> {
    const { url, method, headers, body } = this.#request
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: this.#controller.signal,
        ...(body !== undefined && { body: body as RequestInit['body'] }),
      })
      this.#reply(await readResponse(response, this.#request, this.#limit, () => this.#controller.abort()))
    } catch (error) {
      if (this.#done) return
      this.#done = true
      this.#controller.abort()
      this.#observer.error?.(error instanceof NetworkError ? error : networkError(this.#request, error, 'unknown'))
    }
  }

  #reply(reply: HttpReply): void {
    if (this.#done) return
    this.#done = true
    this.#observer.next?.(reply)
    this.#observer.complete?.()
  }
}

/**
 * The reply of a `Response` of `fetch`, or of what looks like one.
 *
 * @param limit Most bytes of the body, after it was unpacked.
 * @param giveUp Lets go of the request.
 */
export async function readResponse(
  response: Response,
  request: HttpRequest,
  limit: number,
  giveUp: () => void,
): Promise<HttpReply> {
  const { status } = response
  const headers = joinHeaders(response.headers)
  const bytes = response.body as unknown as AsyncIterable<Uint8Array> | null
  if (bytes === null) return { status, headers, body: '' }
  if (request.stream === true && response.ok) {
    const chunks = new ChunkStream(giveUp)
    void pour(bytes, chunks, request)
    return { status, headers, body: '', chunks }
  }
  const decoder = new TextDecoder()
  let body = ''
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > limit) throw answerTooLarge(request, limit)
    body += decoder.decode(chunk, { stream: true })
  }
  return { status, headers, body: body + decoder.decode() }
}

async function pour(bytes: AsyncIterable<Uint8Array>, chunks: ChunkStream, request: HttpRequest): Promise<void> {
  try {
    for await (const chunk of bytes) chunks.push(chunk)
    chunks.end()
  } catch (error) {
    chunks.fail(networkError(request, error, 'begun'))
  }
}
