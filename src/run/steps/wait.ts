import { ConfigurationError, ValidationError } from '../../plan/index.ts'
import type { Runnable } from './contract.ts'

/** Lets time pass as a step of a runbook; the step's value is the time at which it ends, ISO 8601. */
export interface Wait extends Runnable<string> {
  readonly kind: 'wait'
  readonly name: string
  readonly ms: number
}

/**
 * A step that lets time pass: `yield* step('wait', waitFor(3_600_000))`. The session's clock counts. The journal keeps
 * when it ends, so that a run that is resumed waits for the rest only. Where writes are predicted it takes no time; a
 * plan file keeps it in its place.
 *
 * @param ms milliseconds, 0 or more.
 * @throws ValidationError for anything else.
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

/** True for what `waitFor()` makes, also of another copy of this package. */
export function isWait(work: Runnable<unknown>): work is Wait {
  return (work as Partial<Wait>).kind === 'wait'
}
