import type { ItemCount, PlanEvent } from '../../plan/index.ts'
import { hideQuery } from '../../plan/index.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { withoutSecrets } from '../secrets.ts'
import { durationText, inLine, timeText } from '../summary.ts'
import { bucketText } from './error.ts'
import { isRecord } from './values.ts'

/** One event in one line, without its time. Never a value of a secret. */
export function eventLine(event: PlanEvent<unknown>): string {
  switch (event.kind) {
    case 'token': {
      const until = timeText(event.expiresAt)
      return `token     ${event.source}${event.audience === undefined ? '' : ` for ${event.audience}`}${until === undefined ? '' : `, until ${until}`}`
    }
    case 'keys':
      return `keys      ${event.source} ${hideQuery(event.url)}`
    case 'wait':
      return `wait      ${WAITS[event.reason] ?? event.reason}${event.ms === undefined ? '' : `, ${durationText(event.ms)}`}`
    case 'unknown':
      return `unknown   ${event.parts.map(({ path }) => path).join(', ')}: not documented by Auth0, sent as it is`
    case 'attempt':
      return `attempt   ${event.attempt}: ${event.method} ${event.url}`
    case 'response': {
      const bucket = bucketText(event.rateLimit)
      return `response  ${event.status} after ${durationText(event.ms)}${bucket === undefined ? '' : `, ${bucket}`}`
    }
    case 'retry':
      return `retry     attempt ${event.attempt} failed: ${event.reason}, again in ${durationText(event.delay)}`
    case 'page':
      return `page      ${event.page}: ${event.items} items, ${event.collected}${event.total === undefined ? '' : ` of ${event.total}`} so far`
    case 'item':
      return `item      ${countText(event)}`
    case 'value':
      return `value     ${valueLine(event.value)}`
  }
}

/** `12 of 100 done, 1 failed` */
export function countText({ done, failed, total }: ItemCount): string {
  const of = total === undefined ? '' : ` of ${total}`
  return `${done}${of} done${failed === 0 ? '' : `, ${failed} failed`}`
}

const WAITS: Readonly<Record<string, string>> = {
  slot: 'for a free slot of the rate limit',
  server: 'until the time that the server named',
  backoff: 'before the next attempt',
  poll: 'before the next poll',
}

function valueLine(value: unknown): string {
  if (value === undefined) return 'nothing (204)'
  if (typeof value === 'string') return 'text'
  return isRecord(value) || Array.isArray(value) ? inLine(withoutSecrets(value)) : inLine(value)
}

/** The look of one event. */
export function showEvent(event: PlanEvent<unknown>): Look {
  return lookOf(
    () => ({ title: eventLine(event), blocks: [] }),
    () => withoutSecrets(event),
  )
}

/** The look of a list of events: one line each, with the milliseconds since the first. */
export function showEvents(events: readonly PlanEvent<unknown>[]): Look {
  return lookOf(
    () => {
      const start = events[0]?.at ?? 0
      const lines = events.map((event) => `${`+${Math.round(event.at - start)}`.padStart(6)} ms  ${eventLine(event)}`)
      return {
        title: `${events.length} ${events.length === 1 ? 'event' : 'events'}`,
        blocks: [{ kind: 'lines', lines }],
      }
    },
    () => withoutSecrets(events),
  )
}
