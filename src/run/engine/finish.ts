import {
  ConfigurationError,
  isTenantlabError,
  jsonOf,
  markedPaths,
  messageOf,
  type PlanData,
} from '../../plan/index.ts'
import { type DoneEntry, recordedValue } from '../journal/index.ts'
import { isAbsent, plansOf, type StepRequest, type Subject, twinOf } from '../steps/index.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** The state before the first attempt at a step, as an earlier run recorded it: by now the write may have changed it. */
export function recordedBefore(run: Run, id: string): unknown {
  const value = run.ledger.steps.get(id)?.begun?.before
  if (value === undefined) return undefined
  // A mark in place of a secret must never be written back.
  return recordedValue({ type: 'done', step: id, at: '', how: 'sent', value, hidden: markedPaths(value) })
}

/** The record that a write changes, where its undo asks for it. */
export async function stateBefore(run: Run, { id, options }: StepRequest, { plan, row }: Subject): Promise<unknown> {
  const recorded = recordedBefore(run, id)
  if (recorded !== undefined) return recorded
  if (typeof options.undo !== 'function' || plan === undefined || row?.merge === 'create') return undefined
  const twin = twinOf(plan, row)
  if (twin === undefined) return undefined
  try {
    return await send(run, id, run.internals.bind(twin), 'before').value
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

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
export function finish(
  run: Run,
  request: StepRequest,
  { row }: Pick<Subject, 'row'>,
  { result, how, before }: Finish,
): unknown {
  const { id } = request
  const { at } = run
  const { redactor } = run.parts
  // What this run did not write, it does not undo either.
  const isUndone = how !== 'unchanged' && request.options.undo !== undefined
  const undo = isUndone ? undoOf(run, request, result, before) : { plans: [] }
  const value = jsonOf(result)
  const safe = value === undefined ? undefined : redactor.redacted(value, row)
  // Most results hide nothing, and their texts tell so at once.
  const hidden = value === undefined || JSON.stringify(value) === JSON.stringify(safe) ? [] : hiddenPaths(value, safe)
  run.records.append({
    type: 'done',
    step: id,
    at,
    how,
    ...(safe !== undefined && { value: safe }),
    ...(hidden.length > 0 && { hidden }),
    ...(hasMore(result) && { more: true }),
    ...(undo.plans.length > 0 && { undo: undo.plans }),
    ...('error' in undo && { noUndo: redactor.text(messageOf(undo.error)) }),
  })
  run.tell({ type: 'step_end', step: id, outcome: how === 'sent' ? 'done' : how }, at)
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

/**
 * The plans that take a step back.
 *
 * @param before the record before the write; nothing where there was none.
 * @throws What the step's `undo` throws; ConfigurationError for plans of another tenant.
 */
export function undoPlans(
  run: Run,
  { id, options: { undo } }: StepRequest,
  result: unknown,
  before: unknown,
): readonly PlanData[] {
  const known = before !== undefined && before !== null && { before }
  const plans = plansOf(typeof undo === 'function' ? undo({ result, ...known }) : undo)
  const [tenant] = plans.flatMap((plan) => run.foreignTenant(plan) ?? [])
  if (tenant !== undefined) {
    throw new ConfigurationError(
      `The undo of the step "${id}" goes to ${tenant}, and this run is that of ${run.parts.session.domain}. Make it with the auth0 that steps() is given.`,
    )
  }
  return plans.map((plan) => plan.data)
}

/** Dotted paths at which `safe` hides what `value` shows. */
function hiddenPaths(value: unknown, safe: unknown, at = ''): readonly string[] {
  if (typeof value === 'string') return value === safe ? [] : [at]
  if (typeof value !== 'object' || value === null) return Object.is(value, safe) ? [] : [at]
  if (typeof safe !== 'object' || safe === null) return [at]
  return Object.entries(value).flatMap(([key, member]) =>
    member === undefined
      ? []
      : hiddenPaths(member, (safe as Record<string, unknown>)[key], at === '' ? key : `${at}.${key}`),
  )
}
