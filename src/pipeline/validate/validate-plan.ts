import type { OperationRow } from '../../catalogue/index.ts'
import type { PlanData } from '../../plan/index.ts'
export function validatePlan(_plan: PlanData, _row: OperationRow): PromiseLike<void> | undefined {
  return undefined
}
