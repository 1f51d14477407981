import type { OperationRow } from '../../catalogue/index.ts'
import type { ListPlan, Page, PlanData, SecretValues } from '../../plan/index.ts'
import type { PipelineConfig } from '../config.ts'

/** A page with its looks, and with the plan of the following one, made when somebody asks for it. */
export function makePage<T>(
  config: PipelineConfig,
  row: OperationRow,
  data: PlanData,
  secrets: SecretValues,
  items: T[],
  total: number | undefined,
  next: PlanData | undefined,
): Page<T> {
  const page: Page<T> = total === undefined ? { items } : { items, total }
  const { bindList } = config
  if (next !== undefined && bindList !== undefined) {
    let plan: ListPlan<T> | undefined
    Object.defineProperty(page, 'next', {
      enumerable: false,
      configurable: true,
      get: () => {
        plan ??= bindList(next, secrets) as ListPlan<T>
        return plan
      },
    })
  }
  return (config.present === undefined ? page : config.present(page, row, data)) as Page<T>
}
