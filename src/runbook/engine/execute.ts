import { nearest } from '../../catalogue/index.ts'
import { ConfigurationError, isTenantlabError, type Json } from '../../plan/index.ts'
import type { Runbook } from '../define.ts'
import { DriftError } from '../errors.ts'
import type { OpenedEntry } from '../journal/index.ts'
import { shownParams } from '../params/check.ts'
import type { PlannedStep } from '../plan-file/contract.ts'
import { stepMaker } from '../step.ts'
import type { RunStatus, RunSummary } from './events.ts'
import { Run, type RunParts } from './run.ts'
import { Chooser } from './selection.ts'
import { settle } from './settle.ts'

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
}

/** The exit code of a command, by how its run ended. */
export const EXITS = { done: 0, failed: 1, stopped: 3, drift: 4 } as const

/**
 * Runs the steps of a runbook in a session, one after the other.
 *
 * @returns How it ended; never rejects for what goes wrong in a step.
 */
export async function execute<P>(runbook: Runbook<P>, params: P, parts: RunParts): Promise<RunResult> {
  const run = new Run(parts)
  const chooser = new Chooser(parts.selection)
  const shown = shownParams(runbook, params, parts.vault)
  open(run, shown)
  let value: unknown
  try {
    value = await drive(run, runbook, params, chooser)
    checkChosen(run, chooser)
  } catch (error) {
    if (run.journalFailure !== undefined) throw error
    return close(run, statusOf(error), { error, ...(shown !== undefined && { params: shown }) })
  }
  return close(run, 'done', { value, ...(shown !== undefined && { params: shown }) })
}

function open(run: Run, shown: Json | undefined): void {
  const { journal, journalPath, mode, run: id, runbook, session } = run.parts
  const { who } = run.backstage
  const resumed = journal.entries.length > 0
  if (resumed) {
    checkJournal(run, journal.entries[0] as OpenedEntry)
    run.append({ type: 'resumed', at: run.at })
  } else {
    const kind = mode === 'apply' || mode === 'undo' ? mode : 'run'
    run.append({
      type: 'journal',
      version: 1,
      run: id,
      runbook,
      mode: kind,
      tenant: session.domain,
      at: run.at,
      who,
      ...(shown !== undefined && { params: shown }),
    })
  }
  run.tell({
    type: 'run_start',
    run: id,
    runbook,
    mode,
    who,
    ...(shown !== undefined && { params: shown }),
    ...(journalPath !== undefined && { journal: journalPath }),
    resumed,
  })
}

/** A journal goes on in the tenant, and with the runbook, that it was begun with. */
function checkJournal({ parts }: Run, opened: OpenedEntry): void {
  const { session, runbook } = parts
  if (opened.tenant !== session.domain) {
    throw new ConfigurationError(
      `The journal belongs to the tenant ${opened.tenant}, and the session is connected with ${session.domain}. Connect with the journal's tenant.`,
    )
  }
  if (opened.runbook !== runbook) {
    throw new ConfigurationError(
      `The journal belongs to the runbook "${opened.runbook}", not to "${runbook}". Give the journal of this runbook.`,
    )
  }
}

async function drive<P>(run: Run, runbook: Runbook<P>, params: P, chooser: Chooser): Promise<unknown> {
  const { session, signal } = run.parts
  const steps = runbook.steps({
    auth0: session,
    params,
    step: stepMaker(),
    tenant: session.domain,
    check: run.predicting,
    say: (text) => run.tell({ type: 'say', text: String(text) }),
  })
  let next = await steps.next()
  while (next.done !== true) {
    signal?.throwIfAborted()
    const request = next.value
    if (request?.kind !== 'step') {
      throw new ConfigurationError(
        `The runbook "${runbook.name}" yields what is no step. Write yield* step('id', plan), with the star.`,
      )
    }
    let value: unknown
    let failed = false
    try {
      value = await settle(run, request, chooser)
    } catch (error) {
      if (run.journalFailure !== undefined || !mayBeCaught(error)) {
        // The runbook's finally blocks run, but nothing more is sent.
        await steps.return(undefined).catch(() => undefined)
        throw error
      }
      failed = true
      value = error
    }
    next = failed ? await steps.throw(value) : await steps.next(value)
  }
  return next.value
}

/** A stop is for a person, and no runbook may go on after it. */
function mayBeCaught(error: unknown): boolean {
  return !(isTenantlabError(error) && (error.kind === 'decision' || error.kind === 'aborted'))
}

function checkChosen(run: Run, chooser: Chooser): void {
  const [id] = chooser.unmet()
  if (id === undefined) return
  const known = [...run.ledger.steps.keys(), ...run.planned.map((step) => step.id)]
  const near = nearest(id, known)
  throw new ConfigurationError(
    `No step of the run has the id "${id}". ${near === undefined ? 'See the ids with --check.' : `Did you mean "${near}"?`}`,
  )
}

/** How a run ends that ends with this error. */
export function statusOf(error: unknown): Exclude<RunStatus, 'done'> {
  if (!isTenantlabError(error)) return 'failed'
  if (error.kind === 'decision' || error.kind === 'aborted') return 'stopped'
  return error.kind === 'drift' ? 'drift' : 'failed'
}

function close(run: Run, status: RunStatus, end: { value?: unknown; error?: unknown; params?: Json }): RunResult {
  run.append({ type: 'closed', at: run.at, status: status === 'drift' ? 'stopped' : status })
  const exitCode = EXITS[status]
  const { error } = end
  const message = error === undefined ? undefined : ((error as Error)?.message ?? String(error))
  if (error instanceof DriftError) run.tell({ type: 'drift', drifts: error.drifts })
  run.tell({ type: 'run_end', status, exitCode, summary: run.summary, ...(message !== undefined && { message }) })
  return { status, exitCode, summary: run.summary, planned: run.planned, ...end }
}
