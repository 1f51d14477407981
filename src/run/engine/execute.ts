import { meantSentence, nearest } from '../../catalogue/index.ts'
import { blame, callingLine } from '../../pipeline/index.ts'
import {
  type BasePlan,
  ConfigurationError,
  type Flow,
  isTenantlabError,
  type Json,
  jsonOf,
  messageOf,
} from '../../plan/index.ts'
import { guardRuns } from '../../session/index.ts'
import { rowOf } from '../../wire/index.ts'
import { DriftError } from '../errors.ts'
import { JOURNAL_VERSION, type Ledger, type OpenedEntry, undoneBy } from '../journal/index.ts'
import type { OtherTenants, PlannedStep, SaidText } from '../review/index.ts'
import type { Runbook, StepRequest } from '../steps/index.ts'
import { type Marker, markersIn, type RunbookCode, runbookCode, sourceOf, stepMaker } from '../steps/index.ts'
import type { RunEndEvent, RunStatus, RunSummary } from './events.ts'
import { settleIncoming } from './incoming.ts'
import { interruption, mayBeCaught } from './interruption.ts'
import { keepLookedUp } from './predict-read.ts'
import { checkResumption, tellUnmet } from './resumption.ts'
import { Run, type RunParts } from './run.ts'
import { Chooser, settle } from './settle.ts'

/** How a run ended. */
export interface RunResult {
  readonly status: RunStatus
  /** 0 done, 1 failed, 3 stopped for a decision, 4 drift. */
  readonly exitCode: 0 | 1 | 3 | 4
  readonly summary: RunSummary
  /** What the steps answered. */
  readonly value?: unknown
  readonly error?: unknown
  /** The parameters, secrets hidden. */
  readonly params?: Json
  /** Every step with its concrete plan; only where writes are predicted. */
  readonly planned: readonly PlannedStep[]
  /** What the runbook said meanwhile, for a plan file; only where writes are predicted. */
  readonly said: readonly SaidText[]
  /** Finds the session of another tenant that the runbook has read; only where a plan is made. */
  readonly others?: OtherTenants
}

/** The exit code of a command, by how its run ended. */
export const EXITS = { done: 0, failed: 1, stopped: 3, drift: 4 } as const

/**
 * Runs the steps of a runbook in a session, one after the other; those of a script as many at once as it asks for.
 *
 * @returns How it ended; never rejects for what goes wrong in a step.
 * @throws What kept the journal or the audit trail from being written, or the run from beginning.
 */
export async function execute<P>(runbook: Runbook<P>, params: P, parts: RunParts): Promise<RunResult> {
  const { shown } = parts
  const undone = undoneBy(runbook)
  const run = new Run(parts, shown, undone)
  const chooser = new Chooser(parts.selection)
  const given = shown !== undefined && { params: shown }
  try {
    await open(run, shown, undone)
    let value: unknown
    try {
      value = await drive(run, runbook, params, chooser)
      checkChosen(run, chooser)
    } catch (error) {
      if (run.records.failure !== undefined) throw run.records.failure
      return await close(run, statusOf(error), { error, ...given })
    }
    if (run.resumes) tellUnmet(run)
    return await close(run, 'done', { value, ...given })
  } catch (error) {
    if (run.records.failure !== undefined) tellEnd(run, 'failed', run.records.failure)
    throw error
  }
}

async function open(run: Run, shown: Json | undefined, undone: Ledger | undefined): Promise<void> {
  const { journal, journalPath, mode, run: id, runbook, session } = run.parts
  const { who } = run.internals
  const { at } = run
  const resumed = journal.entries.length > 0
  if (resumed) {
    const opened = journal.entries[0] as OpenedEntry
    checkResumption(run.parts, opened, shown)
    run.records.append({ type: 'resumed', at })
    run.recordUnanswered(run.ledger)
  } else {
    const kind = mode === 'apply' || mode === 'undo' ? mode : 'run'
    run.records.append({
      type: 'journal',
      version: JOURNAL_VERSION,
      run: id,
      runbook,
      mode: kind,
      tenant: session.domain,
      at,
      who,
      ...(run.parts.origin && { origin: run.parts.origin }),
      ...(shown !== undefined && { params: shown }),
      ...(run.parts.secrets !== undefined && { secrets: run.parts.secrets }),
    })
    if (undone !== undefined && !run.predicting) run.recordUnanswered(undone)
  }
  run.tell(
    {
      type: 'run_start',
      run: id,
      runbook,
      mode,
      who,
      ...(shown !== undefined && { params: shown }),
      ...(journalPath !== undefined && { journal: journalPath }),
      resumed,
    },
    at,
  )
  for (const text of run.parts.notes ?? []) run.tell({ type: 'say', text })
  return run.records.written()
}

/** The guard stays for the process: it asks only of what runs within a runbook. */
let guarded = false

async function drive<P>(run: Run, runbook: Runbook<P>, params: P, chooser: Chooser): Promise<unknown> {
  const { session } = run.parts
  if (!guarded) guardRuns(refuseWithin)
  guarded = true
  const maker = stepMaker()
  const source = sourceOf(runbook)
  if (source !== undefined) {
    await settleIncoming(run, source, maker.step, (request) => settle(run, request, chooser))
    if (run.predicting) await keepLookedUp(run)
    return undefined
  }
  const code: RunbookCode = {
    name: runbook.name,
    looked: new Map(),
    ranRead: (work, plan) => run.lookUp(work, plan),
    ranItself(operation) {
      const what = `The runbook "${runbook.name}" runs ${operation} itself, past its journal.`
      const next = "Write yield* step('id', plan), without run()."
      if (!run.predicting) throw new ConfigurationError(`${what} Nothing was sent. ${next}`)
      run.tell({ type: 'say', text: `${what} A run refuses that. ${next}` })
    },
  }
  const steps = runbook.steps({
    auth0: session,
    params,
    step: maker.step,
    tenant: session.domain,
    check: run.predicting,
    say: (text) => run.tell({ type: 'say', text: String(text) }),
  })
  let next = await runbookCode.run(code, () => steps.next())
  while (next.done !== true) {
    const request = next.value
    if (request?.kind !== 'step') {
      await leave(run, steps)
      const [site] = maker.unrun.values()
      throw blamed(
        new ConfigurationError(
          `The runbook "${runbook.name}" yields something that is not a step. Write yield* step('id', plan), with the star.`,
        ),
        site,
      )
    }
    if (run.stopped !== undefined) {
      await leave(run, steps)
      throw interruption(run.stopped, `before the step "${request.id}"`)
    }
    let value: unknown
    let failed = false
    try {
      value = await settle(run, request, chooser)
    } catch (error) {
      if (run.records.failure !== undefined || !mayBeCaught(error)) {
        await leave(run, steps)
        throw error
      }
      failed = true
      value = error
    }
    next = await runbookCode.run(code, () => (failed ? steps.throw(value) : steps.next(value)))
  }
  refuseUnrun(maker.unrun)
  if (run.predicting) {
    tellLookedAt(run, code, next.value)
    await keepLookedUp(run)
  }
  return next.value
}

/** A write that a runbook runs by itself would pass its journal: nothing could resume it or undo it. */
function refuseWithin(work: BasePlan<unknown> | Flow<unknown>): void {
  const code = runbookCode.getStore()
  if (code === undefined) return
  const plans = 'data' in work ? [work.data] : work.explain().steps.flatMap(({ plan }) => plan ?? [])
  const write = plans.find((plan) => rowOf(plan).effect === 'write')
  if (write === undefined && 'data' in work) code.ranRead(work, work.data)
  if (write === undefined) return
  code.ranItself(write.op)
}

function refuseUnrun(unrun: ReadonlyMap<string, Error>): void {
  const [first] = unrun
  if (first === undefined) return
  const [id, site] = first
  throw blamed(
    new ConfigurationError(
      `The step "${id}" was made and never run. Write yield* step('${id}', …), with yield* before it.`,
    ),
    site,
  )
}

/** The error with the line that it is about. */
function blamed<E extends Error>(error: E, site: Error | undefined): E {
  if (site !== undefined) blame(error, site)
  return error
}

/** Values that code has looked at, and that went into no plan and no text: a branch may have hung on them. */
function tellLookedAt(run: Run, { looked }: RunbookCode, value: unknown): void {
  const used = new Set(
    [
      ...run.planned.flatMap((step) => (step.effect === 'wait' ? [] : (step.placeholders ?? []))),
      ...markersIn([run.spoken, jsonOf(value) ?? null]),
    ].map(({ step, member }) => JSON.stringify([step, member])),
  )
  const all = [
    ...looked.values(),
    ...[...used].map((key) => JSON.parse(key) as [string, string]).map(([step, member]) => ({ step, member })),
  ]
  const isRoot = ({ step, member }: Marker): boolean =>
    all.some((each) => each.step === step && each.member.startsWith(`${member}.`))
  const open = [...looked].filter(([key, marker]) => !used.has(key) && !isRoot(marker)).map(([, marker]) => marker)
  for (const { step, member } of open) {
    run.tell({
      type: 'say',
      text: `The runbook looks at "${member}" of the step "${step}", which is known only once that was sent: what follows may depend on it.`,
    })
  }
}

/** Runs the finally blocks of a runbook that is stopped; their steps are left out, since nothing more may be sent. */
async function leave(run: Run, steps: AsyncGenerator<StepRequest, unknown, unknown>): Promise<void> {
  for (;;) {
    try {
      const { done, value } = await steps.return(undefined)
      if (done === true) return
      const { id = 'finally' } = (value ?? {}) as Partial<StepRequest>
      run.tell({ type: 'step_end', step: id, outcome: 'skipped', reason: 'the run was stopped' })
    } catch (error) {
      run.tell({ type: 'say', text: `A finally block of the runbook failed: ${messageOf(error)}` })
      return
    }
  }
}

function checkChosen(run: Run, chooser: Chooser): void {
  const { tags, only, startAt } = run.parts.selection
  if (tags === undefined && only === undefined && startAt === undefined) return
  const { unmet, met } = chooser.tags()
  const [tag] = unmet
  if (tag !== undefined) {
    const near = nearest(tag, met)
    const there = met.length === 0 ? 'Its steps have no tags.' : `Its steps have ${met.join(', ')}.`
    throw new ConfigurationError(`No step of the run has the tag "${tag}". ${meantSentence(near, there)}`)
  }
  const [id] = chooser.unmet()
  if (id === undefined) return
  const known = [...run.ledger.steps.keys(), ...run.planned.map((step) => step.id)]
  const near = nearest(id, known)
  throw new ConfigurationError(
    `No step of the run has the id "${id}". ${meantSentence(near, 'A check shows the ids.')}`,
  )
}

/** How a run ends that ends with this error. */
export function statusOf(error: unknown): Exclude<RunStatus, 'done'> {
  if (!isTenantlabError(error)) return 'failed'
  if (error.kind === 'decision' || error.kind === 'aborted') return 'stopped'
  return error.kind === 'drift' ? 'drift' : 'failed'
}

async function close(
  run: Run,
  status: RunStatus,
  end: { value?: unknown; error?: unknown; params?: Json },
): Promise<RunResult> {
  const { error } = end
  const step = error === undefined ? undefined : run.failedStep(error)
  const { at } = run
  run.records.append({
    type: 'closed',
    at,
    status: status === 'drift' ? 'stopped' : status,
    ...(step !== undefined && { step }),
  })
  await run.records.written()
  if (error instanceof DriftError) run.tell({ type: 'drift', drifts: error.drifts })
  tellEnd(run, status, error, at)
  const others = run.parts.mode === 'plan' && { others: (domain: string) => run.others.get(domain) }
  return {
    status,
    exitCode: EXITS[status],
    summary: run.summary,
    planned: run.planned,
    said: run.said,
    ...others,
    ...end,
  }
}

function tellEnd(run: Run, status: RunStatus, error: unknown, at?: string): void {
  const { summary } = run
  const failure = error === undefined ? {} : failureOf(error)
  run.tell({ type: 'run_end', status, exitCode: EXITS[status], summary, ...failure }, at)
}

/** What an error tells of the end of a run. */
function failureOf(error: unknown): Pick<RunEndEvent, 'message' | 'place'> {
  const message = messageOf(error)
  // A person who interrupts does so from no line of the runbook.
  const interrupted = isTenantlabError(error) && error.kind === 'aborted' && error.cause === undefined
  const place = interrupted ? undefined : callingLine(error)
  return { message, ...(place !== undefined && { place }) }
}
