import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'
import type { Journal, JournalEntry } from './entry.ts'
import { LineFile, readLines } from './lines.ts'

/**
 * Opens a journal in a file, for one process at a time.
 *
 * @throws ConfigurationError when another process writes it, or it is no journal.
 */
export function fileJournal(path: string): Journal {
  const lock = lockFor(path)
  try {
    const before = existsSync(path) ? readJournal(path) : []
    const file = new LineFile(path)
    const entries = [...before]
    return {
      entries,
      append(entry) {
        file.append(entry)
        entries.push(entry)
      },
      close() {
        file.close()
        lock()
      },
    }
  } catch (error) {
    lock()
    throw error
  }
}

/** A journal in memory: for checks, which leave no trace, and for tests. */
export function memoryJournal(entries: JournalEntry[] = []): Journal {
  return { entries, append: (entry) => void entries.push(entry), close() {} }
}

/**
 * The entries of a journal file.
 *
 * @throws ConfigurationError when it is not there or is no journal.
 */
export function readJournal(path: string): readonly JournalEntry[] {
  if (!existsSync(path)) {
    throw new ConfigurationError(
      `There is no journal ${path}. Give the path that the run printed; journals end in .jsonl.`,
    )
  }
  const lines = readLines(path) as readonly JournalEntry[]
  const [first] = lines
  if (first === undefined) return []
  if (first.type === 'journal' && first.version === 1) return lines
  throw new ConfigurationError(`${path} is no journal of version 1. Give the path that the run printed.`)
}

function lockFor(path: string): () => void {
  const lock = `${path}.lock`
  const take = (): boolean => {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  }
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
  if (take()) return () => rmSync(lock, { force: true })
  const owner = Number(readFileSync(lock, 'utf8'))
  if (isAlive(owner)) {
    throw new ConfigurationError(
      `The process ${owner} is running with the journal ${path}. Wait for it to end; a journal belongs to one process at a time.`,
    )
  }
  // Its owner was killed.
  rmSync(lock, { force: true })
  return lockFor(path)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
