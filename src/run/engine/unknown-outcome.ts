import { hashPlan } from '../../plan/index.ts'
import { DecisionError } from '../errors.ts'
import type { StepRequest } from '../steps/index.ts'
import { checkOf, isAbsent, planOf, type Subject } from '../steps/index.ts'
import { recordedBefore } from './before.ts'
import { finish } from './finish.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** Stands for the value of a step that has not been carried out. */
export const NOT_DONE = Symbol('not done')

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
    const value = await readCheck(run, request)
    if (value === NOT_DONE) return NOT_DONE
    return finish(run, request, { result: value, how: 'found', before: recordedBefore(run, id) })
  }
  if (row?.retry === 'idempotent') return NOT_DONE
  const { answered } = run.ledger.steps.get(id) ?? {}
  return askOutcome(
    run,
    request,
    answered === undefined
      ? `The step "${id}" (${operation}) was sent, and its answer is not known: it may have been carried out.`
      : `The step "${id}" (${operation}) was carried out (status ${answered}), and the run ended before its result was written down.`,
  )
}

/**
 * The value that a step's check finds, or `NOT_DONE`.
 *
 * @param answers What the same reads have answered since the run last wrote; one that is there is not sent again.
 */
export async function readCheck(
  run: Run,
  { id, options }: StepRequest,
  answers = new Map<string, unknown>(),
): Promise<unknown> {
  const check = checkOf(options.doneWhen)
  if (check === undefined) return NOT_DONE
  const plan = planOf(check.read)
  const key = plan === undefined ? undefined : hashPlan(plan)
  let answer: unknown
  if (key !== undefined && answers.has(key)) answer = answers.get(key)
  else {
    try {
      answer = await send(run, id, check.read, 'check').value
    } catch (error) {
      if (isAbsent(error)) return NOT_DONE
      throw error
    }
    if (key !== undefined) answers.set(key, answer)
  }
  const found = check.done(answer)
  if (found === undefined || found === false || found === null) return NOT_DONE
  return found === true ? answer : found
}

/** Asks a person what became of a write; the answers are those of `resolveUnknownOutcome()`. */
export async function askOutcome(run: Run, request: StepRequest, text: string, cause?: unknown): Promise<unknown> {
  const { id } = request
  const answer = await run.parts.ask({
    step: id,
    text: `${text} Send it again, take it as done, or stop?`,
    answers: ['again', 'done', 'stop'],
  })
  if (answer === 'again') return NOT_DONE
  if (answer === 'done') {
    return finish(run, request, { result: undefined, how: 'accepted', before: recordedBefore(run, id) })
  }
  const next =
    answer === undefined
      ? 'It is not safe to send twice. Look at the tenant; then run --resume on a terminal, which asks, or give the step a doneWhen.'
      : 'The run was stopped. Look at the tenant, and go on with --resume.'
  throw new DecisionError(id, `${text} ${next}`, { cause })
}
