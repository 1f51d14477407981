import { blame } from '../../pipeline/index.ts'
import { ConfigurationError, diffValues, isTenantlabError, type Json, jsonOf, type PlanData } from '../../plan/index.ts'
import { composedWork, secretsOf } from '../../session/index.ts'
import { DecisionError } from '../errors.ts'
import { type DoneEntry, type FailedEntry, recordedError, recordedValue, type StepRecord } from '../journal/index.ts'
import type { StepRequest } from '../steps/index.ts'
import { checkOf, isWait, leftOut, markersIn, plansOf, type Subject, subjectOf } from '../steps/index.ts'
import { carryOut } from './carry-out.ts'
import { NOT_DONE, readCheck } from './check.ts'
import { confirm } from './confirm.ts'
import type { Selection } from './events.ts'
import { finish } from './finish.ts'
import { settleParts } from './parts.ts'
import { passTime } from './pass-time.ts'
import { predict } from './predict.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'
import { resolveUnknownOutcome } from './unknown-outcome.ts'

/** Chooses the steps of one run. */
export class Chooser {
  readonly #selection: Selection
  #started: boolean
  readonly #met = new Set<string>()
  readonly #tags = new Set<string>()

  constructor(selection: Selection) {
    this.#selection = selection
    this.#started = selection.startAt === undefined
  }

  /** Why a step is left out; `undefined` when it runs. */
  leaveOut({ id, effect }: Subject, tags: readonly string[] = []): string | undefined {
    this.#met.add(id)
    for (const tag of tags) this.#tags.add(tag)
    const { startAt, only, tags: wanted } = this.#selection
    if (id === startAt) this.#started = true
    if (effect === 'read') return undefined
    if (!this.#started) return `it comes before "${startAt}", where the run starts`
    if (only !== undefined && only.length > 0 && !only.includes(id)) return 'it is not among the chosen steps'
    if (wanted !== undefined && wanted.length > 0 && !tags.some((tag) => wanted.includes(tag)))
      return `it has none of the tags ${wanted.join(',')}`
    return undefined
  }

  /** Ids that were chosen and that no step had. */
  unmet(): readonly string[] {
    const { startAt, only = [] } = this.#selection
    return [...only, ...(startAt === undefined ? [] : [startAt])].filter((id) => !this.#met.has(id))
  }

  /** Tags that were chosen and that no step had, and those that steps had. */
  tags(): { readonly unmet: readonly string[]; readonly met: readonly string[] } {
    const { tags = [] } = this.#selection
    return { unmet: tags.filter((tag) => !this.#tags.has(tag)), met: [...this.#tags] }
  }
}

/**
 * Runs, predicts, replays or leaves out one step, and waits until all of it is written down.
 *
 * @returns Its value.
 * @throws What went wrong; where it could not be written down, that.
 */
export async function settle(run: Run, request: StepRequest, chooser: Chooser): Promise<unknown> {
  let value: unknown
  if (request.bounded) run.unbudgeted.add(request.id)
  try {
    value = await settleUnwritten(run, request, chooser)
  } catch (error) {
    await run.records.written()
    // An interruption comes from elsewhere than the step that it meets.
    const interrupted = isTenantlabError(error) && error.kind === 'aborted'
    if (request.site !== undefined && error instanceof Error && !interrupted) blame(error, request.site)
    throw error
  } finally {
    run.unbudgeted.delete(request.id)
  }
  await run.records.written()
  return value
}

async function settleUnwritten(run: Run, request: StepRequest, chooser: Chooser): Promise<unknown> {
  const subject = subjectOf(request)
  const { id, options } = request
  learnSecrets(run, request)
  const { when = true } = options
  const wanted = typeof when === 'function' ? await when() : when
  const work = wanted ? composedWork<unknown>(request.work) : undefined
  if (work !== undefined) return settleParts(run, request, work, (part) => settle(run, part, chooser))
  const record = run.meet(id, request.bounded)
  if (!wanted) return skip(run, subject, 'its condition does not hold', undefined)
  if (record?.done !== undefined) return replay(run, request, subject, record.done, record)
  if (record?.failed !== undefined && record.caught && !record.unknown) return fail(run, record)
  const reason = chooser.leaveOut(subject, options.tags)
  if (reason !== undefined) return skip(run, subject, reason, leftOut(id, reason))
  refuseForeign(run, request.work, subject)
  const { effect, operation, route } = subject
  run.tell({ type: 'step_start', step: id, effect, operation, ...(route !== undefined && { route }) })
  if (isWait(request.work)) return passTime(run, id, request.work)
  if (run.predicting) return predict(run, request, subject)
  if (record?.unknown === true) {
    const value = await resolveUnknownOutcome(run, request, subject)
    if (value !== NOT_DONE) return value
  }
  if (run.resumes && record?.begun === undefined) refuseRenamed(run, subject)
  if (options.doneWhen !== undefined && record?.unknown !== true && changes(subject)) {
    const value = await readCheck(run, request, run.checked)
    if (value !== NOT_DONE) return finish(run, request, subject, { result: value, how: 'unchanged', before: undefined })
  }
  const asks = options.confirm !== undefined || run.parts.selection.stepwise === true
  if (asks && (await confirm(run, request, subject)) === 'skip') return skipBegun(run, subject, LEFT_OUT)
  return carryOut(run, request, subject)
}

/** What rides beside a plan is a secret from here on, also where the step is only predicted or left out. */
function learnSecrets({ parts: { redactor } }: Run, { work, options }: StepRequest): void {
  const undo = typeof options.undo === 'function' ? [] : plansOf(options.undo)
  const check = checkOf(options.doneWhen)
  for (const plan of [work, ...undo, ...(check === undefined ? [] : [check.read])])
    for (const value of Object.values(secretsOf(plan))) redactor.add(value)
}

/** True for a step that may change the tenant. */
function changes({ effect }: Subject): boolean {
  return effect === 'write' || effect === 'flow'
}

const LEFT_OUT = 'a person left it out'

function skip(run: Run, subject: Subject, reason: string, value: unknown): unknown {
  const { id, effect, operation, route } = subject
  run.tell({ type: 'step_start', step: id, effect, operation, ...(route !== undefined && { route }) })
  skipBegun(run, subject, reason)
  return value
}

function skipBegun(run: Run, { id }: Subject, reason: string): unknown {
  run.counts.skipped += 1
  run.tell({ type: 'step_end', step: id, outcome: 'skipped', reason })
  run.records.append({ type: 'skipped', step: id, at: run.at, reason })
  return leftOut(id, reason)
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
        `(${plan.op}). Run the runbook and the parameters that the journal was begun with, or start a new run.`,
    )
  }
  run.tell({ type: 'step_start', step: id, effect, operation })
  run.counts.recorded += 1
  run.tell({ type: 'step_end', step: id, outcome: 'recorded' })
  if (earlier !== undefined && plan !== undefined && record.begun?.hash !== subject.hash)
    tellChanged(run, id, earlier, plan)
  const check = checkOf(request.options.doneWhen)
  if ((done.hidden?.length ?? 0) > 0 && check !== undefined) {
    const value = await readCheck(run, request, run.checked)
    if (value !== NOT_DONE) return value
  }
  if ((done.hidden?.length ?? 0) > 0 && effect === 'read') return send(run, id, request.work, 'again').value
  return recordedValue(done)
}

/** What a step says now, and what it said when it was done: the code may have changed since, and what was sent has not. */
function tellChanged(run: Run, id: string, then: PlanData, now: PlanData): void {
  const paths = diffValues(dataOf(then), dataOf(now)).map(({ path }) => path)
  if (paths.length === 0) return
  run.tell({
    type: 'say',
    text: `The step "${id}" is done as it was written when it was sent; now it says something else in ${paths.slice(0, 5).join(', ')}. It is not sent again.`,
  })
}

const dataOf = ({ body, query, options }: PlanData): Json =>
  jsonOf({ ...(body !== undefined && { body }), ...(query && { query }), ...(options && { options }) }) ?? {}

/** The body may hold a time or a random value; where it goes to may not change. */
function samePlace(a: PlanData, b: PlanData): boolean {
  const place = ({ op, params = {}, route }: PlanData): string =>
    JSON.stringify([op, route, Object.entries(params).sort()])
  return place(a) === place(b)
}

function fail(run: Run, { id, failed }: StepRecord): never {
  run.tell({ type: 'step_end', step: id, outcome: 'failed', reason: `recorded: ${failed?.message}` })
  throw recordedError(failed as FailedEntry)
}

/**
 * A resumed run comes to all steps of the journal before it comes to a new one. Where it does not, and the new step would
 * send what one of the journal has sent, the step was given another id meanwhile.
 */
function refuseRenamed(run: Run, { id, plan, effect, hash }: Subject): void {
  if (plan === undefined || effect !== 'write') return
  const twin = run.sentAs(hash)
  if (twin === undefined) return
  throw new DecisionError(
    id,
    `The step "${id}" would send what the journal records as the step "${twin.id}", to which the runbook has not come: ` +
      `it would be sent twice. Give the step its id "${twin.id}" back, or start a new run.`,
  )
}

/**
 * Refuses a step that would change another tenant than the run's: journal, undo, plan file and audit trail are of one
 * tenant, and an apply would send the step to that one. Reads of another tenant are welcome; a plan file holds none that
 * waits for what the run makes.
 *
 * @throws ConfigurationError naming both tenants.
 */
function refuseForeign(run: Run, work: unknown, { id, effect, plan }: Subject): void {
  const tenant = run.foreignTenant(work)
  if (tenant === undefined) return
  const later = run.predicting && plan !== undefined && markersIn(plan).length > 0
  if (effect === 'read' && !later) return
  if (effect === 'token' && run.parts.mode !== 'plan') return
  const own = run.parts.session.domain
  throw new ConfigurationError(
    `The step "${id}" goes to ${tenant}, and this run is that of ${own}: its journal, its undo and its plan file are of one tenant. ` +
      'Nothing was sent for the step. Use the auth0 that steps() is given, and change the other tenant in a run of its own.',
  )
}
