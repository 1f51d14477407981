import { canonicalJson, isJsonObject, type Json, SECRET_MARK } from '../../plan/index.ts'
import { DecisionError, type JournalEntry } from '../../run/index.ts'
import { ledgerOf, readJournal } from '../../runbook/index.ts'
import { EMBEDDED, isUndone, journalsOn } from './journals.ts'

/** A run that is about to begin. */
export interface Beginning {
  readonly runbook: string
  readonly tenant: string
  readonly mode: 'run' | 'apply'
  /** As the runbook's schema gives them. */
  readonly params?: unknown
  /** Hash of the plan file that is applied. */
  readonly planFile?: string
  /** The folder that `.tenantlab/` lies in; the present one unless given. */
  readonly home?: string
}

/**
 * Refuses to begin what an earlier run has begun: a run with the same parameters that wrote something and is not
 * finished, and a plan file that was applied, whether or not to its end. What was undone counts no more.
 *
 * @throws DecisionError naming the journal and the ways on.
 */
export function refuseRepetition(beginning: Beginning): void {
  const { runbook, tenant, mode, home } = beginning
  // An embedded tenant ends with its command, and what it held with it.
  if (tenant.endsWith(EMBEDDED)) return
  for (const path of journalsOn(runbook, tenant, home)) {
    const entries = readJournal(path)
    if (!isSame(entries, beginning) || !entries.some(wrote) || isUndone(path)) continue
    const { finished } = ledgerOf(entries)
    const ways = `undo it with tenantlab undo ${path}, or begin another with --again.`
    if (!finished) {
      throw new DecisionError(
        tenant,
        `${what(beginning)} on ${tenant} has begun and is not finished: ${path}. Nothing was sent. Continue it with --resume, ${ways}`,
      )
    }
    if (mode === 'apply') {
      throw new DecisionError(
        tenant,
        `${what(beginning)} on ${tenant} is done already: ${path}. Nothing was sent. Plan again, ${ways}`,
      )
    }
  }
}

function what({ runbook, mode }: Beginning): string {
  return mode === 'apply'
    ? `The application of this plan file of "${runbook}"`
    : `A run of "${runbook}" with these parameters`
}

function isSame([opened]: readonly JournalEntry[], { mode, params, planFile }: Beginning): boolean {
  if (opened?.type !== 'journal' || opened.mode !== mode) return false
  const recorded = opened.params
  if (mode === 'apply') return isJsonObject(recorded) && recorded.plan === planFile
  return sameParams(recorded, params)
}

/** Whether two sets of parameters are the same, as far as a journal shows them. */
function sameParams(recorded: Json | undefined, params: unknown): boolean {
  const given: Record<string, Json> = JSON.parse(JSON.stringify(params ?? {}))
  const before = isJsonObject(recorded) ? recorded : {}
  return [...new Set([...Object.keys(before), ...Object.keys(given)])].every((name) => {
    const [one = null, other = null] = [before[name], given[name]]
    return JSON.stringify(one).includes(SECRET_MARK) || canonicalJson(one) === canonicalJson(other)
  })
}

function wrote(entry: JournalEntry): boolean {
  return entry.type === 'send' && entry.purpose === undefined && entry.method !== 'GET'
}
