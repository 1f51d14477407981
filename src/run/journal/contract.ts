import type { JournalEntry } from './entry.ts'

/**
 * Where a run's journal is kept: a file here; a shared store can take its place.
 *
 * What must hold, since requests are sent on the strength of it:
 * - Durability: when `append()` has returned, or the promise that it answers is fulfilled, the entry survives the loss of
 *   the process and of power. Only then does the request leave that it tells of.
 * - Order: entries are kept in the order of the calls. The run calls `append()` for one entry at a time, and waits for
 *   it before the next.
 * - Failure: an error thrown, or a rejection, ends the run; nothing is sent and nothing is appended after it. Better
 *   fail than answer when it is not known whether the entry was kept: an entry that was kept all the same does no harm.
 * - One writer: who opens a journal owns it until `close()`. A second run that opens it meanwhile must be refused, and
 *   the journal of a process that died must be free again. Where that rests on a lease, `append()` must fail once it is lost.
 * - Privacy: entries hold no secret, but they name users and applications. Only who may run the runbook should read them.
 */
export interface Journal {
  /** What was in it when it was opened, in order. */
  readonly entries: readonly JournalEntry[]
  append(entry: JournalEntry): void | PromiseLike<void>
  /** Releases it for the next run. Called once, also after a failure. */
  close(): void | PromiseLike<void>
}

/** Opens a journal when the run begins, such as one over a network; rejects when another run has it. */
export type OpenJournal = () => Journal | PromiseLike<Journal>

/** A journal in memory: for checks, which leave no trace, and for tests. */
export function memoryJournal(entries: JournalEntry[] = []): Journal {
  return { entries, append: (entry) => void entries.push(entry), close() {} }
}
