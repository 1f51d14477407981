import { findRow, type OperationRow, operationIds, row } from '../../catalogue/index.ts'
import { hashPlan, isTenantlabError, type Plan, type PlanData } from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'
import type { DoneWhen, Runnable, StepRequest, UndoPlans } from './contract.ts'

/** What a step does to the tenant; a flow may do both. */
export type StepEffect = 'read' | 'write' | 'token' | 'flow'

/** What a step is about, read from its plan or flow. */
export interface Subject {
  readonly id: string
  readonly effect: StepEffect
  readonly operation: string
  readonly route?: string
  /** Absent for a flow. */
  readonly plan?: PlanData
  readonly row?: OperationRow
  /** Equal when an earlier run meant the same. */
  readonly hash: string
}

/** Reads a step request. */
export function subjectOf({ id, work }: StepRequest): Subject {
  const plan = planOf(work)
  if (plan === undefined) {
    const { name = 'flow' } = work as { name?: string }
    return { id, effect: 'flow', operation: name, hash: `flow:${name}` }
  }
  const known = rowFor(plan)
  const route = plan.route ?? (known && `${known.method} ${filled(known.path, plan.params)}`)
  const effect = known?.effect ?? 'write'
  return {
    id,
    effect,
    operation: plan.op,
    ...(route && { route }),
    plan,
    ...(known && { row: known }),
    hash: hashPlan(plan),
  }
}

let ids: ReadonlySet<string> | undefined

/** The row by which the client sends a plan; for a raw plan with what the catalogue knows about its route. */
export function rowFor(plan: PlanData): OperationRow | undefined {
  if (plan.op === 'raw') {
    const [method = '', path = ''] = plan.route?.split(' ') ?? []
    const known = findRow(method, path)?.row
    const raw = rowOf(plan)
    return known === undefined ? raw : { ...known, effect: raw.effect, retry: raw.retry }
  }
  ids ??= new Set(operationIds())
  return ids.has(plan.op) ? row(plan.op) : undefined
}

/** The data of a plan; `undefined` for a flow. */
export function planOf(work: Runnable<unknown>): PlanData | undefined {
  const { data } = work as Partial<Plan<unknown>>
  return typeof data === 'object' && data !== null && data.v === 1 ? data : undefined
}

/** Method and path of a plan, with its values in their places. */
export function routeOf(plan: PlanData): string {
  const known = rowFor(plan)
  if (plan.route !== undefined || known === undefined) return plan.route ?? plan.op
  return `${known.method} ${filled(known.path, plan.params)}`
}

function filled(path: string, params: PlanData['params'] = {}): string {
  return path.replace(/\{(\w+)\}/g, (text, name: string) => params[name] ?? text)
}

/** The plans of an `undo` as a list. */
export function plansOf(undo: UndoPlans | undefined): readonly Plan<unknown>[] {
  if (undo === undefined) return []
  return Array.isArray(undo) ? undo : [undo as Plan<unknown>]
}

/** A check of a step in its full form. */
export function checkOf(given: Runnable<unknown> | DoneWhen | undefined): DoneWhen | undefined {
  if (given === undefined) return undefined
  if ('kind' in given && given.kind === 'check') return given
  return { kind: 'check', read: given as Runnable<unknown>, done: found }
}

/** A plain answer tells that the step is done by being there. */
function found(answer: unknown): unknown {
  if (answer === null || answer === undefined) return undefined
  const list = Array.isArray(answer) ? answer : (answer as { items?: unknown }).items
  return Array.isArray(list) && list.length === 0 ? undefined : answer
}

/** True for the answer 404. */
export function isAbsent(error: unknown): boolean {
  return isTenantlabError(error) && (error as { status?: number }).status === 404
}
