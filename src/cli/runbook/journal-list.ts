import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isTenantlabError } from '../../plan/index.ts'
import { auditPath, isUndone, ledgerOf, readJournal, undoJournal } from '../../runbook/index.ts'
import { EMBEDDED, HOME } from './journals.ts'

/** A journal of this folder, as the list shows it. */
export interface ListedJournal {
  readonly path: string
  readonly runbook: string
  readonly tenant: string
  readonly mode: string
  /** When it was begun, as ISO 8601. */
  readonly at: string
  /** `ended` where the embedded tenant of an unfinished run has ended with its command. */
  readonly status: 'done' | 'undone' | 'unfinished' | 'ended' | 'unreadable'
}

/** The journals of runs below `.tenantlab/journals/`, the newest first; what cannot be read is listed as such. */
export function listJournals(): readonly ListedJournal[] {
  const folder = join(HOME, 'journals')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[^.].*\.jsonl$/.test(name) && !/\.(audit|undo)\.jsonl$/.test(name))
    .map((name) => listed(join(folder, name)))
    .sort((one, other) => (one.at < other.at ? 1 : -1))
}

function listed(path: string): ListedJournal {
  const unreadable: ListedJournal = { path, runbook: '', tenant: '', mode: '', at: '', status: 'unreadable' }
  try {
    const { opened, finished } = ledgerOf(readJournal(path))
    if (opened === undefined) return unreadable
    const { runbook, tenant, mode, at } = opened
    return {
      path,
      runbook,
      tenant,
      mode,
      at,
      status: isUndone(path) ? 'undone' : finished ? 'done' : tenant.endsWith(EMBEDDED) ? 'ended' : 'unfinished',
    }
  } catch (error) {
    if (!isTenantlabError(error)) throw error
    return unreadable
  }
}

/**
 * Deletes journals that nothing can come of any more: those that are done or undone, or whose tenant is gone, with their audit records and the
 * journals of their undo.
 *
 * @param age in milliseconds since they were begun.
 * @returns Those that are gone.
 */
export function pruneJournals(age: number, now: number): readonly ListedJournal[] {
  const old = listJournals().filter(
    ({ status, at }) => ['done', 'undone', 'ended'].includes(status) && now - Date.parse(at) >= age,
  )
  for (const { path } of old) {
    const undo = undoJournal(path)
    for (const file of [path, auditPath(path), undo, auditPath(undo)]) rmSync(file, { force: true })
  }
  return old
}
