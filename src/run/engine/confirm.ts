import { bundleOf } from '../../display/index.ts'
import { DecisionError } from '../errors.ts'
import type { StepRequest, Subject } from '../steps/index.ts'
import type { Run } from './run.ts'

/** What is asked before a step is sent that brings no question of its own. */
export function questionOf(step: string, route: string): string {
  return `Step "${step}": ${route}. Send it?`
}

/**
 * Asks before a step is sent, where the step or the caller wants that.
 *
 * @returns `skip` where a person leaves the step out.
 * @throws DecisionError where it is refused, or there is no terminal to ask on.
 */
export async function confirm(
  run: Run,
  { id, options, work }: StepRequest,
  { effect, operation, route = operation }: Subject,
): Promise<'send' | 'skip'> {
  const { selection, yes, redactor } = run.parts
  const writes = effect === 'write' || effect === 'flow'
  if (selection.stepwise === true && run.everyStep && writes) {
    const answer = await run.decide(
      {
        step: id,
        text: questionOf(id, route),
        answers: ['yes', 'no', 'skip', 'all'],
        card: redactor.text(bundleOf(work)['text/plain'] ?? ''),
      },
      'Step by step, a person has to answer, and there is no terminal to ask on.',
    )
    if (answer === 'no') refuse(id)
    if (answer === 'all') run.everyStep = false
    return answer === 'skip' ? 'skip' : 'send'
  }
  if (options.confirm === undefined || options.confirm === false || yes) return 'send'
  const text = options.confirm === true ? questionOf(id, route) : options.confirm
  const answer = await run.decide(
    { step: id, text, answers: ['yes', 'no'] },
    'There is no terminal to ask on: confirm it beforehand, or run it where a person can answer.',
  )
  if (answer !== 'yes') refuse(id)
  return 'send'
}

function refuse(id: string): never {
  throw new DecisionError(id, `The step "${id}" was refused. Continue the run.`)
}
