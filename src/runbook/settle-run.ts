import { ConfigurationError } from '../plan/index.ts'
import {
  DecisionError,
  type Journal,
  type JournalEntry,
  ledgerOf,
  type OpenJournal,
  Redactor,
  type StepRecord,
  settleStep,
  undoFound,
} from '../run/index.ts'
import type { Session } from '../session/index.ts'
import { fileJournal } from './files/index.ts'
import { checkUndoTenant } from './undo-run.ts'

/**
 * How `settleRun()` settles.
 *
 * @example
 * // not run: needs the journal of a run that was killed
 * await settleRun('run.jsonl', auth0, { assume: { 'create the client': 'lost' } })
 */
export interface SettleOptions {
  /** What a person knows of steps: `done` was carried out, `lost` was not. A wrong word is corrected by another. */
  readonly assume?: Readonly<Record<string, 'done' | 'lost'>>
  readonly redactor?: Redactor
}

/** What became of the steps that were looked at. */
export interface SettledRun {
  readonly done: readonly string[]
  readonly lost: readonly string[]
}

/**
 * Finds out what became of the writes of a run that was cut off, without going on with it: the check that the journal holds
 * for each step is asked, and what a person says of a step counts. Both are written into the journal, so that the run can
 * be continued or undone. Sends reads only.
 *
 * @param journal the journal, what opens it, or the path of its file.
 * @returns the steps that were found done, and those that were not carried out.
 * @throws DecisionError naming the steps of which nobody knows; ConfigurationError for a step that the journal does not
 *   hold, and for the journal of another tenant.
 * @example
 * // not run: needs the journal of a run that was killed
 * await settleRun('run.jsonl', auth0, { assume: { 'create the client': 'done' } })
 */
export async function settleRun(
  journal: Journal | OpenJournal | string,
  session: Session,
  { assume = {}, redactor = new Redactor() }: SettleOptions = {},
): Promise<SettledRun> {
  const opened = await (typeof journal === 'string'
    ? fileJournal(journal)
    : typeof journal === 'function'
      ? journal()
      : journal)
  try {
    checkUndoTenant(opened.entries, session)
    const { steps } = ledgerOf(opened.entries)
    for (const id of Object.keys(assume)) if (steps.get(id)?.begun === undefined) refuseStep(id, steps)
    const open = [...steps.values()].filter(({ id, unknown }) => unknown || assume[id] !== undefined)
    const settled: { done: string[]; lost: string[] } = { done: [], lost: [] }
    const left: string[] = []
    if (open.length > 0) await opened.append({ type: 'resumed', at: now() })
    for (const record of open) {
      const { id } = record
      const known = assume[id]
      const found = known === undefined ? await settleStep(record, session) : undefined
      if (known === 'done' || found?.outcome === 'done') {
        await opened.append(doneEntry(record, found?.outcome === 'done' ? found.value : undefined, redactor))
        settled.done.push(id)
      } else if (known === 'lost' || found?.outcome === 'lost') {
        await opened.append({
          type: 'failed',
          step: id,
          at: now(),
          kind: 'network',
          message: 'The request was not carried out.',
          applied: 'no',
        })
        settled.lost.push(id)
      } else left.push(id)
    }
    if (open.length > 0) await opened.append({ type: 'closed', at: now(), status: 'stopped' })
    if (left.length > 0) refuseUnknown(left)
    return settled
  } finally {
    if (typeof journal !== 'object') await opened.close()
  }
}

const now = (): string => new Date().toISOString()

function doneEntry(record: StepRecord, value: unknown, redactor: Redactor): JournalEntry {
  const how = value === undefined ? 'accepted' : 'found'
  const safe = value === undefined ? undefined : redactor.redacted(value)
  let undo: readonly object[] = []
  let noUndo: string | undefined
  try {
    undo = undoFound(record, value)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    noUndo = error.message
  }
  return {
    type: 'done',
    step: record.id,
    at: now(),
    how,
    ...(safe !== undefined && { value: safe }),
    ...(undo.length > 0 && { undo }),
    ...(noUndo !== undefined && { noUndo }),
  } as JournalEntry
}

function refuseStep(id: string, steps: ReadonlyMap<string, StepRecord>): never {
  throw new ConfigurationError(`The journal holds no step "${id}". It has ${[...steps.keys()].join(', ')}.`)
}

function refuseUnknown(ids: readonly string[]): never {
  const names = ids.map((id) => `"${id}"`).join(', ')
  throw new DecisionError(
    ids[0] as string,
    `What became of ${ids.length === 1 ? 'the step' : 'the steps'} ${names} is not known. Look at the tenant, and say whether it was done or lost.`,
    { next: 'settle' },
  )
}
