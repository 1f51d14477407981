import type { Observer } from '../plan/index.ts'
import type { HttpReply, HttpRequest, Transport } from '../wire/index.ts'
import { ChunkStream } from './chunk-stream.ts'
import { joinHeaders } from './join-headers.ts'
import { networkError } from './network-error.ts'

/** The part of `fetch` that is used; a stand-in needs no more. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>

/**
 * Sends requests over `fetch`: the global one as it is at each request, unless one is given. It costs several times the
 * processor time of the undici transport; take it where `fetch` is what your platform or your test intercepts.
 */
export function fetchTransport(options: { readonly fetch?: FetchFunction } = {}): Transport {
  return (request) => ({
    subscribe(observer) {
      const controller = new AbortController()
      const subscription = new FetchExchange(request, observer, controller)
      void subscription.run(options.fetch ?? globalThis.fetch)
      return subscription
    },
  })
}

class FetchExchange {
  readonly #request: HttpRequest
  readonly #observer: Observer<HttpReply>
  readonly #controller: AbortController
  #done = false

  constructor(request: HttpRequest, observer: Observer<HttpReply>, controller: AbortController) {
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
      const plain = joinHeaders(response.headers)
      if (this.#request.stream === true && response.ok && response.body !== null) await this.#stream(response, plain)
      else this.#reply({ status: response.status, headers: plain, body: await response.text() })
    } catch (error) {
      if (this.#done) return
      this.#done = true
      this.#observer.error?.(networkError(this.#request, error, 'unknown'))
    }
  }

  #reply(reply: HttpReply): void {
    if (this.#done) return
    this.#done = true
    this.#observer.next?.(reply)
    this.#observer.complete?.()
  }

  async #stream(response: Response, headers: Record<string, string>): Promise<void> {
    const chunks = new ChunkStream(() => this.#controller.abort())
    this.#reply({ status: response.status, headers, body: '', chunks })
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
      chunks.end()
    } catch (error) {
      chunks.fail(networkError(this.#request, error, 'unknown'))
    }
  }
}
