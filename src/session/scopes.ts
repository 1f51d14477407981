import { isNamedAfter, type OperationRow } from '../catalogue/index.ts'
import { type Flow, type Plan, type PlanData, ValidationError, type Work } from '../plan/index.ts'
import { rowOf } from '../wire/index.ts'

/** Whether scopes allow everything that a plan or flow is known to send. */
export function allows(scopes: readonly string[], work: Work<unknown>): boolean {
  const granted = new Set(scopes)
  return rowsOf(work, 'auth0.can()').every((row) => {
    if (row.api !== 'management' || row.scopes.length === 0) return true
    return row.allScopes ? row.scopes.every((one) => granted.has(one)) : row.scopes.some((one) => granted.has(one))
  })
}

/**
 * The least set of scopes that allows all of these: where several would do, the one that serves most of them, and of
 * equals the one that is named after what is done.
 */
export function scopesFor(work: readonly Work<unknown>[]): readonly string[] {
  const rows = work
    .flatMap((one) => rowsOf(one, 'auth0.scopesFor()'))
    .filter(({ api, scopes }) => api === 'management' && scopes.length > 0)
  const chosen = new Set(rows.flatMap(({ scopes, allScopes }) => (allScopes || scopes.length === 1 ? scopes : [])))
  let open = rows.filter(({ scopes }) => !scopes.some((one) => chosen.has(one)))
  while (open.length > 0) {
    const candidates = new Map<string, number>()
    for (const row of open) {
      for (const one of row.scopes) candidates.set(one, (candidates.get(one) ?? 0) + (isNamedAfter(one, row) ? 1.1 : 1))
    }
    const [best] = [...candidates].sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    if (best === undefined) break
    chosen.add(best[0])
    open = open.filter(({ scopes }) => !scopes.includes(best[0]))
  }
  return [...chosen].sort()
}

function rowsOf(work: unknown, place: string): readonly OperationRow[] {
  return plansOf(work, place).map((data) => rowOf(data))
}

function plansOf(work: unknown, place: string): readonly PlanData[] {
  const { data, explain } = (typeof work === 'object' && work !== null ? work : {}) as Partial<Plan<unknown>>
  if (data !== undefined) return [data]
  if (typeof explain === 'function') {
    const { steps } = explain.call(work) as unknown as ReturnType<Flow<unknown>['explain']>
    return steps.flatMap(({ plan }) => (plan === undefined ? [] : [plan]))
  }
  const rule = 'must be a plan or a flow'
  throw new ValidationError(`${place}: the argument ${rule}. Write ${place.slice(0, -1)}auth0.users.list()).`, {
    issues: [{ path: '', rule }],
  })
}
