import { meantSentence, nearest, type OperationRow, operationIds, row } from '../../catalogue/index.ts'
import { callSite } from '../../pipeline/index.ts'
import {
  type Flow,
  hashPlan,
  isTenantlabError,
  type Outcome,
  type Plan,
  type PlanData,
  ValidationError,
} from '../../plan/index.ts'
import { undoWithOf } from '../../session/index.ts'
import { matchedRow, rowOf } from '../../wire/index.ts'
import type {
  DoneWhen,
  Runnable,
  Step,
  StepMaker,
  StepOptions,
  StepRequest,
  StepRun,
  StepSource,
  UndoPlans,
  Wait,
} from './contract.ts'

const OPTIONS = ['when', 'tags', 'confirm', 'undo', 'doneWhen', 'volatile']

/**
 * Makes the steps of one run, each id once.
 *
 * @throws ValidationError for an id that is no text or was used, and for work that is neither plan nor flow.
 */
export function stepMaker(): { readonly step: StepMaker; readonly unrun: ReadonlyMap<string, Error> } {
  const used = new Set<string>()
  const unrun = new Map<string, Error>()
  const step = <T>(id: string, work: Runnable<T>, options: StepOptions<T> = {}): Step<T> => {
    checkId(id)
    if (used.has(id)) {
      refuse(id, 'has an id that another step has', 'In a loop put the key into it, such as the client_id.')
    }
    used.add(id)
    if (typeof work?.run !== 'function' || typeof work.events !== 'function') {
      refuse(id, 'needs a plan or a flow', 'Pass the plan itself, without run().')
    }
    for (const key of Object.keys(options)) {
      if (OPTIONS.includes(key)) continue
      if (key === 'idempotencyCheck')
        refuse(id, 'has an option that has another name now', 'Write doneWhen instead of idempotencyCheck.')
      const near = nearest(key, OPTIONS)
      refuse(id, `has no option "${key}"`, meantSentence(near, `Options are ${OPTIONS.join(', ')}.`))
    }
    if (options.doneWhen !== undefined) checkIndex(id, options.doneWhen as Runnable<unknown> | DoneWhen)
    const undo = options.undo === undefined ? undoWithOf(work) : undefined
    const given = options as StepOptions<unknown>
    const site = callSite()
    const request: StepRequest = {
      kind: 'step',
      id,
      work,
      options: undo === undefined ? given : { ...given, undo },
      site,
    }
    unrun.set(id, site)
    return new RequestedStep<T>(request, unrun)
  }
  return { step, unrun }
}

class RequestedStep<T> implements Step<T> {
  readonly #request: StepRequest
  /** Where steps were made that were not run yet, by their ids. */
  readonly #unrun: Map<string, Error>

  constructor(request: StepRequest, unrun: Map<string, Error>) {
    this.#request = request
    this.#unrun = unrun
  }

  *[Symbol.iterator](): Generator<StepRequest, T, unknown> {
    this.#unrun.delete(this.#request.id)
    return (yield this.#request) as T
  }

  outcome(): StepRun<Outcome<T>> {
    const request = this.#request
    const unrun = this.#unrun
    return {
      *[Symbol.iterator]() {
        unrun.delete(request.id)
        try {
          return { status: 'ok', value: (yield request) as T }
        } catch (error) {
          // Anything else is a mistake of the runbook's own code, and no outcome.
          if (!isTenantlabError(error)) throw error
          return { status: 'error', error }
        }
      },
    }
  }
}

/** An index shows a write late: where an operation reads the record itself, a check asks that one. */
function checkIndex(id: string, given: Runnable<unknown> | DoneWhen): void {
  const read = checkOf(given)?.read
  for (const plan of read === undefined ? [] : plansIn(read)) {
    const row = rowFor(plan)
    if (row?.reads !== 'index' || row.storeReads === undefined || row.storeReads.length === 0) continue
    refuse(
      id,
      `asks its doneWhen of ${row.id}, an index that shows a write up to ${lagOf(row) / 1000} s late`,
      `Ask ${row.storeReads.join(' or ')}, which reads the record itself.`,
    )
  }
}

/** The plans of a read, as far as a flow tells them before it is sent. */
export function plansIn(read: Runnable<unknown>): readonly PlanData[] {
  const plan = planOf(read)
  if (plan !== undefined) return [plan]
  return ((read as Partial<Flow<unknown>>).explain?.().steps ?? []).flatMap((step) => step.plan ?? [])
}

/** Milliseconds by which a read may show a write late; 0 for one of the record itself. */
export function lagOf(row: OperationRow | undefined): number {
  return row?.reads === 'index' ? (row.settle ?? 0) : 0
}

function checkId(id: unknown): void {
  if (typeof id === 'string' && /^[^{}\n\r\t]{1,200}$/.test(id) && id.trim() === id) return
  throw new ValidationError(
    `step(): the id ${JSON.stringify(id) ?? 'that is missing'} must be a text of up to 200 characters on one line, without braces. ` +
      'It names the step in journals: keep it stable.',
    { issues: [{ path: 'id', rule: 'must be a text on one line' }] },
  )
}

function refuse(id: string, rule: string, next: string): never {
  throw new ValidationError(`step(): "${id}" ${rule}. ${next}`, { issues: [{ path: id, rule }] })
}

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
    const known = matchedRow(plan)
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

/** True for what `waitFor()` makes, also of another copy of this package. */
export function isWait(work: Runnable<unknown>): work is Wait {
  return (work as Partial<Wait>).kind === 'wait'
}

const reviewed = new WeakMap<object, string>()

/**
 * Remembers the hash that a plan has in the plan file, where somebody has read it: values may have been put into the
 * plan since.
 */
export function keepReviewed<P extends object>(plan: P, hash: string): P {
  reviewed.set(plan, hash)
  return plan
}

/** The hash under which a plan was reviewed; nothing where it comes from no plan file. */
export function reviewedOf(work: object): { readonly reviewed?: string } {
  const hash = reviewed.get(work)
  return hash === undefined ? {} : { reviewed: hash }
}

const sources = new WeakMap<object, StepSource>()

/** Remembers that the steps of a runbook come from outside, and not from its generator. */
export function keepSource<T extends object>(runbook: T, source: StepSource): T {
  sources.set(runbook, source)
  return runbook
}

/** Where the steps of a runbook come from; nothing where its generator yields them. */
export function sourceOf(runbook: object): StepSource | undefined {
  return sources.get(runbook)
}
