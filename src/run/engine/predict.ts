import { messageOf } from '../../plan/index.ts'
import type { StepRequest, Subject } from '../steps/index.ts'
import { NOT_DONE } from './check.ts'
import { predictFlow } from './predict-flow.ts'
import { predictFound } from './predict-found.ts'
import { predictRead } from './predict-read.ts'
import { predictWrite } from './predict-write.ts'
import type { Run } from './run.ts'

/** The value of a step where no write is sent: reads are read, writes are worked out from the state and the body. */
export async function predict(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { id, plan, effect } = subject
  try {
    if (effect === 'write' || effect === 'flow') {
      const found = await predictFound(run, request, subject)
      if (found !== NOT_DONE) return found
    }
    if (plan === undefined) return await predictFlow(run, request, subject)
    const known = { ...subject, plan }
    return await (effect === 'write' ? predictWrite(run, request, known) : predictRead(run, request, known))
  } catch (error) {
    const reason = messageOf(error)
    run.tell({ type: 'step_end', step: id, outcome: 'failed', reason })
    throw error
  }
}
