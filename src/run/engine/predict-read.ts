import { hashPlan, type Json, jsonOf, type PlanData, TenantlabError } from '../../plan/index.ts'
import { type Basis, stateHash } from '../review/index.ts'
import type { StepRequest } from '../steps/index.ts'
import { isAbsent, markersIn, placeholder, routeOf, rowFor } from '../steps/index.ts'
import { keepPlanned } from './planned.ts'
import type { PlanSubject } from './prediction.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

const MAKES = 'It reads what an earlier step of the plan makes.'
const CHANGES = 'It reads what an earlier step of the plan changes.'

/** The value of a read, as earlier steps of the run are predicted to leave what it finds. */
export async function predictRead(run: Run, request: StepRequest, subject: PlanSubject): Promise<unknown> {
  const { id, plan, row, hash, route, effect } = subject
  const common = { id, effect: effect === 'token' ? effect : 'read', plan, hash, ...(route && { route }) } as const
  const tenant = run.foreignTenant(request.work)
  if (tenant !== undefined) {
    // Nothing that this run predicts touches it; whether it has changed, an apply looks there as well.
    const answer = await send(run, id, request.work, false, request.signal).value
    const state = run.parts.redactor.redacted(jsonOf(answer) ?? null, row)
    const basis = request.options.volatile === true || effect === 'token' ? undefined : basisOf(plan, state, tenant)
    if (basis !== undefined) keepPlanned(run, { ...common, basis })
    run.tell({ type: 'step_end', step: id, outcome: 'done' })
    return answer
  }
  const known = run.predicted.at(plan)
  const foreseen = (reason: string, value: unknown): unknown => {
    keepPlanned(run, { ...common, reason })
    run.tell({ type: 'step_end', step: id, outcome: 'predicted', reason: reason.slice(0, -1) })
    return value
  }
  if (markersIn(plan).length > 0) return foreseen(MAKES, placeholder(id, known))
  if (known === null) throw absent(id)
  if (known !== undefined) return foreseen(CHANGES, known)
  const answer = await send(run, id, request.work, false, request.signal).value
  // Before the answer is changed into what it would be.
  const state = run.parts.redactor.redacted(jsonOf(answer) ?? null, row)
  const list = row === undefined ? undefined : run.predicted.listed(plan, row, answer)
  const basis = request.options.volatile === true || effect === 'token' ? undefined : basisOf(plan, state)
  const reason = list === undefined ? undefined : (list.reason ?? CHANGES)
  keepPlanned(run, { ...common, ...(basis && { basis }), ...(reason !== undefined && { reason }) })
  run.tell({
    type: 'step_end',
    step: id,
    outcome: 'done',
    ...(reason !== undefined && { reason: reason.slice(0, -1) }),
  })
  return list === undefined ? answer : list.value
}

/** @param tenant the tenant that was read, where it is not the one of the run. */
export function basisOf(read: PlanData, state: Json, tenant?: string): Basis {
  return { read, ...(tenant !== undefined && { tenant }), state, hash: stateHash(state) }
}

/**
 * Reads once more what the code of a runbook, or a flow, has read beside its steps, so that a plan file is based on all
 * that was looked at.
 */
export async function keepLookedUp(run: Run): Promise<void> {
  for (const [id, { work, plan }] of run.lookedUp) {
    let answer: unknown = null
    try {
      answer = await send(run, id, work, false).value
    } catch (error) {
      if (!isAbsent(error)) throw error
    }
    const row = rowFor(plan)
    const state = run.parts.redactor.redacted(jsonOf(answer) ?? null, row)
    const basis = basisOf(plan, state, run.foreignTenant(work))
    keepPlanned(run, { id, effect: 'read', plan, hash: hashPlan(plan), route: routeOf(plan), basis })
  }
}

/** The answer that the read would get: runbooks catch it where they look whether a record is there. */
function absent(id: string): TenantlabError {
  const message = `The step "${id}" reads what an earlier step of the run deletes, so that nothing would be there.`
  return Object.assign(new TenantlabError('predicted', message), { status: 404 })
}
