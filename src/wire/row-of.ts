import { findRow, meantSentence, nearest, type OperationRow, operationIds, row } from '../catalogue/index.ts'
import { type PlanData, ValidationError } from '../plan/index.ts'

const documentation = 'https://auth0.com/docs/api/management/v2'

/**
 * The catalogue row of a plan. A `raw` plan gets a row of its own: what the catalogue knows about its method and path,
 * and the careful choice where it knows nothing (a write unless it is a GET, never sent twice unless its method allows).
 *
 * @throws ValidationError when the plan names an operation that this release does not know.
 */
export function rowOf(plan: PlanData): OperationRow {
  if (plan.op === 'raw') return rawRow(plan)
  const known = row(plan.op)
  if (known !== undefined) return known
  const suggestion = nearest(plan.op, operationIds())
  const next = meantSentence(suggestion, 'Use auth0.raw(…) for operations without a row.', (name) => name)
  throw new ValidationError(`${plan.op}: this release knows no such operation. ${next}`, {
    plan,
    issues: [{ path: 'op', rule: 'must be an operation of the catalogue', ...(suggestion && { suggestion }) }],
  })
}

/** Method and target (path with its query) of a raw plan's route. */
export function splitRoute(route: string): { readonly method: OperationRow['method']; readonly target: string } {
  const space = route.indexOf(' ')
  return { method: route.slice(0, space) as OperationRow['method'], target: route.slice(space + 1) }
}

/** The catalogue row whose method and path a raw plan uses, if there is one. */
export function matchedRow(plan: PlanData): OperationRow | undefined {
  const { method, target } = splitRoute(plan.route ?? '')
  return findRow(method, withoutEnd(pathOf(target)))?.row
}

/** A slash at the end of a path means the same to many servers; what is known of the route counts for it too. */
const withoutEnd = (path: string): string => path.replace(/\/+$/, '')

/** A target without its query and fragment. */
export function pathOf(target: string): string {
  const cut = target.search(/[?#]/)
  return cut === -1 ? target : target.slice(0, cut)
}

function rawRow(plan: PlanData): OperationRow {
  const { method, target } = splitRoute(plan.route ?? '')
  const path = pathOf(target)
  const known = matchedRow(plan)
  const management = path.startsWith('/api/v2/')
  return {
    id: 'raw',
    api: known?.api ?? (management ? 'management' : 'authentication'),
    method,
    path,
    group: [],
    verb: 'raw',
    parameters: [],
    scopes: known?.scopes ?? [],
    allScopes: known?.allScopes ?? false,
    effect: method === 'GET' ? 'read' : 'write',
    retry: known?.retry ?? (method === 'GET' || method === 'PUT' || method === 'DELETE' ? 'idempotent' : 'unsafe'),
    ...(known?.paging !== undefined && { paging: known.paging }),
    customDomain: known?.customDomain ?? 'removed',
    rateKey: known?.rateKey ?? (management ? 'management' : 'authentication'),
    secretBody: known?.secretBody ?? [],
    secretAnswer: known?.secretAnswer ?? [],
    secretUrls: known?.secretUrls ?? [],
    ...(known?.body !== undefined && { body: known.body }),
    reads: known?.reads ?? 'store',
    ...(known?.storeReads !== undefined && { storeReads: known.storeReads }),
    ...(known?.settle !== undefined && { settle: known.settle }),
    clientFields: 'none',
    query: known?.query ?? [],
    statuses: known?.statuses ?? [],
    lifecycle: known?.lifecycle ?? '',
    docs: known?.docs ?? documentation,
    notes: known?.notes ?? [],
    added: known?.added ?? false,
  }
}
