import { isTenantlabError, jsonOf } from '../../plan/index.ts'
import {
  checkOf,
  isAbsent,
  markersIn,
  planOf,
  type Runnable,
  rowFor,
  type StepRequest,
  type Subject,
} from '../steps/index.ts'
import { NOT_DONE, valueFound } from './check.ts'
import { keepPlanned, storedCheck } from './planned.ts'
import { basisOf } from './predict-read.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/**
 * The value of a step that its check finds done already, as earlier steps are predicted to leave what it reads;
 * `NOT_DONE` where it would be sent, or where the check needs what an earlier step makes.
 */
export async function predictFound(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { id, plan, hash, route } = subject
  const check = checkOf(request.options.doneWhen)
  if (check === undefined) return NOT_DONE
  const read = planOf(check.read)
  if (markersIn([read ?? null, check.match ?? null]).length > 0) return NOT_DONE
  const answer = await answerOf(run, id, check.read)
  if (answer === NOT_DONE) return NOT_DONE
  const value = valueFound(
    verdict(() => check.done(answer)),
    answer,
  )
  if (value === NOT_DONE) return NOT_DONE
  if (plan !== undefined) {
    const row = read === undefined ? undefined : rowFor(read)
    const after = run.parts.redactor.redacted(jsonOf(value) ?? null, row)
    const stored = storedCheck(run, request)
    const state = run.parts.redactor.redacted(jsonOf(answer) ?? null, row)
    keepPlanned(run, {
      id,
      effect: 'write',
      plan,
      hash,
      ...(route && { route }),
      action: 'unknown',
      unchanged: true,
      found: true,
      after,
      ...stored,
      // A function cannot be asked again by the caller who applies the plan: what it looked at must then be as it was.
      ...(stored.check === undefined &&
        read !== undefined && { basis: basisOf(read, state, run.foreignTenant(check.read)) }),
    })
  }
  run.tell({ type: 'step_end', step: id, outcome: 'unchanged' })
  return value
}

async function answerOf(run: Run, id: string, read: Runnable<unknown>): Promise<unknown> {
  const plan = planOf(read)
  const known = plan === undefined ? undefined : run.predicted.at(plan)
  if (known !== undefined) return known === null ? NOT_DONE : known
  try {
    const answer = await send(run, id, read, false).value
    const row = plan === undefined ? undefined : rowFor(plan)
    const listed = plan === undefined || row === undefined ? undefined : run.predicted.listed(plan, row, answer)
    return listed === undefined ? answer : listed.value
  } catch (error) {
    if (isAbsent(error)) return NOT_DONE
    throw error
  }
}

/** What a check says of an answer; nothing where it looks at a value that no step has brought about yet. */
function verdict(ask: () => unknown): unknown {
  try {
    return ask()
  } catch (error) {
    if (isTenantlabError(error) && error.kind === 'predicted') return undefined
    throw error
  }
}
