import { existsSync } from 'node:fs'
import { ConfigurationError, isJsonObject, type Json } from '../plan/index.ts'
import { type Ask, DecisionError, type OpenedEntry, type Runbook, type RunStatus } from '../run/index.ts'
import { internalsOf, type Session } from '../session/index.ts'
import {
  type EarlierRun,
  earlierRuns,
  isUndone,
  type KnownRun,
  type KnownRuns,
  knownRuns,
  lockRun,
  type RunIdentity,
  readJournal,
  realPath,
  runLockPath,
  undoJournal,
} from './files/index.ts'

/** How a run begins: with which journal, and what is told of earlier runs of the same. */
export interface Beginning {
  /** Path of the journal that it writes. */
  readonly journal: string
  /** Read once the run is kept, since what keeps it from being kept is told as well. */
  readonly notes: readonly string[]
  /**
   * Keeps that the run has begun, before it sends anything, so that the same run finds it from anywhere.
   *
   * @param run id of the run.
   * @returns what keeps how it ended.
   */
  keep(run: string): (status: RunStatus) => void
  /** Lets the same run begin again, for this process or another. */
  release(): void
}

/** What a run looks at before it begins. */
export interface BeginOptions {
  /** True where doing the same once more is meant. */
  readonly again: boolean
  readonly ask: Ask
  readonly known: KnownRuns
  /** The run that this one undoes. */
  readonly undone?: OpenedEntry | undefined
}

/**
 * Looks at what earlier runs of the same have left before a run begins: one at a time runs, and what is unfinished or
 * applied is not done a second time by mistake, whatever file its journal is in.
 *
 * @throws DecisionError where the same runs in another process, is unfinished, or was applied already; ConfigurationError
 *   for the journal of a run that was undone.
 */
export async function begin(journal: string, identity: RunIdentity, options: BeginOptions): Promise<Beginning> {
  const { known } = options
  const release = lock(journal, identity, known)
  try {
    const chosen = await choose(journal, identity, options)
    return {
      journal: chosen.journal,
      get notes() {
        return [...troubleOnce(known), ...chosen.notes]
      },
      release,
      keep(run) {
        if (identity.mode === 'undo') return (status) => keepUndone(status, known, options.undone)
        const kept = knownRun(run, chosen.journal, identity)
        known.keep(identity, { ...kept, status: 'begun' })
        return (status) => known.keep(identity, { ...kept, status })
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

async function choose(
  journal: string,
  identity: RunIdentity,
  { again, ask, known }: BeginOptions,
): Promise<Pick<Beginning, 'journal' | 'notes'>> {
  if (identity.mode === 'undo') return { journal, notes: [] }
  if (existsSync(journal) && readJournal(journal).length > 0) {
    refuseUndone(journal, known)
    return { journal, notes: [] }
  }
  if (again) return { journal, notes: [] }
  const { found, gone } = earlierRuns(journal, identity, known)
  const unfinished = found.find(({ finished }) => !finished)
  if (unfinished !== undefined) return { journal: await askAbout(unfinished, journal, identity, ask), notes: [] }
  const last = found.find(({ mode }) => mode === identity.mode)
  if (last !== undefined && identity.mode === 'apply') throw appliedBefore(last, identity)
  const notes = last === undefined ? [] : [`The same run was done on ${last.at}: its journal is ${last.path}.`]
  return { journal, notes: [...notes, ...tellGone(gone, identity, known)] }
}

/** One lock holds wherever the journal is, the other for all who share its folder. */
function lock(journal: string, identity: RunIdentity, known: KnownRuns): () => void {
  const release = identity.mode === 'undo' ? () => undefined : known.lock(identity)
  try {
    const releaseBeside = lockRun(runLockPath(journal, identity), identity.runbook, identity.tenant)
    return () => {
      releaseBeside()
      release()
    }
  } catch (error) {
    release()
    throw error
  }
}

let troubleTold = false

/** It is told once: runs of one process have one user. */
function troubleOnce({ trouble }: KnownRuns): readonly string[] {
  if (trouble === undefined || troubleTold) return []
  troubleTold = true
  return [trouble]
}

/** Earlier runs whose journals are gone stop nothing: nobody knows what they did. They are told of once. */
function tellGone(gone: readonly KnownRun[], identity: RunIdentity, known: KnownRuns): readonly string[] {
  return gone
    .filter((run) => run.status !== 'done' || (run.plan !== undefined && run.plan === planOf(identity)))
    .map((run) => {
      known.forget(identity, run)
      const what = run.mode === 'apply' ? 'apply' : 'run'
      const end = run.status === 'done' ? 'was done' : 'did not end well'
      return `The same ${what} of ${run.at} ${end}, and its journal ${run.journal} is gone or cannot be read: what it has sent is not known.`
    })
}

function planOf({ mode, params }: RunIdentity): string | undefined {
  return mode === 'apply' && isJsonObject(params) && typeof params.plan === 'string' ? params.plan : undefined
}

/**
 * Refuses to apply a plan that was applied or begun before, where the tenant has drifted: what drifted may be what that run
 * wrote, and to plan again would do it twice.
 *
 * @param journal that the apply would write.
 * @throws DecisionError that names the earlier run.
 */
export function refuseEarlierApply(journal: string, runbook: Runbook<unknown>, session: Session): void {
  const tenant = session.domain
  const params = runbook.params?.parse({}) as Json | undefined
  const identity: RunIdentity = { runbook: runbook.name, tenant, mode: 'apply', params }
  const { found } = earlierRuns(journal, identity, knownRuns(internalsOf(session).way, tenant))
  const unfinished = found.find(({ finished }) => !finished)
  if (unfinished !== undefined) throw refusal(unfinished, identity)
  const applied = found.find(({ mode }) => mode === 'apply')
  if (applied !== undefined) throw appliedBefore(applied, identity)
}

function appliedBefore({ at, path }: EarlierRun, { runbook }: RunIdentity): DecisionError {
  return new DecisionError(
    runbook,
    `This plan was applied on ${at}: its journal is ${path}. Nothing was sent. Plan again for what is new.`,
    { next: 'again' },
  )
}

async function askAbout(earlier: EarlierRun, journal: string, identity: RunIdentity, ask: Ask): Promise<string> {
  const same = earlier.mode === identity.mode
  const answer = await ask({
    step: identity.runbook,
    text: `${unfinishedText(earlier, identity)} ${same ? 'Continue it, start again beside it, or stop?' : 'Start again beside it, or stop?'}`,
    answers: same ? ['continue', 'again', 'stop'] : ['again', 'stop'],
  })
  if (answer === 'continue' && same) return earlier.path
  if (answer === 'again') return journal
  throw refusal(earlier, identity)
}

function unfinishedText({ path, at, writes, mode }: EarlierRun, { runbook, mode: wanted }: RunIdentity): string {
  const what =
    mode === 'apply' && wanted === 'apply'
      ? 'The apply of this plan'
      : `${mode === 'apply' ? 'An apply' : 'A run'} of "${runbook}" with these parameters`
  return `${what} of ${at} is not finished, and has sent ${writes} ${writes === 1 ? 'write' : 'writes'}: its journal is ${path}.`
}

function refusal(earlier: EarlierRun, identity: RunIdentity): DecisionError {
  return new DecisionError(
    identity.runbook,
    `${unfinishedText(earlier, identity)} Nothing was sent. Continue that ${earlier.mode}, undo it, or start again on purpose.`,
    earlier.mode === identity.mode ? { next: 'resume', journal: earlier.path } : { next: 'again' },
  )
}

function refuseUndone(journal: string, known: KnownRuns): void {
  if (!isUndone(journal, known)) return
  const undo = undoJournal(journal)
  throw new ConfigurationError(
    `The run of ${journal} was undone${existsSync(undo) ? `: ${undo} says so` : ''}. Nothing was sent. Start a new run.`,
  )
}

function knownRun(run: string, journal: string, identity: RunIdentity): Omit<KnownRun, 'status'> {
  const { file } = identity
  const plan = planOf(identity)
  return {
    run,
    journal: realPath(journal),
    mode: identity.mode === 'apply' ? 'apply' : 'run',
    at: new Date().toISOString(),
    ...(plan !== undefined && { plan }),
    ...(file !== undefined && { file }),
  }
}

/** A run that was undone stops none, also where the journal of its undo lies elsewhere. */
function keepUndone(status: RunStatus, known: KnownRuns, undone: OpenedEntry | undefined): void {
  const run = undone && known.of(undone).find((each) => each.run === undone.run)
  if (run !== undefined && status === 'done') known.keep(undone as OpenedEntry, { ...run, status: 'undone' })
}
