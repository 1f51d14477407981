import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler, TenantEvent } from '../contract.ts'
import type { Delivery, EventStream, Table } from '../tenant/index.ts'
import { refuse, reply } from './answer.ts'
import { page } from './paging.ts'
import { bodyOf, collection, isoNow, newId, parameter, stringOf, stringsOf } from './records.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function streamOf(call: ManagementCall): EventStream {
  const found = collection(call.tenant, '/api/v2/event-streams').get(parameter(call, 'id'))
  return found ?? refuse(404, 'The event stream does not exist.')
}

/** Deliveries of a stream, those that wait and those that failed. */
function deliveriesOf(call: ManagementCall): Table<Delivery> {
  return collection(call.tenant, `/api/v2/event-streams/${String(streamOf(call).id)}/deliveries`)
}

function deliveryOf(call: ManagementCall): Delivery {
  return deliveriesOf(call).get(parameter(call, 'event_id')) ?? refuse(404, 'The event does not exist.')
}

/** POST …/test: an event of the named type waits for delivery. */
const test: ManagementHandler = (call) => {
  const stream = streamOf(call)
  const { event_type: type, data } = bodyOf(call)
  const id = newId(call.tenant, 'evt_', 22)
  const delivery: Delivery = {
    id,
    event_stream_id: stream.id ?? '',
    event_type: stringOf(type) ?? '',
    status: 'pending',
    attempts: [],
    event: {
      id,
      source: `urn:auth0:${call.tenant.domain}`,
      specversion: '1.0',
      type: type ?? '',
      time: isoNow(call.tenant),
      a0purpose: 'test',
      a0stream: stream.id,
      a0tenant: call.tenant.domain.split('.')[0] ?? '',
      data: data ?? { object: sample(call) },
    },
  }
  deliveriesOf(call).set(id, delivery)
  call.tenant.events.deliverPending(String(stream.id))
  return reply(202, delivery)
}

/** The user of a test event; it is nobody of the tenant. */
function sample(call: ManagementCall): JsonObject {
  const now = isoNow(call.tenant)
  return {
    user_id: 'auth0|sample',
    email: 'sample@example.org',
    email_verified: false,
    created_at: now,
    updated_at: now,
    identities: [],
  }
}

const listDeliveries: ManagementHandler = (call) => {
  const { date_from: from, date_to: to, event_types: types, statuses } = call.query
  const timeOf = (each: Delivery): string => each.event.time
  const found = [...deliveriesOf(call).values()]
    .filter((each) => types === undefined || types.split(',').includes(String(each.event_type)))
    .filter((each) => statuses === undefined || statuses.split(',').includes(String(each.status)))
    .filter((each) => (from === undefined || timeOf(each) >= from) && (to === undefined || timeOf(each) <= to))
  return page(call, found, { key: 'deliveries', checkpoint: {}, always: 'checkpoint' })
}

/** Deliveries that are asked for again wait again. */
function again(call: ManagementCall, delivery: Delivery): void {
  deliveriesOf(call).set(String(delivery.id), { ...delivery, status: 'pending' })
}

const redeliver: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const types = stringsOf(body['event_types'])
  const statuses = stringsOf(body['statuses'])
  for (const delivery of [...deliveriesOf(call).values()]) {
    const typed = types.length === 0 || types.includes(String(delivery.event_type))
    if (typed && (statuses.length === 0 || statuses.includes(String(delivery.status)))) again(call, delivery)
  }
  call.tenant.events.deliverPending(parameter(call, 'id'))
  return reply(202, { ...body })
}

const redeliverOne: ManagementHandler = (call) => {
  again(call, deliveryOf(call))
  call.tenant.events.deliverPending(parameter(call, 'id'))
  return reply(202, {})
}

/** GET …/stats: deliveries of the last two weeks by day. */
const stats: ManagementHandler = (call) => {
  const stream = streamOf(call)
  const now = call.tenant.clock.now()
  const to = Math.ceil(now / HOUR) * HOUR
  const from = to - 14 * DAY
  const start = Math.floor(from / DAY) * DAY
  const buckets = Array.from({ length: 15 }, (_, day) => new Date(start + day * DAY).toISOString())
  const counted = (status: string): readonly number[] =>
    buckets.map((bucket) => {
      const day = Date.parse(bucket)
      return [...deliveriesOf(call).values()].filter((each) => {
        const time = Date.parse(each.event.time)
        return each.status === status && time >= day && time < day + DAY
      }).length
    })
  return reply(200, {
    id: stream.id ?? '',
    name: stream.name ?? '',
    window: {
      date_from: new Date(from).toISOString(),
      date_to: new Date(to).toISOString(),
      bucket_interval: { scale_factor: 86_400 },
    },
    buckets,
    metrics: [metric('successful_deliveries', counted('delivered')), metric('failed_deliveries', counted('failed'))],
  })
}

function metric(name: string, data: readonly number[]): JsonObject {
  const window_total = data.reduce((sum, each) => sum + each, 0)
  return { name: `auth0.event_streams.${name}`, type: 'sum', window_total, data }
}

/**
 * GET /events: server-sent events from a cursor, from a time, or from now on. The stream begins with its cursor, so that
 * a client can go on where it broke off, and stays open.
 */
const subscribe: ManagementHandler = (call) => {
  const { events } = call.tenant
  const { event_type: types, from, from_timestamp: time } = call.query
  const wanted = types === undefined ? undefined : types.split(',')
  if (time !== undefined && Number.isNaN(Date.parse(time)))
    refuse(
      400,
      "Query validation error: 'Object didn't pass validation for format date-time' on property from_timestamp.",
      'invalid_query_string',
    )
  const missed = from !== undefined ? events.since(from) : time === undefined ? [] : events.sinceTime(Date.parse(time))
  if (missed === undefined) return refuse(410, 'The offset is no longer available. Start again without it.')
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
    stream: (write) => {
      const told = (event: TenantEvent): void => {
        if (wanted && !wanted.includes(event.type)) return
        write(`id: ${event.offset}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      }
      const start = { type: 'offset-only', offset: missed.length > 0 ? (from ?? '') : events.latest }
      if (start.offset !== '') write(`event: offset-only\ndata: ${JSON.stringify(start)}\n\n`)
      for (const event of missed) told(event)
      return events.subscribe(told)
    },
  }
}

export const eventStreamHandlers: Readonly<Record<string, ManagementHandler>> = {
  'events.subscribe': subscribe,
  'eventStreams.test': test,
  'eventStreams.stats.get': stats,
  'eventStreams.deliveries.list': listDeliveries,
  'eventStreams.deliveries.getHistory': (call) => reply(200, deliveryOf(call)),
  'eventStreams.redeliveries.create': redeliver,
  'eventStreams.redeliveries.createById': redeliverOne,
}
