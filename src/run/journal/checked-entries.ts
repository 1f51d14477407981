import { ConfigurationError } from '../../plan/index.ts'
import { JOURNAL_VERSION, type JournalEntry } from './entry.ts'

/**
 * The lines of a journal, checked to be what a run wrote.
 *
 * @param place what a sentence calls the journal, such as its path.
 * @throws ConfigurationError when they are not a journal of this version.
 */
export function checkedEntries(lines: readonly unknown[], place: string): readonly JournalEntry[] {
  const [first] = lines as readonly Partial<{ type: unknown; version: unknown }>[]
  if (first === undefined) return []
  if (first.type === 'journal' && first.version !== JOURNAL_VERSION) {
    throw new ConfigurationError(
      `${place} is a journal of version ${JSON.stringify(first.version)}, and this tenantlab reads version ${JOURNAL_VERSION}. ` +
        'Continue the run with the tenantlab that began it.',
    )
  }
  if (first.type !== 'journal') {
    const journal = place.replace(/\.audit(?=\.jsonl$)/, '')
    throw new ConfigurationError(
      journal === place
        ? `${place} is not a journal. Give the path that the run printed.`
        : `${place} is the audit record of a run. Its journal is beside it: ${journal}.`,
    )
  }
  const broken = lines.findIndex((line, index) => !isEntry(line, index))
  if (broken < 0) return lines as readonly JournalEntry[]
  throw new ConfigurationError(
    `Line ${broken + 1} of ${place} is no line of a journal. It was changed by hand: put back what stood there, since nothing else tells what was sent.`,
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
