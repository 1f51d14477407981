import type { Outcome } from '../../plan/index.ts'
import { fields, notes } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { showError } from './error.ts'

/** How far an execution has come. */
export interface ExecutionView {
  /** `users.list`, or the name of a flow. */
  readonly operation: string
  readonly status: 'running' | 'ok' | 'error'
  readonly requests?: number
  readonly error?: unknown
}

/** The card of an execution: whether it still runs, and how to get its answer. */
export function showExecution(execution: ExecutionView): Look {
  const { operation, status, requests } = execution
  return lookOf(
    () => ({
      title: `${operation} · ${status}`,
      tone: status === 'error' ? 'bad' : status === 'ok' ? 'good' : 'plain',
      blocks: [
        fields(
          ['requests', requests === undefined ? undefined : String(requests)],
          ['error', execution.error === undefined ? undefined : showError(execution.error).line()],
        ),
        ...notes('plain', [status === 'error' ? 'outcome() gives the error as data.' : 'await it for its value.']),
      ],
    }),
    () => ({
      operation,
      status,
      ...(requests === undefined ? {} : { requests }),
      ...(execution.error === undefined ? {} : { error: showError(execution.error).json() }),
    }),
  )
}

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
