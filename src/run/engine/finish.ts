import { isTenantlabError, type PlanData } from '../../plan/index.ts'
import type { DoneEntry } from '../journal/index.ts'
import { hiddenPaths, jsonOf } from '../redactor.ts'
import type { StepRequest } from '../steps/index.ts'
import { subjectOf } from '../steps/index.ts'
import type { Run } from './run.ts'
import { undoPlans } from './undo-plans.ts'

/** How a step came to be done. */
export interface Finish {
  readonly result: unknown
  readonly how: DoneEntry['how']
  /** The record before the write, for its undo. */
  readonly before: unknown
}

/**
 * Writes down that a step is done, with the plans that undo it.
 *
 * @returns Its result.
 * @throws What the step's `undo` threw, once the step is written down: it was carried out all the same.
 */
export function finish(run: Run, request: StepRequest, { result, how, before }: Finish): unknown {
  const { id } = request
  const { row } = subjectOf(request)
  const { redactor } = run.parts
  // What this run did not write, it does not undo either.
  const undo = how === 'unchanged' ? { plans: [] } : undoOf(run, request, result, before)
  const value = jsonOf(result)
  const safe = value === undefined ? undefined : redactor.redacted(value, row)
  const hidden = value === undefined ? [] : hiddenPaths(value, safe)
  run.append({
    type: 'done',
    step: id,
    at: run.at,
    how,
    ...(safe !== undefined && { value: safe }),
    ...(hidden.length > 0 && { hidden }),
    ...(hasMore(result) && { more: true }),
    ...(undo.plans.length > 0 && { undo: undo.plans }),
    ...('error' in undo && { noUndo: redactor.text(messageOf(undo.error)) }),
  })
  run.tell({ type: 'step_end', step: id, outcome: how === 'sent' ? 'done' : how })
  if (!('error' in undo)) return result
  // Of a step that a person took as done nobody knows the result, so that its undo may well find nothing to go by.
  if (how !== 'accepted' || isTenantlabError(undo.error)) throw undo.error
  run.tell({ type: 'say', text: `The step "${id}" cannot be undone: ${messageOf(undo.error)}` })
  return result
}

function undoOf(
  run: Run,
  request: StepRequest,
  result: unknown,
  before: unknown,
): { plans: readonly PlanData[]; error?: unknown } {
  try {
    return { plans: undoPlans(run, request, result, before) }
  } catch (error) {
    return { plans: [], error }
  }
}

function hasMore(result: unknown): boolean {
  return (
    typeof result === 'object' &&
    result !== null &&
    'items' in result &&
    (result as { next?: unknown }).next !== undefined
  )
}

function messageOf(error: unknown): string {
  return String((error as Error)?.message ?? error)
}
