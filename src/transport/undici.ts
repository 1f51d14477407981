import { AsyncResource } from 'node:async_hooks'
import { bundledImport, NetworkError, type Observer } from '../plan/index.ts'
import type { HttpReply, HttpRequest, Transport } from '../wire/index.ts'
import { ChunkStream } from './chunk-stream.ts'
import { readRawHeaders } from './join-headers.ts'
import { answerTooLarge, MAX_ANSWER_SIZE, networkError } from './network-error.ts'
import { usesProxy } from './surroundings.ts'
import { packingsOf, unpack, unpackStream } from './unpack.ts'

/** An undici dispatcher, typed structurally so that no undici type is needed to read this package. */
export interface Dispatcher {
  dispatch(options: object, handler: object): boolean | undefined
}

type Undici = typeof import('undici')

let loaded: Undici | undefined
let loading: Promise<Undici> | undefined
let proxies: Dispatcher | undefined

/**
 * Sends requests over undici, straight through `dispatch`. undici is loaded with the first request; from then on a
 * request starts within `subscribe`.
 *
 * Without a custom dispatcher it is the global one as it is at each request, so that what tests put there counts;
 * where `HTTPS_PROXY` is set and nobody replaced the global one, it is undici's `EnvHttpProxyAgent`.
 */
export function undiciTransport(
  options: { readonly dispatcher?: Dispatcher; readonly maxAnswerSize?: number } = {},
): Transport {
  const { dispatcher, maxAnswerSize = MAX_ANSWER_SIZE } = options
  return (request) => ({
    subscribe(observer) {
      const handler = new ReplyHandler(request, observer, maxAnswerSize)
      const own = dispatcher ?? (loaded === undefined ? undefined : globalDispatcher(loaded))
      if (own !== undefined) send(own, request, handler)
      else {
        load().then(
          (undici) => {
            if (handler.open) send(globalDispatcher(undici), request, handler)
          },
          (error: unknown) => handler.fail(error),
        )
      }
      return handler
    },
  })
}

function send(dispatcher: Dispatcher, request: HttpRequest, handler: ReplyHandler): void {
  const { url, method, body } = request
  // Lists are worth the time that unpacking takes; a single record is not.
  const headers = request.list === true ? { 'accept-encoding': 'gzip, br', ...request.headers } : request.headers
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const origin = slash === -1 ? url : url.slice(0, slash)
  const path = slash === -1 ? '/' : url.slice(slash)
  // A stream of events may be silent for as long as it likes.
  const options =
    request.stream === true
      ? { origin, path, method, headers, body, bodyTimeout: 0 }
      : { origin, path, method, headers, body }
  try {
    dispatcher.dispatch(options, handler)
  } catch (error) {
    handler.fail(error)
  }
}

function load(): Promise<Undici> {
  loading ??= bundledImport(() => import('undici')).then((undici) => {
    loaded = undici
    return undici
  })
  return loading
}

function globalDispatcher(undici: Undici): Dispatcher {
  const current = undici.getGlobalDispatcher() as unknown as Dispatcher
  // A minifier renames the class of a bundled undici; that of Node's own undici is known by its name alone.
  const isUnasked = current.constructor === undici.Agent || current.constructor.name === 'Agent'
  if (!usesProxy() || !isUnasked) return current
  proxies ??= new undici.EnvHttpProxyAgent() as unknown as Dispatcher
  return proxies
}

/** What both generations of undici hand over to abort a request. */
type Abort = (reason?: Error) => void

interface Controller {
  abort(reason: Error): void
}

// Nothing waits for the end of the resource, so that none of them needs the garbage collector to tell it.
const DESTROYED_WITH_ITS_REQUEST = { requireManualDestroy: true }

/**
 * Receives one answer of undici and tells the observer. It speaks both handler interfaces: the global dispatcher may be
 * the one of Node's own fetch, which is an older undici, or one of a newer release. What it tells, it tells in the async
 * context of the caller: a connection is shared, and belongs to the request that opened it.
 */
class ReplyHandler extends AsyncResource {
  readonly #request: HttpRequest
  readonly #observer: Observer<HttpReply>
  readonly #limit: number
  #size = 0
  #abort: Abort | undefined
  #started = false
  #done = false
  #status = 0
  #headers: Record<string, string> = {}
  #first: Uint8Array | undefined
  #more: Uint8Array[] | undefined
  #stream: ChunkStream | undefined
  #unpacking: ReturnType<typeof unpackStream> | undefined

  constructor(request: HttpRequest, observer: Observer<HttpReply>, limit: number) {
    super('TENANTLAB_REQUEST', DESTROYED_WITH_ITS_REQUEST)
    this.#limit = limit
    this.#request = request
    this.#observer = observer
  }

  /** False once the reply, an error, or the caller's leaving has ended it. */
  get open(): boolean {
    return !this.#done
  }

  /** Lets go of the request; one in flight is aborted. */
  unsubscribe(): void {
    // A reply with a stream has ended this subscription; from then on the stream's own subscription holds the request.
    if (!this.#done) this.#giveUp()
  }

  /** The dispatcher refused the request or broke down. */
  fail(error: unknown): void {
    if (this.#stream !== undefined) {
      this.#stream.fail(networkError(this.#request, error, 'begun'))
      return
    }
    if (this.#done) return
    this.#done = true
    const told =
      error instanceof NetworkError ? error : networkError(this.#request, error, this.#started ? 'begun' : 'not begun')
    this.runInAsyncScope(() => this.#observer.error?.(told))
  }

  // Interface of undici 7 and later

  onRequestStart(controller: Controller): void {
    this.#start((reason) => controller.abort(reason as Error))
  }

  onResponseStart(_controller: Controller, status: number, headers: Record<string, string | string[]>): void {
    if (status < 200) return
    const own: Record<string, string> = {}
    for (const name in headers) {
      const value = headers[name]
      if (value !== undefined) own[name] = typeof value === 'string' ? value : value.join(', ')
    }
    this.#begin(status, own)
  }

  onResponseData(_controller: Controller, chunk: Uint8Array): void {
    this.#take(chunk)
  }

  onResponseEnd(): void {
    this.#finish()
  }

  onResponseError(_controller: Controller, error: unknown): void {
    this.fail(error)
  }

  // Interface of undici 6 and earlier

  onConnect(abort: Abort): void {
    this.#start(abort)
  }

  onHeaders(status: number, raw: readonly (Uint8Array | string)[]): boolean {
    if (status >= 200) this.#begin(status, readRawHeaders(raw))
    return true
  }

  onData(chunk: Uint8Array): boolean {
    this.#take(chunk)
    return true
  }

  onComplete(): void {
    this.#finish()
  }

  onError(error: unknown): void {
    this.fail(error)
  }

  #start(abort: Abort): void {
    this.#abort = abort
    this.#started = true
    // Let go of while it waited for a connection.
    if (this.#done) this.#giveUp()
  }

  #begin(status: number, headers: Record<string, string>): void {
    this.#status = status
    this.#headers = headers
    if (this.#done || this.#request.stream !== true || status >= 300) return
    const stream = new ChunkStream(() => this.#giveUp())
    this.#stream = stream
    this.#done = true
    const packings = packingsOf(headers['content-encoding'])
    if (packings.length > 0) this.#unpackAsItComes(packings, stream)
    this.#give({ status, headers, body: '', chunks: stream })
  }

  #unpackAsItComes(packings: readonly string[], stream: ChunkStream): void {
    try {
      this.#unpacking = unpackStream(
        packings,
        (bytes) => stream.push(bytes),
        (error) => (error === undefined ? stream.end() : this.fail(error)),
      )
    } catch (error) {
      this.fail(error)
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#unpacking !== undefined) return this.#unpacking.write(chunk)
    if (this.#stream !== undefined) return this.#stream.push(chunk)
    if (this.#done) return
    this.#size += chunk.byteLength
    if (this.#size > this.#limit) return this.#refuse()
    if (this.#first === undefined) this.#first = chunk
    else {
      this.#more ??= [this.#first]
      this.#more.push(chunk)
    }
  }

  /** What the server still has is left with it. */
  #refuse(): void {
    const abort = this.#abort
    this.#abort = undefined
    this.#first = undefined
    this.#more = undefined
    this.fail(answerTooLarge(this.#request, this.#limit))
    abort?.(new Error('The answer is too large.'))
  }

  #finish(): void {
    this.#abort = undefined
    if (this.#unpacking !== undefined) return this.#unpacking.end()
    if (this.#stream !== undefined) {
      this.#stream.end()
      return
    }
    if (this.#done) return
    const encoding = this.#headers['content-encoding']
    if (encoding !== undefined && this.#first !== undefined) return this.#unpack(packingsOf(encoding))
    this.#done = true
    this.#give({ status: this.#status, headers: this.#headers, body: textOf(this.#bytes()) })
  }

  /** Packed answers come from between here and Auth0 although nobody asked for them. */
  #unpack(packings: readonly string[]): void {
    unpack(this.#bytes(), packings, this.#limit).then(
      (bytes) => {
        if (this.#done) return
        this.#done = true
        this.#give({ status: this.#status, headers: this.#headers, body: textOf(bytes) })
      },
      (error: unknown) => this.fail(error instanceof RangeError ? answerTooLarge(this.#request, this.#limit) : error),
    )
  }

  // A fault in the observer is no fault of the request: undici would report it to us, and it would be lost.
  #give(reply: HttpReply): void {
    try {
      this.runInAsyncScope(tell, undefined, this.#observer, reply)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #bytes(): Uint8Array {
    if (this.#first === undefined) return NOTHING
    return this.#more === undefined ? this.#first : Buffer.concat(this.#more)
  }

  #giveUp(): void {
    this.#done = true
    const abort = this.#abort
    this.#abort = undefined
    abort?.(new Error('The request was given up by its caller.'))
  }
}

function tell(observer: Observer<HttpReply>, reply: HttpReply): void {
  observer.next?.(reply)
  observer.complete?.()
}

const NOTHING = new Uint8Array()

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
