import { findRow, type OperationRow } from '../catalogue/index.ts'
import { isJsonObject, type PlanData } from '../plan/index.ts'

/** Whether a write can be undone by what the catalogue knows, and how. */
export type UndoVerdict =
  | { readonly kind: 'delete' }
  | { readonly kind: 'restore' }
  /** `reason` goes on with 'cannot be undone: '. */
  | { readonly kind: 'none'; readonly reason: string }

/**
 * Tells before a write is sent whether it can be undone: what it creates can be deleted, or the fields that it sends can
 * be sent again with their values before. Nothing for what is not a write.
 *
 * @param row what the catalogue says of the operation; that of its route for a raw plan.
 */
export function undoVerdict(plan: PlanData, row: OperationRow | undefined): UndoVerdict | undefined {
  const [method = '', path = ''] = plan.route?.split(' ') ?? []
  const known = plan.op === 'raw' ? findRow(method, path)?.row : row
  if (known === undefined)
    return method === 'GET'
      ? undefined
      : { kind: 'none', reason: 'no operation of the catalogue is known for its route' }
  if (known.effect !== 'write') return undefined
  const { inverse } = known
  if (inverse === undefined) return { kind: 'none', reason: 'Auth0 has no operation that undoes it' }
  if (inverse.kind === 'delete') return { kind: 'delete' }
  const hidden = new Set([...inverse.hidden, ...known.secretBody.map((each) => each.split('.')[0] ?? each)])
  const lost = isJsonObject(plan.body) ? Object.keys(plan.body).find((key) => hidden.has(key)) : undefined
  if (lost === undefined) return { kind: 'restore' }
  return { kind: 'none', reason: `no operation shows the value that "${lost}" had before` }
}
