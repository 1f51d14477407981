import type { PlanData } from '../../plan/index.ts'
import type { StepRequest } from '../steps/index.ts'
import { plansOf } from '../steps/index.ts'
import { refuseForeignUndo } from './foreign.ts'
import type { Run } from './run.ts'

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
  refuseForeignUndo(run, id, plans)
  return plans.map((plan) => plan.data)
}
