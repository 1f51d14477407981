import { existsSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'
import { JOURNAL_VERSION, type Journal, type JournalEntry } from '../../run/index.ts'
import { cannotWrite, LineFile, readLines } from './lines.ts'
import { lockFor } from './lock.ts'

/**
 * Opens a journal in a file, for one process at a time.
 *
 * @throws ConfigurationError when another process writes it, it cannot be written, or it is not a journal.
 */
export function fileJournal(path: string): Journal {
  let unlock = (): void => undefined
  try {
    unlock = lockFor(path)
    const entries = existsSync(path) ? [...readJournal(path)] : []
    const file = new LineFile(path)
    return {
      entries,
      append(entry) {
        file.append(entry)
        entries.push(entry)
      },
      close() {
        file.close()
        unlock()
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
  const lines = readLines(path)
  const [first] = lines as readonly Partial<{ type: unknown; version: unknown }>[]
  if (first === undefined) return []
  if (first.type === 'journal' && first.version !== JOURNAL_VERSION) {
    throw new ConfigurationError(
      `${path} is a journal of version ${JSON.stringify(first.version)}, and this tenantlab reads version ${JOURNAL_VERSION}. ` +
        'Continue the run with the tenantlab that began it.',
    )
  }
  if (first.type !== 'journal') {
    throw new ConfigurationError(`${path} is not a journal. Give the path that the run printed.`)
  }
  const broken = lines.findIndex((line, index) => !isEntry(line, index))
  if (broken < 0) return lines as readonly JournalEntry[]
  throw new ConfigurationError(
    `Line ${broken + 1} of ${path} is no line of a journal. It was changed by hand: put back what stood there, since nothing else tells what was sent.`,
  )
}

/** Members that an entry cannot do without, by its type. */
const NEEDED: Readonly<Record<JournalEntry['type'], readonly string[]>> = {
  journal: ['run', 'runbook', 'tenant'],
  resumed: [],
  begun: ['step', 'hash'],
  send: ['step', 'request', 'method'],
  answer: ['step', 'request', 'status', 'applied'],
  lost: ['step', 'request'],
  done: ['step'],
  failed: ['step', 'applied'],
  caught: ['step'],
  skipped: ['step'],
  closed: ['status'],
}

function isEntry(line: unknown, index: number): boolean {
  if (typeof line !== 'object' || line === null) return false
  const { type } = line as { type?: unknown }
  if (typeof type !== 'string' || !Object.hasOwn(NEEDED, type) || (type === 'journal') !== (index === 0)) return false
  return NEEDED[type as JournalEntry['type']].every((key) => key in line)
}
