import type { OperationRow } from '../../catalogue/index.ts'
import { validatePlan } from '../../pipeline/index.ts'
import { type Json, type PlanData, ValidationError } from '../../plan/index.ts'
import { markersIn } from '../steps/index.ts'

/**
 * Checks the arguments of a write that is not sent as sending it would, as far as they are known.
 *
 * @throws ValidationError for a rule that a known argument breaks.
 */
export async function checkArguments(plan: PlanData, row: OperationRow | undefined): Promise<void> {
  if (row === undefined) return
  try {
    await validatePlan(plan, row)
  } catch (error) {
    if (error instanceof ValidationError && error.issues.every(({ path }) => isLater(plan, path))) return
    throw error
  }
}

/** True where a rule is about a value that only an earlier step brings about. */
function isLater({ body, query }: PlanData, path: string): boolean {
  return [body, query].some((data) => {
    let at: Json | undefined = data
    for (const key of path === '' ? [] : path.split('.')) {
      if (typeof at !== 'object' || at === null || '$after' in at) break
      at = (at as { [key: string]: Json })[key]
    }
    return markersIn(at).length > 0
  })
}
