import type { OperationRow } from '../../catalogue/index.ts'
import {
  ApiError,
  isJsonObject,
  type Json,
  messageOf,
  NetworkError,
  type Page,
  type PlanData,
  planData,
  type SecretValues,
  type Subscribable,
  type Unsubscribable,
  ValidationError,
} from '../../plan/index.ts'
import type { Caller, Requester } from '../request.ts'
import { makePage } from './page.ts'
import type { Wanted } from './page-route.ts'
import { Sequence } from './sequence.ts'
import { MessageReader, type ServerMessage } from './server-sent-events.ts'

/** How often the stream is asked for again without having said anything in between. */
const TRIES = 5
const PAUSE = 1000
/** Characters of events that are kept while nobody takes them. */
const MOST_KEPT = 4 * 1024 * 1024

/**
 * The pages of a stream of server-sent events: what has come since the last page, at least one event. A stream that
 * breaks or ends is asked for again from the last cursor, so that no event is lost or doubled.
 *
 * @see https://auth0.com/docs/customize/events/consume-events-with-events-api
 */
export function streamPages<T>(
  requester: Requester,
  data: PlanData,
  row: OperationRow,
  secrets: SecretValues,
  caller: Caller,
  wanted: Wanted = {},
): AsyncGenerator<Page<T>, void> & Unsubscribable {
  if (wanted.whole === true) {
    throw new ValidationError(
      `${data.op}: a stream of events has no end, so it cannot be collected whole. Use take(count), or for await … of the plan.`,
      { plan: data, issues: [{ path: 'repeat', rule: 'a stream needs a number of items' }] },
    )
  }
  const sequence = new Sequence(requester, row, secrets, caller)
  const inbox = new Inbox(data)
  const pages = generate<T>(requester, data, row, secrets, caller, sequence, inbox)
  return Object.assign(pages, {
    unsubscribe() {
      sequence.unsubscribe()
      inbox.close()
    },
  })
}

async function* generate<T>(
  requester: Requester,
  data: PlanData,
  row: OperationRow,
  secrets: SecretValues,
  caller: Caller,
  sequence: Sequence,
  inbox: Inbox,
): AsyncGenerator<Page<T>, void> {
  const { clock } = requester.config
  const { repeat: _, ...rest } = data
  let silent = 0
  let pages = 0
  let collected = 0
  try {
    for (;;) {
      const { cursor } = inbox
      const query = cursor === undefined ? rest.query : { ...rest.query, from: cursor }
      const { reply } = await sequence.request(query === undefined ? rest : { ...rest, query })
      if (reply?.chunks === undefined) throw noStream(data)
      inbox.fill(reply.chunks)
      for (let items = await inbox.take(); items !== undefined; items = await inbox.take()) {
        silent = 0
        pages += 1
        collected += items.length
        caller.emit({ kind: 'page', at: clock.now(), page: pages, items: items.length, collected })
        const next = planData({ ...data, query: { ...data.query, ...(inbox.cursor && { from: inbox.cursor }) } })
        yield makePage<T>(requester.config, row, data, secrets, items as T[], undefined, next)
      }
      if (inbox.paused) {
        caller.emit({ kind: 'wait', at: clock.now(), reason: 'buffer', ms: 0 })
        continue
      }
      silent += 1
      if (silent >= TRIES) throw inbox.failure ?? silence(data)
      const ms = PAUSE * silent
      caller.emit({ kind: 'wait', at: clock.now(), reason: 'backoff', ms })
      await sequence.wait(ms)
    }
  } finally {
    sequence.unsubscribe()
    inbox.close()
  }
}

/** Keeps what the stream gave until it is asked for. */
class Inbox {
  readonly #plan: PlanData
  #items: Json[] = []
  #size = 0
  /** The stream was left because its events were taken too slowly. */
  paused = false
  #subscription: Unsubscribable | undefined
  #ended = false
  #closed = false
  #wake: (() => void) | undefined
  cursor: string | undefined
  failure: unknown

  constructor(plan: PlanData) {
    this.#plan = plan
  }

  fill(chunks: Subscribable<string>): void {
    const reader = new MessageReader()
    this.#ended = false
    this.paused = false
    this.failure = undefined
    const end = (error?: unknown): void => {
      this.failure = error
      this.#ended = true
      this.#awake()
    }
    this.#subscription = chunks.subscribe({
      next: (text) => {
        this.#read(reader, text)
        if (this.#items.length > 0) this.#awake()
      },
      error: end,
      complete: () => end(),
    })
  }

  /** What has come, waiting for something to come; `undefined` when the stream has ended. */
  async take(): Promise<Json[] | undefined> {
    while (this.#items.length === 0 && !this.#ended && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#items.length === 0) {
      // A network fault is answered by asking again; what the server itself said is final.
      if (this.failure !== undefined && !(this.failure instanceof NetworkError)) throw this.failure
      return undefined
    }
    const items = this.#items
    this.#items = []
    this.#size = 0
    return items
  }

  close(): void {
    this.#closed = true
    this.#subscription?.unsubscribe()
    this.#awake()
  }

  #read(reader: MessageReader, text: string): void {
    try {
      for (const message of reader.read(text)) {
        if (this.#ended) return
        this.#accept(message)
        this.#size += message.data.length
        if (this.#size > MOST_KEPT) return this.#pause()
      }
    } catch (error) {
      this.failure = unreadable(this.#plan, error)
      this.#ended = true
      this.#subscription?.unsubscribe()
    }
  }

  /** Too much waits to be taken: the stream is left, and asked for again from the last cursor. */
  #pause(): void {
    this.paused = true
    this.#ended = true
    this.#subscription?.unsubscribe()
  }

  #accept(message: ServerMessage): void {
    const value = parse(message.data)
    if (isJsonObject(value)) {
      if (typeof value.offset === 'string') this.cursor = value.offset
      else if (message.id !== undefined) this.cursor = message.id
      if (value.type === 'offset-only') return
      if (value.type === 'error') {
        this.failure = told(this.#plan, value.error)
        this.#ended = true
        this.#subscription?.unsubscribe()
        return
      }
    } else if (message.id !== undefined) this.cursor = message.id
    this.#items.push(value)
  }

  #awake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    // Text that is no JSON is an event all the same; decoding is lenient.
    return text
  }
}

function told(plan: PlanData, detail: Json | undefined): ApiError {
  const { code, message } = isJsonObject(detail) ? detail : { code: undefined, message: undefined }
  const serverMessage = typeof message === 'string' ? message : 'no reason'
  return new ApiError(
    `${plan.op}: the stream of events ended in an error: ${serverMessage.replace(/[.\s]+$/, '')}. ` +
      'Subscribe again; when a cursor is no longer known, leave from out or pass from_timestamp.',
    { plan, status: 200, serverMessage, body: detail, ...(typeof code === 'string' && { code }) },
  )
}

function unreadable(plan: PlanData, cause: unknown): ApiError {
  const why = messageOf(cause)
  return new ApiError(`${plan.op}: the stream of events cannot be read: ${why}. Subscribe again later.`, {
    plan,
    status: 200,
    serverMessage: '',
    cause,
  })
}

function noStream(plan: PlanData): NetworkError {
  return new NetworkError(
    `${plan.op}: the transport gave no stream. Give the reply's body as chunks when request.stream is true.`,
    { plan },
  )
}

function silence(plan: PlanData): NetworkError {
  return new NetworkError(
    `${plan.op}: the server ended the stream ${TRIES} times without an event. Run the plan again later.`,
    { plan },
  )
}
