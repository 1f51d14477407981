import { findRow, type OperationRow } from '../../catalogue/index.ts'
import { type PlanData, planData } from '../../plan/index.ts'

/** A plan by the name of its operation: a raw one, whose route the catalogue knows, has its parameters in its path. */
export function namedPlan(plan: PlanData): PlanData {
  if (plan.op !== 'raw') return plan
  const [method = '', path = ''] = plan.route?.split(' ') ?? []
  const match = findRow(method, path)
  if (match === undefined) return plan
  const { v: _, route: __, ...fields } = plan
  return planData({ ...fields, op: match.row.id, params: match.params })
}

/** The read of the record that a write changes; `undefined` where no operation is one. */
export function twinOf(plan: PlanData, row: OperationRow | undefined): PlanData | undefined {
  if (row?.twin === undefined) return undefined
  const { params } = namedPlan(plan)
  return planData({ op: row.twin, ...(params && { params }) })
}
