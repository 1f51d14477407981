import { existsSync } from 'node:fs'
import { ConfigurationError } from '../plan/index.ts'
import type { Journal, JournalEntry, OpenJournal, RunResult } from '../run/index.ts'
import { checkUndoDrift, Redactor, undoOf } from '../run/index.ts'
import type { Session } from '../session/index.ts'
import { fileJournal, readJournal, undoJournal } from './files/index.ts'
import { type RunbookOptions, runRunbook } from './run-runbook.ts'

/** How `undoRun()` runs. */
export type UndoOptions = Omit<RunbookOptions<undefined>, 'params' | 'mode'> & {
  /** `check` says what would be undone, and sends no write. */
  readonly mode?: 'undo' | 'check'
}

/**
 * Undoes what a journal records, last step first, by the undo plans that were stored when its steps ran. That is a
 * run like any other; the undo of a file has its journal beside it, so that a second call goes on where the first stopped.
 *
 * @param journal the journal of a run that has ended, what opens it, its entries, or the path of its file.
 * @returns How it ended. Rejects only when it cannot begin, or its own journal cannot be written.
 * @throws ConfigurationError when the journal is empty, belongs to another tenant, or is still being written; DriftError
 *   when what the run wrote was changed since; DecisionError when a step's outcome is unknown.
 * @example
 * // not run: needs the journal of a run
 * await undoRun('.tenantlab/journals/run.jsonl', auth0, { mode: 'check' })
 */
export async function undoRun(
  journal: Journal | OpenJournal | readonly JournalEntry[] | string,
  session: Session,
  options: UndoOptions = {},
): Promise<RunResult> {
  if (typeof journal === 'object') return undoEntries(isList(journal) ? journal : journal.entries, session, options)
  const held = typeof journal === 'string' ? holdForUndo(journal) : await journal()
  try {
    const own = options.mode === 'check' || typeof journal !== 'string' ? {} : { journal: undoJournal(journal) }
    return await undoEntries(held.entries, session, { ...own, ...options })
  } finally {
    await held.close()
  }
}

function isList(journal: Journal | readonly JournalEntry[]): journal is readonly JournalEntry[] {
  return Array.isArray(journal)
}

async function undoEntries(
  entries: readonly JournalEntry[],
  session: Session,
  { mode = 'undo', redactor = new Redactor(), ...options }: UndoOptions,
): Promise<RunResult> {
  checkUndoTenant(entries, session)
  if (!isBegun(options.journal)) await checkUndoDrift(entries, session, redactor)
  return runRunbook(undoOf([...entries], redactor), session, { ...options, mode, redactor })
}

/** True for the journal of an undo that was begun before: what it has undone differs, and no drift is meant by it. */
function isBegun(journal: UndoOptions['journal']): boolean {
  if (typeof journal === 'string') return existsSync(journal)
  return typeof journal === 'object' && journal.entries.length > 0
}

/**
 * Opens the journal of a run that is to be undone. It is this process's alone until it is closed: a run that is still
 * going on must not be undone under its hands, nor go on while it is.
 *
 * @throws ConfigurationError when it is not there, is not a journal, or is still being written.
 */
export function holdForUndo(path: string): Journal {
  readJournal(path)
  return fileJournal(path)
}

/**
 * Refuses to take a run back in another tenant.
 *
 * @throws ConfigurationError naming both.
 */
export function checkUndoTenant([opened]: readonly JournalEntry[], { domain }: Session): void {
  if (opened?.type !== 'journal' || opened.tenant === domain) return
  throw new ConfigurationError(
    `The journal belongs to the tenant ${opened.tenant}, and the session is connected with ${domain}. Nothing was sent. ` +
      "Connect with the journal's tenant.",
  )
}
