import { DecisionError } from '../errors.ts'
import type { StepRequest, Subject } from '../steps/index.ts'
import type { Run } from './run.ts'

/** What is asked before a step is sent that brings no question of its own. */
export function questionOf(step: string, route: string): string {
  return `Step "${step}": ${route}. Send it?`
}

/** Asks before a step is sent, where the step or the caller wants that. */
export async function confirm(
  run: Run,
  { id, options }: StepRequest,
  { effect, operation, route = operation }: Subject,
): Promise<void> {
  const { selection, yes } = run.parts
  const writes = effect === 'write' || effect === 'flow'
  if (selection.stepwise === true && run.everyStep && writes) {
    const answer = await run.decide(
      { step: id, text: questionOf(id, route), answers: ['yes', 'no', 'continue'] },
      'Step by step, a person has to answer, and there is no terminal to ask on.',
    )
    if (answer === 'no') throw new DecisionError(id, `The step "${id}" was refused. Continue the run.`)
    if (answer === 'continue') run.everyStep = false
    return
  }
  if (options.confirm === undefined || options.confirm === false || yes) return
  const text = options.confirm === true ? questionOf(id, route) : options.confirm
  const answer = await run.decide(
    { step: id, text, answers: ['yes', 'no'] },
    'There is no terminal to ask on: confirm it beforehand, or run it where a person can answer.',
  )
  if (answer !== 'yes') throw new DecisionError(id, `The step "${id}" was refused. Continue the run.`)
}
