import { isTenantlabError, type Json, jsonOf, messageOf, type PlanData } from '../../plan/index.ts'
import { DecisionError } from '../errors.ts'
import { isOpen } from '../review/index.ts'
import type { StepRequest } from '../steps/index.ts'
import { checkOf, isAbsent, reviewedOf, type Subject } from '../steps/index.ts'
import { NOT_DONE, NOT_SHOWN, readCheckAfterSending } from './check.ts'
import { finish, stateBefore } from './finish.ts'
import { waitFor } from './pass-time.ts'
import { storedCheck } from './planned.ts'
import type { Run } from './run.ts'
import { type Sent, send } from './send.ts'
import { askOutcome, notShown } from './unknown-outcome.ts'

/** Sends a step; answers its value. */
export async function carryOut(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { id, plan, hash } = subject
  const earlier = run.ledger.steps.get(id)
  // Most steps are undone without it, or not at all.
  const isAsked = typeof request.options.undo === 'function' || earlier?.begun?.before !== undefined
  const before = isAsked ? await stateBefore(run, request, subject) : undefined
  const shownBefore =
    earlier?.begun?.before ??
    (before === undefined ? undefined : run.parts.redactor.redacted(jsonOf(before) ?? null, subject.row))
  const { check } = request.options.doneWhen === undefined ? {} : storedCheck(run, request)
  run.records.append({
    type: 'begun',
    step: id,
    at: run.at,
    hash,
    ...(plan && { plan: withoutKnownSecrets(run, plan) }),
    ...reviewedOf(request.work),
    ...(shownBefore !== undefined && { before: shownBefore }),
    ...(check && isOpen(check, run.parts.redactor) && { check }),
    ...(request.beside?.() && { beside: true }),
  })
  let waited = 0
  for (let sentBefore = earlier?.unknown === true, first = true; ; sentBefore = true, first = false) {
    const { value, sent } = send(run, id, request.work, undefined, request.signal)
    let result: unknown
    try {
      result = await value
    } catch (error) {
      // What is gone was deleted by the request whose answer never came.
      if ((sentBefore || sent.lost) && subject.row?.merge === 'remove' && isAbsent(error))
        return finish(run, request, subject, { result: undefined, how: 'found', before })
      const wait = toldWait(run, error)
      if (wait !== undefined && waited + wait <= run.parts.maxWait) {
        waited += wait
        await waitFor(run, id, wait)
        continue
      }
      const settled = await afterFailure(run, request, subject, { error, sent, first, before })
      if (settled === NOT_DONE) continue
      return settled
    }
    if (sent.writes > 0) run.counts.written += 1
    return finish(run, request, subject, { result, how: 'sent', before })
  }
}

/**
 * The plan as a journal keeps it: a secret that the run has met, such as a password that went into a description, is hidden.
 * Nothing is sent by what is kept; its hash is that of the plan itself.
 */
function withoutKnownSecrets({ parts: { redactor } }: Run, plan: PlanData): PlanData {
  const { body, query } = plan
  return {
    ...plan,
    ...(body !== undefined && { body: redactor.data(body) }),
    ...(query !== undefined && { query: redactor.data(query) }),
  }
}

/** What an error tells beside its message, secrets hidden. */
function toldBy(
  error: unknown,
  { parts: { redactor } }: Run,
): { readonly name: string; readonly [member: string]: Json } {
  if (!isTenantlabError(error)) return { name: error instanceof Error ? error.name : 'Error' }
  const {
    kind: _,
    message: __,
    operation: ___,
    applied: ____,
    ...told
  } = error.toJSON() as { readonly [member: string]: Json }
  return redactor.data({ ...told, name: error.name })
}

/** Milliseconds after which the server takes a request that it has refused for now; `undefined` for any other failure. */
function toldWait(run: Run, error: unknown): number | undefined {
  if (!isTenantlabError(error) || error.kind !== 'rate_limit' || error.applied === 'maybe') return undefined
  const { retryAt } = error as { retryAt?: number }
  return retryAt === undefined ? undefined : Math.max(0, retryAt - run.internals.runner.now())
}

interface Failure {
  readonly error: unknown
  readonly sent: Sent
  /** Whether it was the first try of this run. */
  readonly first: boolean
  readonly before: unknown
}

/** Writes a failure down. Answers the step's value where the step is done all the same, `NOT_DONE` to try once more. */
async function afterFailure(run: Run, request: StepRequest, subject: Subject, failure: Failure): Promise<unknown> {
  if (run.records.failure !== undefined) throw run.records.failure
  const { id, effect } = subject
  const { error, sent } = failure
  const { message, kind } = isTenantlabError(error) ? error : { message: messageOf(error), kind: 'unexpected' }
  const unknown = sent.maybeApplied && (effect === 'write' || effect === 'flow')
  const { status } = (error ?? {}) as { status?: unknown }
  run.records.append({
    type: 'failed',
    step: id,
    at: run.at,
    kind,
    message: run.parts.redactor.text(message),
    ...(typeof status === 'number' && { status }),
    error: toldBy(error, run),
    applied: unknown ? 'maybe' : 'no',
    ...((request.part || request.beside?.()) && { part: true }),
  })
  // A stop is a stop, whatever became of the request.
  const value =
    unknown && kind !== 'aborted' && kind !== 'decision' ? await outcomeOf(run, request, subject, failure) : error
  if (value !== error) return value
  run.fails(id, error)
  run.tell({ type: 'step_end', step: id, outcome: 'failed', reason: message })
  throw error
}

/** What became of a write that failed and may have been carried out; the error itself where sending it again is safe. */
async function outcomeOf(
  run: Run,
  request: StepRequest,
  subject: Subject,
  { error, first, before }: Failure,
): Promise<unknown> {
  const { id, row } = subject
  const message = messageOf(error)
  const told = (stop: unknown): never => {
    run.tell({ type: 'step_end', step: id, outcome: 'failed', reason: message })
    throw stop
  }
  if (checkOf(request.options.doneWhen) !== undefined) {
    const value = await readCheckAfterSending(run, request).catch((cause: unknown) =>
      told(
        run.records.failure ??
          new DecisionError(
            id,
            `${message} The step "${id}" may have been carried out, and its doneWhen could not be read: ` +
              `${messageOf(cause)} Continue the run, which reads it again.`,
            { cause },
          ),
      ),
    )
    if (value === NOT_SHOWN) {
      if (row?.retry === 'idempotent') return first ? NOT_DONE : error
      return askOutcome(run, request, subject, notShown(id), error).catch(told)
    }
    if (value !== NOT_DONE) return finish(run, request, subject, { result: value, how: 'found', before })
    return first ? NOT_DONE : error
  }
  // A script sees the failure itself; where it does not catch it, that ends the script.
  if (row?.retry === 'idempotent' || request.handsOnFailures === true) return error
  return askOutcome(run, request, subject, `${message} The step "${id}" may have been carried out.`, error).catch(told)
}
