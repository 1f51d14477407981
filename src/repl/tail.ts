import { setTimeout as pause } from 'node:timers/promises'
import type { LogEvent } from '../catalogue/index.ts'
import { plain } from '../plan/index.ts'
import type { Session } from '../session/index.ts'

/** What of a tenant's log is told. */
export interface TailOptions {
  /** Newest events to begin with; 20. */
  readonly number?: number
  /** Goes on asking for what is new. */
  readonly follow?: boolean
  /** Milliseconds between two questions; 2000. */
  readonly every?: number
  /** Types of events, such as `fp`; all where left out. */
  readonly types?: readonly string[]
  readonly signal: AbortSignal
}

const MOST = 100
/** Milliseconds within which an event may still come in before one that is there: Auth0's log is an index, which lags. */
const SETTLED = 10_000

/**
 * The newest events of a tenant's log, oldest first; with `follow` what comes after them as well, each once. It sends.
 *
 * @see https://auth0.com/docs/deploy-monitor/logs/retrieve-log-events-using-mgmt-api
 */
export async function* tailLogs(session: Session, options: TailOptions): AsyncGenerator<LogEvent, void, undefined> {
  const { number = 20, follow = false, every = 2000, types = [], signal } = options
  const wanted = ({ type }: LogEvent): boolean => types.length === 0 || types.includes(type ?? '')
  const seen = new Set<string>()
  const newest = await newestOf(session, number, wanted, signal)
  const first = newest.filter((event) => isNew(event, seen) && wanted(event))
  yield* number === 0 ? [] : first.slice(-number)
  let known: readonly LogEvent[] = newest
  while (follow && !signal.aborted) {
    await pause(every, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const from = settledId(known)
    const came =
      from === undefined ? await newestOf(session, MOST, () => true, signal) : await eventsFrom(session, from, signal)
    const fresh = came.filter((event) => isNew(event, seen))
    known = [...known, ...fresh].slice(-2 * MOST)
    yield* fresh.filter(wanted)
  }
}

/** Remembers what was told; an event is told once. */
function isNew({ log_id, _id }: LogEvent & { readonly _id?: string }, seen: Set<string>): boolean {
  const id = log_id ?? _id ?? ''
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

async function newestOf(
  session: Session,
  number: number,
  wanted: (event: LogEvent) => boolean,
  signal: AbortSignal,
): Promise<readonly LogEvent[]> {
  const found: LogEvent[] = []
  let count = 0
  for await (const { items } of session.logs.list({ sort: 'date:-1', per_page: MOST }).pages({ signal })) {
    found.push(...items)
    count += items.filter(wanted).length
    if (count >= number || found.length >= 1000) break
  }
  return found.reverse()
}

/** All events behind one, page by page. */
async function eventsFrom(session: Session, from: string, signal: AbortSignal): Promise<readonly LogEvent[]> {
  const found: LogEvent[] = []
  for (let cursor = from; ; ) {
    const { items } = await session.logs.list({ from: cursor, take: MOST }).run({ signal })
    found.push(...items)
    const last = items.at(-1)?.log_id
    if (items.length < MOST || last === undefined || last === cursor) return found
    cursor = last
  }
}

/** The newest event that no other can come in before any more; the oldest known where all are newer. */
function settledId(known: readonly LogEvent[]): string | undefined {
  const end = Math.max(...known.map(timeOf), 0) - SETTLED
  return (known.findLast((event) => timeOf(event) <= end) ?? known[0])?.log_id
}

function timeOf({ date }: LogEvent): number {
  const time = Date.parse(typeof date === 'string' ? date : '')
  return Number.isNaN(time) ? 0 : time
}

const HOUR = 3_600_000

/**
 * One event on one line, with how late it came where that is more than two seconds.
 *
 * @param now Epoch milliseconds; nothing is said of lateness where it is left out.
 */
export function logLine(event: LogEvent, now?: number): string {
  const time = timeOf(event)
  const late = now === undefined || time === 0 ? 0 : now - time
  const { type = '', description, user_name, user_id, client_name, ip } = event
  const parts = [
    time === 0 ? '' : new Date(time).toISOString().slice(0, 19).replace('T', ' '),
    type.padEnd(6),
    text(description),
    text(user_name) || text(user_id),
    text(client_name),
    text(ip),
    late > 2000 && late < HOUR ? `${Math.round(late / 1000)} s late` : '',
  ]
  return plain(parts.filter((part) => part.trim() !== '').join('  '))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : ''
}
