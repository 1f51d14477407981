import { row as catalogueRow, type MergeRule, type OperationRow } from '../../catalogue/index.ts'
import { applyMerge } from '../../flow/index.ts'
import {
  canonicalJson,
  diffValues,
  type Flow,
  hashPlan,
  isJsonObject,
  type Json,
  type PlanData,
  planData,
  ValidationError,
} from '../../plan/index.ts'
import { watchPredictions } from '../../session/index.ts'
import type { StepRequest } from '../define.ts'
import { markersIn, placeholder, readMarker } from '../placeholder.ts'
import type { Basis, PlannedStep } from '../plan-file/contract.ts'
import { stateHash } from '../plan-file/state.ts'
import { jsonOf } from '../vault.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'
import { checkOf, isAbsent, planOf, plansOf, rowFor, type Subject } from './subject.ts'

/** The value of a step where no write is sent: reads are read, writes are worked out from the state and the body. */
export async function predict(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { plan, effect } = subject
  if (plan === undefined) return predictFlow(run, request, subject)
  if (effect === 'write') return predictWrite(run, request, { ...subject, plan })
  return read(run, request, { ...subject, plan, effect: effect === 'token' ? 'token' : 'read' })
}

type Planned = Subject & { readonly plan: PlanData }

async function read(run: Run, request: StepRequest, subject: Planned & { effect: 'read' | 'token' }): Promise<unknown> {
  const { id, plan, row, hash, route, effect } = subject
  const common = { id, effect, plan, hash, ...(route && { route }) }
  if (markersIn(plan).length > 0) {
    run.planned.push({ ...common, reason: 'It reads what an earlier step of the plan makes.' })
    run.tell({ type: 'step_end', step: id, outcome: 'predicted', reason: 'it reads what an earlier step makes' })
    return placeholder(id)
  }
  const state = run.states.get(keyOf(plan))
  if (state !== undefined) {
    run.planned.push({ ...common, reason: 'It reads what an earlier step of the plan changes.' })
    run.tell({ type: 'step_end', step: id, outcome: 'predicted', reason: 'it reads what an earlier step changes' })
    return state
  }
  const value = await send(run, id, request.work, false).value
  const known = jsonOf(value)
  const safe = known === undefined ? null : run.parts.vault.redacted(known, row)
  const basis =
    request.options.volatile === true || effect === 'token'
      ? undefined
      : { read: plan, state: safe, hash: stateHash(safe) }
  run.planned.push({ ...common, ...(basis && { basis }) })
  run.tell({ type: 'step_end', step: id, outcome: 'done' })
  return value
}

interface Forecast {
  readonly before?: Json
  readonly after?: Json
  readonly basis?: Basis
  readonly reason?: string
}

async function predictWrite(run: Run, request: StepRequest, subject: Planned): Promise<unknown> {
  const { id, plan, row, operation, route = operation, hash } = subject
  const forecast = await forecastOf(run, subject)
  const { before, after, basis, reason } = forecast
  const { vault } = run.parts
  const shownBefore = before === undefined ? undefined : vault.redacted(before, row)
  const shownAfter = after === undefined ? undefined : vault.redacted(after, row)
  const changes = reason === undefined ? diffValues(shownBefore ?? {}, shownAfter ?? {}) : []
  const pending = reason !== undefined || changes.length > 0
  if (pending) run.counts.pending += 1
  run.tell({
    type: 'planned_change',
    step: id,
    operation,
    route,
    action: actionOf(row?.merge),
    ...(shownBefore !== undefined && { before: shownBefore }),
    ...(shownAfter !== undefined && { after: shownAfter }),
    changes,
    ...(reason !== undefined && { reason }),
  })
  if (after !== undefined) remember(run, plan, row, after)
  const value =
    row?.merge === 'remove' ||
    (row !== undefined && row.statuses.length > 0 && row.statuses.every((status) => status === 204))
      ? undefined
      : placeholder(id, after)
  run.states.set(`step ${id}`, after ?? null)
  const undo = undoOf(request, value, before)
  const check = storedCheck(request)
  const { confirm, tags } = request.options
  const waits = run.waits.splice(0)
  run.planned.push({
    id,
    effect: 'write',
    plan,
    hash,
    route,
    ...(basis && { basis }),
    ...(shownAfter !== undefined && { after: shownAfter }),
    ...(changes.length > 0 && { changes }),
    ...(reason !== undefined && { reason }),
    ...(undo.length > 0 && { undo }),
    ...(check && { check }),
    ...(confirm !== undefined &&
      confirm !== false && { confirm: confirm === true ? `Step "${id}": ${route}. Send it?` : confirm }),
    ...(tags && { tags }),
    ...(waits.length > 0 && { waits }),
  })
  run.tell({ type: 'step_end', step: id, outcome: 'predicted', ...(pending ? {} : { reason: 'it changes nothing' }) })
  return value
}

/** What of a step's check a file can hold: no function. */
function storedCheck({ options }: StepRequest): PlannedStep['check'] {
  const given = options.idempotencyCheck
  const check = checkOf(given)
  const read = check === undefined ? undefined : planOf(check.read)
  if (check === undefined || read === undefined) return undefined
  if (given === check) return check.match === undefined ? undefined : { read, match: check.match }
  return { read }
}

function undoOf({ options }: StepRequest, result: unknown, before: Json | undefined): readonly PlanData[] {
  const { undo } = options
  const plans =
    typeof undo === 'function' ? undo({ result, ...(before !== undefined && before !== null && { before }) }) : undo
  return plansOf(plans).map((plan) => plan.data)
}

async function forecastOf(run: Run, { id, plan, row }: Planned): Promise<Forecast> {
  if (row?.merge === undefined) return { reason: `No operation shows what ${plan.op} changes.` }
  if (row.merge === 'create') return { before: null, after: applyMerge('create', null, plan.body) }
  if (row.twin === undefined) return { reason: `No operation shows what ${plan.op} changes.` }
  const twin = planData({ op: row.twin, ...(plan.params && { params: plan.params }) })
  const known = predictedState(run, twin)
  if (known !== undefined) return { before: known, after: applyMerge(row.merge, known, plan.body) }
  if (markersIn(twin).length > 0) return { reason: 'It writes to what an earlier step makes.' }
  let before: Json = null
  try {
    before = jsonOf(await send(run, id, run.backstage.bind(twin), false).value) ?? null
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  const safe = run.parts.vault.redacted(before, catalogueRow(row.twin))
  const basis: Basis = { read: twin, state: safe, hash: stateHash(safe) }
  return { before, after: applyMerge(row.merge, before, plan.body), basis }
}

/** What an earlier step of this run leaves where the twin reads. */
function predictedState(run: Run, twin: PlanData): Json | undefined {
  const state = run.states.get(keyOf(twin))
  if (state !== undefined) return state as Json
  const [marker] = markersIn(twin.params)
  if (marker === undefined) return undefined
  const steps = [...run.states.keys()].filter((key) => key.startsWith('step ')).map((key) => key.slice(5))
  const place = readMarker(marker, steps)
  const made = place === undefined ? undefined : run.states.get(`step ${place.step}`)
  return isJsonObject(made) ? made : undefined
}

function remember(run: Run, plan: PlanData, { twin, merge }: OperationRow = {} as OperationRow, after: Json): void {
  if (twin === undefined || merge === 'create') return
  run.states.set(keyOf(planData({ op: twin, ...(plan.params && { params: plan.params }) })), after)
}

const keyOf = ({ op, params = {}, query = {}, route = '' }: PlanData): string =>
  canonicalJson([op, params, query, route])

function actionOf(merge: MergeRule | undefined): 'create' | 'update' | 'delete' | 'unknown' {
  if (merge === undefined) return 'unknown'
  return merge === 'create' ? 'create' : merge === 'remove' ? 'delete' : 'update'
}

/** A flow runs with its writes predicted by the session; a plan file takes the one write that it ends in. */
async function predictFlow(run: Run, request: StepRequest, { id, operation }: Subject): Promise<unknown> {
  if (markersIn((request.work as Partial<Flow<unknown>>).explain?.().steps ?? []).length > 0) {
    run.tell({ type: 'step_end', step: id, outcome: 'predicted', reason: 'it reads what an earlier step makes' })
    return placeholder(id)
  }
  const writes: PlanData[] = []
  const unwatch = watchPredictions(run.parts.session, (plan) => writes.push(plan))
  let value: unknown
  try {
    value = await send(run, id, request.work, false).value
  } finally {
    unwatch()
  }
  if (writes.length === 0) {
    run.tell({ type: 'step_end', step: id, outcome: 'done' })
    return value
  }
  const [plan] = writes
  if (plan === undefined || (writes.length > 1 && run.parts.mode === 'plan')) {
    throw new ValidationError(
      `The step "${id}" (${operation}) is a flow of ${writes.length} writes, and a plan file holds one write for each step. Make a step of each.`,
      { issues: [{ path: id, rule: 'must send one write' }] },
    )
  }
  for (const each of writes.slice(1))
    await predictWrite(run, { ...request, options: {} }, ofPlan(`${id} (${each.op})`, each))
  const { undo, ...options } = request.options
  return predictWrite(
    run,
    { ...request, options: typeof undo === 'function' ? { ...options, undo } : request.options },
    ofPlan(id, plan),
  )
}

function ofPlan(id: string, plan: PlanData): Planned {
  const row = rowFor(plan)
  return {
    id,
    effect: 'write',
    operation: plan.op,
    plan,
    hash: hashPlan(plan),
    ...(row && { row, route: `${row.method} ${row.path}` }),
  }
}
