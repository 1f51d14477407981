import type { OperationRow } from '../catalogue/index.ts'
import type { PlanData } from '../plan/index.ts'
import { pathOf, splitRoute } from './row-of.ts'

/** How messages name a plan: its operation, or the method and path of a raw one. */
export function place(row: OperationRow, plan: PlanData): string {
  if (plan.op !== 'raw') return row.id
  const { method, target } = splitRoute(plan.route ?? '')
  return `${method} ${pathOf(target)}`
}
