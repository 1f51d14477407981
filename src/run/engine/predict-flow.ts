import { type Flow, type PlanData, ValidationError } from '../../plan/index.ts'
import type { StepRequest } from '../steps/index.ts'
import { markersIn, placeholder, rowFor, type Subject, subjectOf } from '../steps/index.ts'
import { predictRead } from './predict-read.ts'
import { predictWrite } from './predict-write.ts'
import type { PlanSubject } from './prediction.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** A flow runs with its writes predicted by the session; each of them is then a step of the plan. */
export async function predictFlow(run: Run, request: StepRequest, { id }: Subject): Promise<unknown> {
  const explained = (request.work as Partial<Flow<unknown>>).explain?.().steps ?? []
  if (markersIn(explained).length > 0)
    return predictLater(
      run,
      request,
      explained.map(({ plan }) => plan),
    )
  const writes: PlanData[] = []
  const unwatch = run.internals.watchPredictions((plan) => writes.push(plan))
  let value: unknown
  try {
    value = await send(run, id, request.work, false, request.signal).value
  } finally {
    unwatch()
  }
  if (writes.length === 0) {
    run.tell({ type: 'step_end', step: id, outcome: 'done' })
    return value
  }
  const names = namesOf(id, writes)
  const { confirm, tags, ...last } = request.options
  const shared = tags === undefined ? {} : { tags }
  for (const [index, plan] of writes.entries()) {
    const options = {
      ...shared,
      // Asked before the first is sent, and undone with the last, which ends the flow.
      ...(index === 0 && confirm !== undefined && { confirm }),
      ...(index === writes.length - 1 && last),
    }
    value = await predictWrite(run, { ...request, options }, ofPlan(run, request, names[index] as string, plan))
  }
  return value
}

/** A flow that begins with what an earlier step makes: nothing of it can be sent now. */
async function predictLater(
  run: Run,
  request: StepRequest,
  plans: readonly (PlanData | undefined)[],
): Promise<unknown> {
  const { id } = request
  const [poll] = plans
  // One read, repeated by a rule that is data, is a plan as well.
  if (plans.length === 1 && poll?.repeat?.kind === 'poll')
    return predictRead(run, request, ofPlan(run, request, id, poll))
  const readsOnly = plans.every((plan) => plan !== undefined && rowFor(plan)?.effect === 'read')
  if (run.parts.mode === 'plan' && !readsOnly) {
    throw new ValidationError(
      `The step "${id}" is a flow that begins with what an earlier step makes, so that its plans are not known before that ` +
        'was sent. Make a step of each of its plans, or run the runbook without a plan file.',
      { issues: [{ path: id, rule: 'must be a flow whose plans are known' }] },
    )
  }
  run.tell({ type: 'step_end', step: id, outcome: 'predicted', reason: 'it reads what an earlier step makes' })
  return placeholder(id)
}

/** Ids of the writes of a flow: the last has that of the flow, whose answer is its own. */
function namesOf(id: string, writes: readonly PlanData[]): readonly string[] {
  const counts = new Map<string, number>()
  return writes.map(({ op }, index) => {
    if (index === writes.length - 1) return id
    const count = (counts.get(op) ?? 0) + 1
    counts.set(op, count)
    return `${id} (${op}${count === 1 ? '' : ` ${count}`})`
  })
}

function ofPlan(run: Run, request: StepRequest, id: string, plan: PlanData): PlanSubject {
  return { ...subjectOf({ ...request, id, work: run.internals.bind(plan) }), plan }
}
