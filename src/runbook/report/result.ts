import { giveLook } from '../../display/index.ts'
import {
  memoryJournal as inMemory,
  type Journal,
  type JournalEntry,
  type Ledger,
  ledgerOf as ledger,
  type RunResult,
} from '../../run/index.ts'
import { readJournal as read } from '../files/index.ts'
import { accountOf, type ToldEvents } from './account.ts'
import { type KeptRecords, showRun } from './card.ts'
import { showJournal } from './journal-card.ts'
import { showPlanned } from './plan-card.ts'

/** Has a result show itself, by what its run has told; as data it stays what it is. */
export function showResult(result: RunResult, told: ToldEvents, kept: KeptRecords): RunResult {
  giveLook(result, () => showRun(accountOf(told), kept))
  giveLook(result.planned, showPlanned)
  return result
}

/**
 * A journal in memory: for checks, which leave no trace, for notebooks and for tests. It shows itself as a table of its
 * steps, and so do the entries that were given.
 *
 * @example
 * const journal = memoryJournal()
 * const runbook = defineRunbook({
 *   name: 'roles',
 *   async *steps({ auth0, step }) {
 *     yield* step('create', auth0.roles.create({ name: 'support' }))
 *   },
 * })
 * await runRunbook(runbook, auth0, { journal })
 * await undoRun(journal, auth0)
 */
export function memoryJournal(entries: JournalEntry[] = []): Journal {
  if (Object.isExtensible(entries)) giveLook(entries, showJournal)
  const journal = inMemory(entries)
  giveLook(journal, () => showJournal(entries))
  return journal
}

/**
 * The entries of a journal file. They show themselves as a table of its steps.
 *
 * @throws ConfigurationError when it is not there, or not a journal of this version.
 * @example
 * // not run: needs the file
 * readJournal('.tenantlab/journals/run.jsonl').length
 */
export function readJournal(path: string): readonly JournalEntry[] {
  const entries = read(path)
  giveLook(entries, showJournal)
  return entries
}

/** Reads what a run has done so far. It shows itself as its journal does. */
export function ledgerOf(entries: readonly JournalEntry[]): Ledger {
  const made = ledger(entries)
  giveLook(made, () => showJournal(entries))
  return made
}
