import { attachLook } from '../../display/index.ts'
import { type UndoVerdict, undoVerdict } from '../../flow/index.ts'
import { inspectPlan, issueText, type UnknownPolicy, unknownText } from '../../pipeline/index.ts'
import type { Explanation, PlanData } from '../../plan/index.ts'
import { explain, rowOf, type WireEnvironment } from '../../wire/index.ts'

/** What a plan would send, what of it `run()` would refuse, and what Auth0 does not document. */
export function explained(data: PlanData, environment?: WireEnvironment, policy?: UnknownPolicy): Explanation {
  const row = rowOf(data)
  const explanation = explain(data, row, environment)
  const { issues, unknown } = inspectPlan(data, row, policy)
  const undo = undoText(undoVerdict(data, row))
  const whole: Explanation = {
    ...explanation,
    ...(undo !== undefined && { undo }),
    warnings: [...explanation.warnings, ...unknown.map(unknownText)],
    ...(issues.length > 0 && { refusals: issues.map(issueText) }),
  }
  return attachLook(whole, { kind: 'explanation' })
}

function undoText(verdict: UndoVerdict | undefined): string | undefined {
  if (verdict === undefined) return undefined
  if (verdict.kind === 'delete') return 'deletes what was created'
  if (verdict.kind === 'restore') return 'sends the same fields with their values before'
  return `none: it cannot be undone, since ${verdict.reason}`
}
