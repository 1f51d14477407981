import { isTenantlabError, type PlanData, planData, TenantlabError } from '../../plan/index.ts'
import type { StepRequest } from '../define.ts'
import { DecisionError } from '../errors.ts'
import { type DoneEntry, recordedValue, type StepRecord } from '../journal/index.ts'
import { leftOut } from '../placeholder.ts'
import { hiddenPaths, jsonOf, markedPaths } from '../vault.ts'
import { isWait } from '../wait.ts'
import { passTime } from './pass-time.ts'
import { predict } from './predict.ts'
import type { Run } from './run.ts'
import type { Chooser } from './selection.ts'
import { send } from './send.ts'
import { checkOf, isAbsent, plansOf, type Subject, subjectOf } from './subject.ts'

const NOT_DONE = Symbol('not done')

/** Runs, predicts, replays or leaves out one step; answers its value. */
export async function settle(run: Run, request: StepRequest, chooser: Chooser): Promise<unknown> {
  const subject = subjectOf(request)
  const { id, options } = { id: request.id, options: request.options }
  run.counts.steps += 1
  const { when = true } = options
  if (!(typeof when === 'function' ? await when() : when))
    return skip(run, subject, 'its condition does not hold', undefined)
  const record = run.ledger.steps.get(id)
  if (record?.done !== undefined) return replay(run, request, subject, record.done, record)
  if (record?.failed !== undefined && record.caught && !record.unknown) return fail(run, record)
  const reason = chooser.leaveOut(subject, options.tags)
  if (reason !== undefined) return skip(run, subject, reason, leftOut(id, reason))
  const { effect, operation, route } = subject
  run.tell({ type: 'step_start', step: id, effect, operation, ...(route !== undefined && { route }) })
  if (isWait(request.work)) return passTime(run, id, request.work)
  if (run.predicting) return predict(run, request, subject)
  if (record?.unknown === true) {
    const value = await resolveFate(run, request, subject)
    if (value !== NOT_DONE) return value
  }
  await confirm(run, request, subject)
  return carryOut(run, request, subject)
}

function skip(run: Run, { id, effect, operation, route }: Subject, reason: string, value: unknown): unknown {
  run.counts.skipped += 1
  run.tell({ type: 'step_start', step: id, effect, operation, ...(route !== undefined && { route }) })
  run.tell({ type: 'step_end', step: id, outcome: 'skipped', reason })
  run.append({ type: 'skipped', step: id, at: run.at, reason })
  return value
}

async function replay(
  run: Run,
  request: StepRequest,
  subject: Subject,
  done: DoneEntry,
  record: StepRecord,
): Promise<unknown> {
  const { id, effect, operation, plan } = subject
  const earlier = record.begun?.plan
  if (earlier !== undefined && plan !== undefined && !samePlace(earlier, plan)) {
    throw new DecisionError(
      id,
      `The step "${id}" is done, but as ${earlier.op} of another record or by another operation than the runbook now says ` +
        `(${plan.op}). Run the runbook and the parameters that the journal was begun with, or start anew without --resume.`,
    )
  }
  run.tell({ type: 'step_start', step: id, effect, operation })
  run.counts.recorded += 1
  run.tell({ type: 'step_end', step: id, outcome: 'recorded' })
  const check = checkOf(request.options.idempotencyCheck)
  if ((done.hidden?.length ?? 0) > 0 && check !== undefined) {
    const value = await readCheck(run, request)
    if (value !== NOT_DONE) return value
  }
  if ((done.hidden?.length ?? 0) > 0 && effect === 'read') return (await send(run, id, request.work, false)).value
  return recordedValue(done)
}

/** The body may hold a time or a random value; where it goes to may not change. */
function samePlace(a: PlanData, b: PlanData): boolean {
  const place = ({ op, params = {}, route }: PlanData): string =>
    JSON.stringify([op, route, Object.entries(params).sort()])
  return place(a) === place(b)
}

function fail(run: Run, { id, failed }: StepRecord): never {
  run.tell({ type: 'step_end', step: id, outcome: 'failed', reason: `recorded: ${failed?.message}` })
  const error = new TenantlabError((failed?.kind ?? 'unexpected') as TenantlabError['kind'], failed?.message ?? '')
  throw Object.assign(error, failed?.status === undefined ? {} : { status: failed.status })
}

/** A write went out, and nobody knows whether it was carried out. */
async function resolveFate(run: Run, request: StepRequest, { id, row, operation }: Subject): Promise<unknown> {
  const { options } = request
  const check = checkOf(options.idempotencyCheck)
  if (check !== undefined) {
    const value = await readCheck(run, request)
    if (value === NOT_DONE) return NOT_DONE
    return finish(run, request, value, 'found', recordedBefore(run, id))
  }
  if (row?.retry === 'idempotent') return NOT_DONE
  const text = `The step "${id}" (${operation}) was sent, and its answer is not known: it may have been carried out.`
  const answer = await run.decide(
    { step: id, text: `${text} Send it again, take it as done, or stop?`, answers: ['again', 'done', 'stop'] },
    'It is not safe to send twice. Look at the tenant; then run --resume on a terminal, which asks, or give the step an idempotencyCheck.',
  )
  if (answer === 'again') return NOT_DONE
  if (answer === 'done') return finish(run, request, undefined, 'accepted', recordedBefore(run, id))
  throw new DecisionError(id, `${text} The run was stopped. Look at the tenant, and go on with --resume.`)
}

/** The value that a step's check finds, or `NOT_DONE`. */
async function readCheck(run: Run, { id, options }: StepRequest): Promise<unknown> {
  const check = checkOf(options.idempotencyCheck)
  if (check === undefined) return NOT_DONE
  let answer: unknown
  try {
    answer = await send(run, id, check.read, false).value
  } catch (error) {
    if (isAbsent(error)) return NOT_DONE
    throw error
  }
  const found = check.done(answer)
  if (found === undefined || found === false || found === null) return NOT_DONE
  return found === true ? answer : found
}

async function confirm(
  run: Run,
  { id, options }: StepRequest,
  { effect, operation, route = operation }: Subject,
): Promise<void> {
  const { selection, yes } = run.parts
  const writes = effect === 'write' || effect === 'flow'
  if (selection.stepwise === true && run.everyStep && writes) {
    const answer = await run.decide(
      { step: id, text: `Step "${id}": ${route}. Send it?`, answers: ['yes', 'no', 'continue'] },
      'With --step somebody has to answer. Run it on a terminal.',
    )
    if (answer === 'no') throw new DecisionError(id, `The step "${id}" was refused. Go on with --resume.`)
    if (answer === 'continue') run.everyStep = false
    return
  }
  if (options.confirm === undefined || options.confirm === false || yes) return
  const text = options.confirm === true ? `Step "${id}": ${route}. Send it?` : options.confirm
  const answer = await run.decide({ step: id, text, answers: ['yes', 'no'] }, 'Run it on a terminal, or with --yes.')
  if (answer !== 'yes') throw new DecisionError(id, `The step "${id}" was refused. Go on with --resume.`)
}

async function carryOut(run: Run, request: StepRequest, subject: Subject): Promise<unknown> {
  const { id, plan, hash } = subject
  const maybeDone = run.ledger.steps.get(id)?.unknown === true
  const before = await stateBefore(run, request, subject)
  const shownBefore =
    run.ledger.steps.get(id)?.begun?.before ??
    (before === undefined ? undefined : run.parts.vault.redacted(jsonOf(before) ?? null, subject.row))
  run.append({
    type: 'begun',
    step: id,
    at: run.at,
    hash,
    ...(plan && { plan }),
    ...(shownBefore !== undefined && { before: shownBefore }),
  })
  for (let again = true; ; again = false) {
    const sentBefore = maybeDone || !again
    const { value, sent } = send(run, id, request.work)
    try {
      const result = await value
      if (sent.writes > 0) run.counts.written += 1
      return finish(run, request, result, 'sent', before)
    } catch (error) {
      // What is gone was deleted by the request whose answer never came.
      if (sentBefore && subject.row?.merge === 'remove' && isAbsent(error))
        return finish(run, request, undefined, 'found', before)
      const goes = await afterFailure(run, request, subject, { error, maybeApplied: sent.maybeApplied, again, before })
      if (goes !== 'again') return goes.value
    }
  }
}

interface Failure {
  readonly error: unknown
  readonly maybeApplied: boolean
  /** Whether the step may be sent once more. */
  readonly again: boolean
  readonly before: unknown
}

async function afterFailure(
  run: Run,
  request: StepRequest,
  { id, row, effect }: Subject,
  { error, maybeApplied, again, before }: Failure,
): Promise<'again' | { value: unknown }> {
  if (error === run.journalFailure) throw error
  const { message, kind } = isTenantlabError(error)
    ? error
    : { message: String((error as Error)?.message ?? error), kind: 'unexpected' }
  const writes = effect === 'write' || effect === 'flow'
  const unknown = maybeApplied && writes
  const { status } = (error ?? {}) as { status?: unknown }
  run.append({
    type: 'failed',
    step: id,
    at: run.at,
    kind,
    message: run.parts.vault.text(message),
    ...(typeof status === 'number' && { status }),
    maybeApplied: unknown,
  })
  if (unknown && kind !== 'aborted' && checkOf(request.options.idempotencyCheck) !== undefined) {
    const value = await readCheck(run, request)
    if (value !== NOT_DONE) return { value: await finish(run, request, value, 'found', before) }
    if (again) return 'again'
  }
  run.tell({ type: 'step_end', step: id, outcome: 'failed', reason: message })
  if (unknown && row?.retry !== 'idempotent' && kind !== 'decision') {
    throw new DecisionError(
      id,
      `${message} The step "${id}" may have been carried out, and is not safe to send twice. Look at the tenant, and go on with --resume.`,
      {
        cause: error,
      },
    )
  }
  throw error
}

/** The state before the first attempt at a step, as an earlier run recorded it: by now the write may have changed it. */
function recordedBefore(run: Run, id: string): unknown {
  const value = run.ledger.steps.get(id)?.begun?.before
  if (value === undefined) return undefined
  // A mark in place of a secret must never be written back.
  return recordedValue({ type: 'done', step: id, at: '', how: 'sent', value, hidden: markedPaths(value) })
}

/** The record that a write changes, where its undo asks for it. */
async function stateBefore(run: Run, { id, options }: StepRequest, { plan, row }: Subject): Promise<unknown> {
  const recorded = recordedBefore(run, id)
  if (recorded !== undefined) return recorded
  if (typeof options.undo !== 'function' || plan === undefined || row?.twin === undefined || row.merge === 'create')
    return undefined
  const twin = planData({ op: row.twin, ...(plan.params && { params: plan.params }) })
  try {
    return await send(run, id, run.backstage.bind(twin), false).value
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

function finish(run: Run, request: StepRequest, result: unknown, how: DoneEntry['how'], before: unknown): unknown {
  const { id, options } = request
  const { row } = subjectOf(request)
  const { vault } = run.parts
  const undo =
    typeof options.undo === 'function'
      ? options.undo({ result, ...(before !== undefined && { before }) })
      : options.undo
  const plans = plansOf(undo).map((plan) => plan.data)
  const value = jsonOf(result)
  const safe = value === undefined ? undefined : vault.redacted(value, row)
  const hidden = value === undefined ? [] : hiddenPaths(value, safe)
  const more =
    typeof result === 'object' &&
    result !== null &&
    'items' in result &&
    (result as { next?: unknown }).next !== undefined
  run.append({
    type: 'done',
    step: id,
    at: run.at,
    how,
    ...(safe !== undefined && { value: safe }),
    ...(hidden.length > 0 && { hidden }),
    ...(more && { more }),
    ...(plans.length > 0 && { undo: plans }),
  })
  run.tell({ type: 'step_end', step: id, outcome: how === 'sent' ? 'done' : how })
  return result
}
