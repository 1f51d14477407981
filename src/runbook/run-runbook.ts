import { randomUUID } from 'node:crypto'
import type { Json } from '../plan/index.ts'
import type { Session } from '../session/index.ts'
import type { Runbook } from './define.ts'
import {
  type Ask,
  execute,
  type RunListener,
  type RunMode,
  type RunParts,
  type RunResult,
  type Selection,
} from './engine/index.ts'
import { type AuditTrail, fileAudit, fileJournal, type Journal, memoryJournal, noAudit } from './journal/index.ts'
import { checkParams } from './params/check.ts'
import { Vault } from './vault.ts'

/** How `runRunbook()` runs. */
export interface RunbookOptions<P> {
  readonly params?: P | Json
  /** `run` sends; `check` and `plan` predict writes, for which the session needs `writes: 'predict'` or stricter. */
  readonly mode?: RunMode
  /** A journal, or the path of its file; a run that finds entries in it goes on after them. In memory when left out. */
  readonly journal?: Journal | string
  /** Where audit records go; beside the journal's file when left out. */
  readonly audit?: AuditTrail
  readonly select?: Selection
  /** Most requests; what the runbook says, else 10 000. */
  readonly maxRequests?: number
  /** Asks a person; where left out nobody can be asked, and a question stops the run. */
  readonly ask?: Ask
  /** Answers confirmations with yes. */
  readonly yes?: boolean
  readonly listener?: RunListener
  readonly signal?: AbortSignal
  /** Remembers secrets, so that nothing shows one; one for several runs where their outputs go together. */
  readonly vault?: Vault
}

const MAX_REQUESTS = 10_000

/**
 * Runs a runbook in a session.
 *
 * @returns How it ended; `exitCode` as the command would answer. Rejects only when the run cannot begin.
 * @throws ConfigurationError when the journal is another's; ValidationError when parameters break a rule.
 */
export async function runRunbook<P>(
  runbook: Runbook<P>,
  session: Session,
  options: RunbookOptions<P> = {},
): Promise<RunResult> {
  const { mode = 'run', vault = new Vault(), listener = () => undefined, journal } = options
  const params = checkParams(runbook, options.params, vault)
  const predicting = mode === 'check' || mode === 'plan'
  const opened = typeof journal === 'string' ? fileJournal(journal) : (journal ?? memoryJournal())
  const audit = options.audit ?? (typeof journal === 'string' && !predicting ? fileAudit(auditPath(journal)) : noAudit)
  const [first] = opened.entries
  const parts: RunParts = {
    run: first?.type === 'journal' ? first.run : randomUUID(),
    runbook: runbook.name,
    mode,
    session,
    journal: opened,
    ...(typeof journal === 'string' && { journalPath: journal }),
    audit,
    vault,
    selection: options.select ?? {},
    maxRequests: options.maxRequests ?? runbook.maxRequests ?? MAX_REQUESTS,
    ask: options.ask ?? (() => Promise.resolve(undefined)),
    yes: options.yes ?? false,
    listener,
    now: () => Date.now(),
    ...(options.signal && { signal: options.signal }),
  }
  try {
    return await execute(runbook, params, parts)
  } finally {
    opened.close()
    audit.close()
  }
}

/** `run.jsonl` → `run.audit.jsonl` */
export function auditPath(journal: string): string {
  return journal.replace(/(\.jsonl)?$/, '.audit.jsonl')
}
