import { existsSync } from 'node:fs'
import { ConfigurationError } from '../plan/index.ts'
import { type Ask, DecisionError } from '../run/index.ts'
import {
  type EarlierRun,
  earlierRuns,
  isUndone,
  lockRun,
  type RunIdentity,
  readJournal,
  runLockPath,
  undoJournal,
} from './files/index.ts'

/** How a run begins: with which journal, and what is told of earlier runs of the same. */
export interface Beginning {
  /** Path of the journal that it writes. */
  readonly journal: string
  readonly notes: readonly string[]
  /** Lets the same run begin again, for this process or another. */
  release(): void
}

/**
 * Looks at what earlier runs of the same have left before a run begins: one at a time runs, and what is unfinished or
 * applied is not done a second time by mistake.
 *
 * @param again True where doing the same once more is meant.
 * @throws DecisionError where the same runs in another process, is unfinished, or was applied already; ConfigurationError
 *   for the journal of a run that was undone.
 */
export async function begin(
  journal: string,
  identity: RunIdentity,
  { again, ask }: { readonly again: boolean; readonly ask: Ask },
): Promise<Beginning> {
  const release = lockRun(runLockPath(journal, identity), identity.runbook, identity.tenant)
  try {
    if (identity.mode === 'undo') return { journal, notes: [], release }
    if (existsSync(journal) && readJournal(journal).length > 0) {
      refuseUndone(journal)
      return { journal, notes: [], release }
    }
    if (again) return { journal, notes: [], release }
    const earlier = earlierRuns(journal, identity)
    const unfinished = earlier.find(({ finished }) => !finished)
    if (unfinished !== undefined) {
      return { journal: await chosen(unfinished, journal, identity, ask), notes: [], release }
    }
    const [last] = earlier
    if (last !== undefined && identity.mode === 'apply') {
      throw new DecisionError(
        identity.runbook,
        `This plan was applied on ${last.at}: its journal is ${last.path}. Nothing was sent. Plan again for what is new.`,
        { next: 'again' },
      )
    }
    const notes = last === undefined ? [] : [`The same run was done on ${last.at}: its journal is ${last.path}.`]
    return { journal, notes, release }
  } catch (error) {
    release()
    throw error
  }
}

async function chosen(earlier: EarlierRun, journal: string, { runbook, mode }: RunIdentity, ask: Ask): Promise<string> {
  const { path, at, writes } = earlier
  const what = mode === 'apply' ? 'The apply of this plan' : `A run of "${runbook}" with these parameters`
  const text = `${what} of ${at} is not finished, and has sent ${writes} ${writes === 1 ? 'write' : 'writes'}: its journal is ${path}.`
  const answer = await ask({
    step: runbook,
    text: `${text} Continue it, start again beside it, or stop?`,
    answers: ['continue', 'again', 'stop'],
  })
  if (answer === 'continue') return path
  if (answer === 'again') return journal
  throw new DecisionError(runbook, `${text} Nothing was sent. Continue that run, undo it, or start again on purpose.`, {
    next: 'resume',
  })
}

function refuseUndone(journal: string): void {
  if (!isUndone(journal)) return
  throw new ConfigurationError(
    `The run of ${journal} was undone: ${undoJournal(journal)} says so. Nothing was sent. Start a new run.`,
  )
}
