import { existsSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'
import { checkedEntries, type Journal, type JournalEntry } from '../../run/index.ts'
import { cannotWrite, LineFile, readLines } from './lines.ts'
import { lockFor } from './lock.ts'

/**
 * Opens a journal in a file, for one process at a time.
 *
 * @throws ConfigurationError when another process writes it, it cannot be written, or it is not a journal.
 * @example
 * // not run: writes a file
 * const journal = fileJournal('.tenantlab/journals/mine.jsonl')
 * journal.close()
 */
export function fileJournal(path: string): Journal {
  let unlock = (): void => undefined
  try {
    unlock = lockFor(path)
    const entries = existsSync(path) ? readJournal(path) : []
    const file = new LineFile(path)
    return {
      entries,
      append: (entry) => file.append(entry),
      flush: () => file.flush(),
      close() {
        try {
          file.close()
        } finally {
          unlock()
        }
      },
    }
  } catch (error) {
    unlock()
    throw error instanceof ConfigurationError ? error : cannotWrite(path, error, 'before the run')
  }
}

/**
 * The entries of a journal file.
 *
 * @throws ConfigurationError when it is not there, or not a journal of this version.
 */
export function readJournal(path: string): readonly JournalEntry[] {
  if (!existsSync(path)) {
    throw new ConfigurationError(
      `There is no journal ${path}. Give the path that the run printed; journals end in .jsonl.`,
    )
  }
  return checkedEntries(readLines(path), path)
}
