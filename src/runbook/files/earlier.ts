import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigurationError, canonicalJson, type Json } from '../../plan/index.ts'
import { type JournalEntry, type Ledger, ledgerOf, rowFor, type StepRecord } from '../../run/index.ts'
import { readJournal } from './journal.ts'

/** What makes two runs the same: the runbook, its tenant, what it is run for, and the parameters, secrets hidden. */
export interface RunIdentity {
  readonly runbook: string
  readonly tenant: string
  readonly mode: 'run' | 'apply' | 'undo'
  readonly params: Json | undefined
  /** Salted hash of the parameters, where some of them are secret. */
  readonly secrets?: string
}

/** An earlier run of the same. */
export interface EarlierRun {
  readonly path: string
  readonly at: string
  readonly finished: boolean
  /** Writes that it sent, or may have sent. */
  readonly writes: number
}

/** `run.jsonl` → `run.undo.jsonl` */
export function undoJournal(path: string): string {
  return path.replace(/(\.jsonl)?$/, '.undo.jsonl')
}

/**
 * Earlier runs of the same whose journals lie beside a journal, latest first: those that have written something and were
 * not undone since. A file there that is not a journal is passed over.
 */
export function earlierRuns(journal: string, wanted: RunIdentity): readonly EarlierRun[] {
  const folder = dirname(resolve(journal))
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.audit.jsonl') && !name.endsWith('.undo.jsonl'))
    .map((name) => join(folder, name))
    .filter((path) => path !== resolve(journal))
    .flatMap((path) => earlierRun(path, wanted))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
}

function earlierRun(path: string, wanted: RunIdentity): readonly EarlierRun[] {
  const ledger = ledgerIn(path)
  const { opened } = ledger ?? {}
  if (ledger === undefined || opened === undefined || !isSame(opened, wanted)) return []
  const writes = [...ledger.steps.values()].filter(hasWritten).length
  if (writes === 0 || isUndone(path)) return []
  return [{ path, at: opened.at, finished: ledger.finished, writes }]
}

function isSame(opened: Extract<JournalEntry, { type: 'journal' }>, wanted: RunIdentity): boolean {
  const { runbook, tenant, mode, params, secrets } = opened
  return (
    runbook === wanted.runbook &&
    tenant === wanted.tenant &&
    mode === wanted.mode &&
    secrets === wanted.secrets &&
    canonicalJson(params ?? null) === canonicalJson(wanted.params ?? null)
  )
}

/** True for a step that has changed the tenant, or may have. */
function hasWritten({ begun, done, unknown }: StepRecord): boolean {
  if (unknown) return true
  if (done === undefined || done.how === 'unchanged' || begun === undefined || begun.hash === 'wait') return false
  if (begun.plan === undefined) return true
  const known = rowFor(begun.plan)
  return known === undefined ? !begun.plan.route?.startsWith('GET ') : known.effect === 'write'
}

/** True where the run of a journal was undone to its end. */
export function isUndone(path: string): boolean {
  const undo = undoJournal(path)
  return existsSync(undo) && ledgerIn(undo)?.finished === true
}

function ledgerIn(path: string): Ledger | undefined {
  try {
    return ledgerOf(readJournal(path))
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined
    throw error
  }
}

/** Where the lock of a run lies: beside its journal, under a name that the same run finds again. */
export function runLockPath(journal: string, { runbook, tenant, params, secrets }: RunIdentity): string {
  const identity = canonicalJson([runbook, tenant, params ?? null, ...(secrets === undefined ? [] : [secrets])])
  return join(dirname(resolve(journal)), `.${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`)
}
