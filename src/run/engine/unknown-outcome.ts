import { DecisionError } from '../errors.ts'
import type { StepRequest } from '../steps/index.ts'
import { checkOf, type Subject } from '../steps/index.ts'
import { NOT_DONE, NOT_SHOWN, readCheckAfterSending } from './check.ts'
import { finish, recordedBefore } from './finish.ts'
import type { Run } from './run.ts'

/**
 * Finds out about a write that an earlier run sent, and of which nobody knows whether it was carried out.
 *
 * @returns The step's value, or `NOT_DONE` where it is to be sent.
 * @throws DecisionError where a person has to say.
 */
export async function resolveUnknownOutcome(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { id, row, operation, effect } = subject
  // Tokens and reads can be asked for again.
  if (effect === 'token' || effect === 'read') return NOT_DONE
  if (checkOf(request.options.doneWhen) !== undefined) {
    const value = await readCheckAfterSending(run, request)
    if (value === NOT_DONE || (value === NOT_SHOWN && row?.retry === 'idempotent')) return NOT_DONE
    if (value === NOT_SHOWN) return askOutcome(run, request, subject, notShown(id))
    return finish(run, request, subject, { result: value, how: 'found', before: recordedBefore(run, id) })
  }
  if (row?.retry === 'idempotent') return NOT_DONE
  const { answered } = run.ledger.steps.get(id) ?? {}
  return askOutcome(
    run,
    request,
    subject,
    answered === undefined
      ? `The step "${id}" (${operation}) was sent, and its answer is not known: it may have been carried out.`
      : `The step "${id}" (${operation}) was carried out (status ${answered}), and the run ended before its result was written down.`,
  )
}

/** What is known of a write that an index does not show. */
export function notShown(id: string): string {
  return `The step "${id}" was sent and its answer is not known; the index that its doneWhen reads does not show it, and may still be late.`
}

/** Asks a person what became of a write; the answers are those of `resolveUnknownOutcome()`. */
export async function askOutcome(
  run: Run,
  request: StepRequest,
  subject: Subject,
  text: string,
  cause?: unknown,
): Promise<unknown> {
  const { id } = request
  const answer = await run.parts.ask({
    step: id,
    text: `${text} Send it again, take it as done, or stop?`,
    answers: ['again', 'done', 'stop'],
  })
  if (answer === 'again') return NOT_DONE
  if (answer === 'done') {
    return finish(run, request, subject, { result: undefined, how: 'accepted', before: recordedBefore(run, id) })
  }
  const next =
    answer === undefined
      ? 'It is not safe to send twice. Look at the tenant; then continue the run where a person can be asked, or give the step a doneWhen.'
      : 'The run was stopped. Look at the tenant, and continue the run.'
  throw new DecisionError(id, `${text} ${next}`, { cause })
}
