import { row as catalogueRow, type OperationRow } from '../../catalogue/index.ts'
import { undoMerge, undoVerdict } from '../../flow/index.ts'
import {
  ConfigurationError,
  isJsonObject,
  type Json,
  jsonOf,
  type Plan,
  type PlanData,
  planData,
} from '../../plan/index.ts'
import { internalsOf, ownerOf } from '../../session/index.ts'
import { namedPlan, rowFor } from '../steps/index.ts'

/** What is known of a write that is to be undone. */
export interface KnownWrite {
  /** What it returned; names what was created. */
  readonly result?: unknown
  /** The record before it; absent where it was not read. */
  readonly before?: unknown
}

/**
 * The plan that undoes a write: the delete of what it created, or the fields that it sent with their values before, by the
 * merge rule of its operation.
 *
 * @throws ConfigurationError that says why the write cannot be undone.
 */
export function inverseOf(plan: PlanData, { result, before }: KnownWrite): PlanData {
  const written = namedPlan(plan)
  const row = rowFor(plan)
  if (row === undefined) return refuse(plan, 'no operation of the catalogue is known for its route')
  const { inverse } = row
  const verdict = undoVerdict(plan, row)
  if (inverse === undefined || verdict === undefined || verdict.kind === 'none')
    return refuse(plan, verdict?.kind === 'none' ? verdict.reason : 'it is not a write')
  if (inverse.kind === 'delete') {
    const remover = catalogueRow(inverse.operation)
    if (remover === undefined) return refuse(plan, `${inverse.operation} is not in the catalogue`)
    return planData({ op: remover.id, params: paramsOf(remover, written, inverse.key, result) })
  }
  const old = jsonOf(before)
  if (!isJsonObject(old)) return refuse(plan, 'its values before are not known')
  const body = isJsonObject(written.body) ? written.body : {}
  return planData({ ...written, op: inverse.operation, body: undoMerge(row.merge ?? 'assign', old, body) })
}

/**
 * The plan that restores what a change found: for `undo: ({ before }) => restore(plan, before)`. It sends the fields that
 * the change sent, with the values that they had, by the merge rule of the operation.
 *
 * @param plan the change, as the step was given it.
 * @param before the record before the change.
 * @returns A plan of the same session; nothing is sent before it is run.
 * @throws ConfigurationError that says why the change cannot be restored.
 * @example
 * defineRunbook({
 *   name: 'upgrade',
 *   async *steps({ auth0, step }) {
 *     const change = auth0.users('auth0|1').update({ user_metadata: { plan: 'gold' } })
 *     yield* step('upgrade', change, { undo: ({ before }) => restore(change, before) })
 *   },
 * })
 */
export function restore(plan: Plan<unknown>, before: unknown): Plan<unknown> {
  const session = ownerOf(plan)
  if (session === undefined) {
    throw new ConfigurationError('restore() needs a plan of a session. Pass the plan that the step was given.')
  }
  return internalsOf(session).bind(inverseOf(plan.data, { before }))
}

function paramsOf(
  remover: OperationRow,
  { params = {}, body, op }: PlanData,
  key: string | undefined,
  result: unknown,
): Record<string, string> {
  const missing = remover.parameters.map(({ name }) => name).filter((name) => params[name] === undefined)
  const [name] = missing
  if (name === undefined) return { ...params }
  const named = key === undefined ? undefined : (memberOf(result, key) ?? memberOf(body, key))
  if (named === undefined || missing.length > 1) {
    throw new ConfigurationError(`${op} cannot be undone: its answer did not tell what was created. Undo it by hand.`)
  }
  return { ...params, [name]: named }
}

function memberOf(record: unknown, key: string): string | undefined {
  const value = isJsonObject(record as Json) ? (record as Record<string, unknown>)[key] : undefined
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function refuse({ op, route }: PlanData, why: string): never {
  throw new ConfigurationError(`${op === 'raw' ? route : op} cannot be undone: ${why}. Undo it by hand.`)
}
