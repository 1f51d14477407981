import { ConfigurationError, ValidationError } from '../../plan/index.ts'
import type { Wait } from './contract.ts'

/**
 * A step that lets time pass: `yield* step('wait', waitFor(3_600_000))`. The session's clock counts. The journal keeps
 * when it ends, so that a run that is resumed waits for the rest only. Where writes are predicted it takes no time; a
 * plan file keeps it in its place.
 *
 * @param ms milliseconds, 0 or more.
 * @throws ValidationError for anything else.
 * @example
 * defineRunbook({
 *   name: 'pause',
 *   async *steps({ step }) {
 *     yield* step('wait a minute', waitFor(60_000))
 *   },
 * })
 */
export function waitFor(ms: number): Wait {
  if (!(ms >= 0) || !Number.isFinite(ms)) {
    throw new ValidationError(`waitFor(): ${ms} is no number of milliseconds from 0 up. Give one, such as 3_600_000.`, {
      issues: [{ path: 'ms', rule: 'must be 0 or more' }],
    })
  }
  const alone = (): never => {
    throw new ConfigurationError("waitFor() waits in a step only. Write yield* step('wait', waitFor(…)).")
  }
  return Object.freeze<Wait>({ kind: 'wait', name: 'wait', ms, run: alone, events: alone })
}

/** A window in which a runbook may go on. */
export interface WaitWindow {
  /** After this time the run stops with a decision, since what follows would come too late. */
  readonly notAfter?: Date | string
}

/**
 * A step that waits until a time: `yield* step('window', waitUntil('2026-12-01T22:00:00Z', { notAfter: '2026-12-02T04:00:00Z' }))`.
 * The session's clock counts. A time that is past takes no time. A plan file keeps the time itself, so that an apply waits
 * for it, too.
 *
 * @param date a date, or ISO 8601 with a time zone.
 * @throws ValidationError for what is not a time, and for a window that ends before it begins.
 * @example
 * defineRunbook({
 *   name: 'night',
 *   async *steps({ step }) {
 *     yield* step('window', waitUntil('2030-12-01T22:00:00Z', { notAfter: '2030-12-02T04:00:00Z' }))
 *   },
 * })
 */
export function waitUntil(date: Date | string, { notAfter }: WaitWindow = {}): Wait {
  const until = timeOf(date, 'date')
  const last = notAfter === undefined ? undefined : timeOf(notAfter, 'notAfter')
  if (last !== undefined && last < until) {
    throw new ValidationError(
      `waitUntil(): the window ends at ${last}, before it begins at ${until}. Correct one of them.`,
      {
        issues: [{ path: 'notAfter', rule: 'must not be before the date' }],
      },
    )
  }
  const alone = (): never => {
    throw new ConfigurationError("waitUntil() waits in a step only. Write yield* step('wait', waitUntil(…)).")
  }
  return Object.freeze<Wait>({
    kind: 'wait',
    name: 'wait',
    ms: 0,
    until,
    ...(last !== undefined && { notAfter: last }),
    run: alone,
    events: alone,
  })
}

function timeOf(given: Date | string, path: string): string {
  const zoned = given instanceof Date || /(Z|[+-]\d\d:?\d\d)$/i.test(String(given))
  const time = new Date(given)
  if (zoned && !Number.isNaN(time.getTime())) return time.toISOString()
  throw new ValidationError(
    `waitUntil(): "${String(given)}" is not a time with a time zone. Write it as in '2026-12-01T22:00:00Z'.`,
    { issues: [{ path, rule: 'must be a date, or ISO 8601 with a time zone' }] },
  )
}
