import type { OperationRow } from '../catalogue/index.ts'
import type { BasePlan, Execution, Flow, ListPlan, Page, Plan } from '../plan/index.ts'

/** What the console remembers of what it showed. */
export interface Shown {
  /** The plan or flow shown last, and how it is sent. */
  plan?: ShownPlan
  /** What the list shown last still has. */
  list?: ShownList
  /** The value shown last. */
  value?: unknown
  /** Which of them was shown later. */
  latest?: 'plan' | 'value'
}

/** A list of which some rows were shown. */
export interface ShownList {
  /** Rows that are here and were not drawn. */
  readonly rest: readonly unknown[]
  /** How many rows were drawn so far. */
  readonly drawn: number
  /** The plan of the rows that are not here. */
  readonly next?: BasePlan<unknown>
  readonly total?: number
  readonly row?: OperationRow
}

/** A plan or flow that `.run` sends. */
export interface ShownPlan {
  readonly plan?: Plan<unknown>
  /** Instead of a plan. */
  readonly flow?: Flow<unknown>
  readonly name: string
  send(): Execution<unknown>
}

/** True for a plan of this package, whichever copy of it. */
export function isPlan(value: unknown): value is Plan<unknown> {
  const plan = value as Partial<Plan<unknown>> | null
  return isObject(value) && typeof plan?.run === 'function' && typeof plan.toCurl === 'function' && isObject(plan.data)
}

/** True for a flow: it has steps, and is no single request. */
export function isFlow(value: unknown): value is Flow<unknown> {
  const flow = value as Partial<Flow<unknown>> | null
  return isObject(value) && typeof flow?.run === 'function' && typeof flow.explain === 'function' && !isPlan(value)
}

/** True for the run of a plan. */
export function isExecution(value: unknown): value is Execution<unknown> {
  const execution = value as Partial<Execution<unknown>> | null
  return isObject(value) && typeof execution?.outcome === 'function' && typeof execution.abort === 'function'
}

/** True for one page of a list. */
export function isPage(value: unknown): value is Page<unknown> & { readonly next?: ListPlan<unknown> } {
  return isObject(value) && Array.isArray((value as { items?: unknown }).items)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
