import type { Outcome } from '../../plan/index.ts'
import type { Look } from '../look.ts'
import { showError } from './error.ts'

/**
 * The look of what `outcome()` answers: the look of its value, or of its error.
 *
 * @param value The look of the value, where there is one.
 */
export function showOutcome(outcome: Outcome<unknown>, value: Look): Look {
  if (outcome.status === 'ok') {
    return { ...value, json: () => ({ status: 'ok', value: value.json() }) }
  }
  const failed = showError(outcome.error)
  return { ...failed, json: () => ({ status: 'error', error: failed.json() }) }
}
