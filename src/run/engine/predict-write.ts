import type { MergeRule, OperationRow } from '../../catalogue/index.ts'
import { type Change, isSecretSlot, type Json, type PlanData, SECRET_MARK, secretNames } from '../../plan/index.ts'
import type { PlannedAction } from '../review/index.ts'
import type { StepRequest } from '../steps/index.ts'
import { placeholder } from '../steps/index.ts'
import { questionOf } from './confirm.ts'
import { undoPlans } from './finish.ts'
import { noUndoOf } from './parts.ts'
import { keepPlanned, requireKeepable, storedCheck } from './planned.ts'
import { checkArguments } from './predict-arguments.ts'
import { changesBetween, type PlanSubject, predictionOf, unreadMembers } from './prediction.ts'
import type { Run } from './run.ts'

/** The value of a write that is not sent, as far as it is known. */
export async function predictWrite(run: Run, request: StepRequest, subject: PlanSubject): Promise<unknown> {
  const { id, plan, row, operation, route = operation, hash } = subject
  await checkArguments(plan, row)
  requireKeepable(run, { id, effect: 'write', plan, hash, route })
  run.spend(id)
  const { before, after, basis, reason } = await predictionOf(run, subject)
  const { redactor } = run.parts
  const shownBefore = before === undefined ? undefined : redactor.redacted(before, row)
  const shownAfter = after === undefined ? undefined : redactor.redacted(after, row)
  const unread = redactor.redacted(unreadMembers(plan.body, after), row)
  const seen = changesBetween(shownBefore, shownAfter)
  // What a slot holds is in no record that could be compared: a secret that is sent is a change.
  const secrets = secretChanges(plan).filter(({ path }) => ![...seen, ...unread].some((change) => change.path === path))
  const changes = reason === undefined ? [...seen, ...unread, ...secrets] : []
  const sendsSecret = secretNames(plan).length > 0
  // Compared as it is: a secret that is hidden on both sides may well be another.
  const unchanged =
    reason === undefined && !sendsSecret && unread.length === 0 && changesBetween(before, after).length === 0
  const action = actionOf(row?.merge)
  if (!unchanged) run.counts.pending += 1
  run.tell({
    type: 'planned_change',
    step: id,
    operation,
    route,
    action,
    ...(shownBefore !== undefined && { before: shownBefore }),
    ...(shownAfter !== undefined && { after: shownAfter }),
    changes,
    ...(reason !== undefined && { reason }),
  })
  if (after !== undefined && row !== undefined) run.predicted.keep(id, plan, row, after)
  const value = answersNothing(row) ? undefined : placeholder(id, after)
  const { confirm, tags } = request.options
  const undo = undoPlans(run, request, value, before)
  const noUndo = request.part === true ? noUndoOf(plan) : undefined
  keepPlanned(run, {
    id,
    effect: 'write',
    plan,
    hash,
    route,
    action,
    ...(basis && { basis }),
    ...(shownAfter !== undefined && { after: shownAfter }),
    ...(changes.length > 0 && { changes }),
    ...(unchanged && { unchanged }),
    ...(reason !== undefined && { reason }),
    ...(undo.length > 0 ? { undo } : noUndo !== undefined && { noUndo }),
    ...storedCheck(run, request),
    ...(confirm !== undefined && confirm !== false && { confirm: confirm === true ? questionOf(id, route) : confirm }),
    ...(tags && { tags }),
  })
  run.tell({ type: 'step_end', step: id, outcome: 'predicted', ...(unchanged && { reason: 'it changes nothing' }) })
  return value
}

/** The secrets that a body sends, each under its path. */
function secretChanges({ body }: PlanData): readonly Change[] {
  const visit = (item: Json | undefined, path: string): readonly Change[] => {
    if (typeof item !== 'object' || item === null) return []
    if (isSecretSlot(item)) return [{ kind: 'changed', path, before: SECRET_MARK, after: SECRET_MARK }]
    return Object.entries(item).flatMap(([key, member]) => visit(member as Json, path === '' ? key : `${path}.${key}`))
  }
  return visit(body, '')
}

function actionOf(merge: MergeRule | undefined): PlannedAction {
  if (merge === undefined) return 'unknown'
  return merge === 'create' ? 'create' : merge === 'remove' ? 'delete' : 'update'
}

function answersNothing(row: OperationRow | undefined): boolean {
  if (row === undefined) return false
  return row.merge === 'remove' || (row.statuses.length > 0 && row.statuses.every((status) => status === 204))
}
