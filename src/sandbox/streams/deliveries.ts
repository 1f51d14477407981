import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { collection, type TenantEvent } from '../contract.ts'
import type { Core } from '../core.ts'
import { categoryOf } from './categories.ts'
import { type Posted, post } from './post.ts'

const EVENT_STREAMS = '/api/v2/event-streams'
const LOG_STREAMS = '/api/v2/log-streams'
/** Real milliseconds before each try: this machine is near, and a test does not wait for minutes. */
const TRIES = [0, 100, 400]

/** Delivers events to webhooks and log events to HTTP log streams, on loopback alone. */
export interface Deliveries {
  /** Ends what is on its way. */
  close(): void
}

/** Starts to deliver what happens from now on. */
export function createDeliveries(core: Core): Deliveries {
  const ending = new AbortController()
  const work = (task: Promise<void>): void => {
    task.catch((error: unknown) => {
      if (!ending.signal.aborted) throw error
    })
  }
  core.events.subscribe((event) => {
    for (const stream of collection(core.tables, EVENT_STREAMS).values())
      if (wants(stream, event)) work(deliverEvent(core, stream, event.event, ending.signal))
  })
  // Deliveries that were asked for again, or that a test made, wait in the table of their stream.
  core.events.onPending((streamId) => {
    const stream = collection(core.tables, EVENT_STREAMS).get(streamId)
    const waiting = [...collection(core.tables, deliveriesOf(streamId)).values()].filter(
      (each) => each.status === 'pending' && isJsonObject(each.event),
    )
    if (stream) for (const each of waiting) work(deliverEvent(core, stream, each.event as JsonObject, ending.signal))
  })
  const queues = new Map<string, JsonObject[]>()
  core.tables.logs.watch((before, after) => {
    if (before !== undefined || after === undefined) return
    for (const stream of collection(core.tables, LOG_STREAMS).values()) {
      if (!follows(stream, String(after.type))) continue
      const id = String(stream.id)
      const waiting = queues.get(id)
      if (waiting) waiting.push(after)
      else {
        queues.set(id, [after])
        // What is logged in one go travels in one request.
        setImmediate(() => {
          const events = queues.get(id) ?? []
          queues.delete(id)
          work(deliverLogs(core, id, events, ending.signal))
        })
      }
    }
  })
  return { close: () => ending.abort() }
}

function deliveriesOf(streamId: string): string {
  return `${EVENT_STREAMS}/${streamId}/deliveries`
}

function destinationOf(stream: JsonObject): JsonObject | undefined {
  const { destination } = stream
  if (!isJsonObject(destination) || destination.type !== 'webhook') return undefined
  return isJsonObject(destination.configuration) ? destination.configuration : undefined
}

function wants(stream: JsonObject, { type }: TenantEvent): boolean {
  if (stream.status === 'disabled' || destinationOf(stream) === undefined) return false
  const subscriptions = Array.isArray(stream.subscriptions) ? stream.subscriptions.filter(isJsonObject) : []
  return subscriptions.some((each) => each.event_type === type)
}

/** Posts an event; each try is noted in the delivery, as `GET /event-streams/{id}/deliveries` shows it. */
async function deliverEvent(core: Core, stream: JsonObject, event: JsonObject, signal: AbortSignal): Promise<void> {
  const configuration = destinationOf(stream)
  const id = String(event.id)
  const table = collection(core.tables, deliveriesOf(String(stream.id)))
  const note = (status: string, attempts: readonly JsonObject[]): void => {
    const event_stream_id = String(stream.id)
    table.set(id, { ...table.get(id), id, event_stream_id, event_type: String(event.type), status, attempts, event })
  }
  const before = table.get(id)?.attempts
  const attempts: JsonObject[] = Array.isArray(before) ? before.filter(isJsonObject) : []
  if (configuration === undefined) return
  const own = { ...event, a0stream: String(stream.id) }
  const headers = { 'content-type': 'application/json', ...webhookHeaders(configuration) }
  for (const pause of TRIES) {
    const posted = await post(String(configuration.webhook_endpoint), headers, JSON.stringify(own), pause, signal)
    const timestamp = new Date(core.clock.now()).toISOString()
    if (posted.ok) {
      note('delivered', attempts)
      return
    }
    attempts.push({ status: 'failed', timestamp, error_message: posted.reason })
    note('failed', attempts)
    if (posted.final) return
  }
}

function webhookHeaders({ webhook_authorization: given }: JsonObject): Record<string, string> {
  if (!isJsonObject(given)) return {}
  const { header_name, header_value, method, password, token, username } = given
  if (method === 'basic')
    return { authorization: `Basic ${Buffer.from(`${String(username)}:${String(password)}`).toString('base64')}` }
  if (method === 'custom_header') return { [String(header_name)]: String(header_value) }
  return method === 'bearer' ? { authorization: `Bearer ${String(token)}` } : {}
}

function follows(stream: JsonObject, type: string): boolean {
  if (stream.type !== 'http' || (stream.status !== undefined && stream.status !== 'active')) return false
  const filters = Array.isArray(stream.filters) ? stream.filters.filter(isJsonObject) : []
  if (filters.length === 0) return true
  const category = categoryOf(type)
  return filters.some((each) => each.name === category)
}

/** Posts log events in the form that the stream asks for: lines, a list, or one object each. */
async function deliverLogs(core: Core, id: string, events: readonly JsonObject[], signal: AbortSignal): Promise<void> {
  const stream = collection(core.tables, LOG_STREAMS).get(id)
  const sink = isJsonObject(stream?.sink) ? stream.sink : undefined
  if (!sink) return
  const items = events.map((data) => ({ log_id: String(data.log_id), data }))
  const format = sink.httpContentFormat ?? 'JSONLINES'
  const bodies =
    format === 'JSONARRAY'
      ? [JSON.stringify(items)]
      : format === 'JSONOBJECT'
        ? items.map((item) => JSON.stringify(item))
        : [items.map((item) => JSON.stringify(item)).join('\n')]
  const custom = Array.isArray(sink.httpCustomHeaders) ? sink.httpCustomHeaders.filter(isJsonObject) : []
  const headers = {
    'content-type': String(sink.httpContentType ?? 'application/json'),
    ...(typeof sink.httpAuthorization === 'string' ? { authorization: sink.httpAuthorization } : {}),
    ...Object.fromEntries(custom.map(({ header, value }) => [String(header), String(value)])),
  }
  for (const body of bodies) {
    let posted: Posted = { ok: false, reason: '', final: false }
    for (const pause of TRIES) {
      posted = await post(String(sink.httpEndpoint), headers, body, pause, signal)
      if (posted.ok || posted.final) break
    }
    if (posted.ok) continue
    const health = collection(core.tables, 'sandbox/log-stream-failures')
    health.set(id, { count: Number(health.get(id)?.count ?? 0) + 1, reason: posted.reason })
  }
}
