import type { StepRequest } from '../define.ts'
import { predictFlow } from './predict-flow.ts'
import { predictRead } from './predict-read.ts'
import { predictWrite } from './predict-write.ts'
import type { Run } from './run.ts'
import type { Subject } from './subject.ts'

/** The value of a step where no write is sent: reads are read, writes are worked out from the state and the body. */
export async function predict(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { plan, effect } = subject
  if (plan === undefined) return predictFlow(run, request, subject)
  const known = { ...subject, plan }
  return effect === 'write' ? predictWrite(run, request, known) : predictRead(run, request, known)
}
