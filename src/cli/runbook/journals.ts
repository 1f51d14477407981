import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ConfigurationError,
  canonicalJson,
  isJsonObject,
  type Json,
  type JsonObject,
  SECRET_MARK,
} from '../../plan/index.ts'
import { DecisionError, type OpenedEntry } from '../../run/index.ts'
import { isUndone, knownJournals, ledgerOf, readJournal } from '../../runbook/index.ts'

/** The folder of journals, below the one that the command runs in. */
export const HOME = '.tenantlab'

/** How the domains of embedded tenants end. */
export const EMBEDDED = '.tenantlab.local'

/** Options of commands that keep a journal. */
export interface JournalWish {
  readonly runbook: string
  readonly tenant: string
  readonly resume: boolean
  /** What the journal is for: a journal goes on with the command that began it. */
  readonly mode?: OpenedEntry['mode']
  /** Hash of the plan file that is applied. */
  readonly planFile?: string
  /** Parameters that were given with the command; a journal with others is not meant. */
  readonly params?: JsonObject
  /** A path that the caller chose. */
  readonly path?: string
  /** The folder that `.tenantlab/` lies in; the present one unless given. */
  readonly home?: string
}

/**
 * The journal of a run: a new file under `.tenantlab/journals/`, or, with `--resume`, the one that is not finished.
 *
 * @throws ConfigurationError when there is nothing to resume, or the chosen file exists and is not to be resumed;
 *   DecisionError when several are not finished.
 */
export function journalFor(wish: JournalWish): string {
  const { runbook, tenant, resume, path, home = '' } = wish
  if (path !== undefined) return chosen(path, wish)
  const folder = folderOf(home, runbook, tenant)
  if (!resume) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Journals name users and applications: they do not belong into a repository.
    const ignore = join(home, HOME, '.gitignore')
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
    return join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`)
  }
  const here = journalsIn(folder).filter((each) => isUnfinished(each, wish))
  // A run that was begun with --journal, or in another folder, is found as well.
  const unfinished = here.length > 0 ? here : knownJournals(runbook, tenant).filter((each) => isUnfinished(each, wish))
  const [latest, ...others] = unfinished
  if (latest !== undefined && others.length === 0) return latest
  if (latest !== undefined) {
    const list = unfinished.map((each) => `\n  --journal ${each}`).join('')
    throw new DecisionError(
      tenant,
      `${unfinished.length} runs of "${runbook}" on ${tenant} are unfinished. Nothing was sent. Name the one to continue:${list}`,
    )
  }
  const [other] = [...journalsIn(folder), ...knownJournals(runbook, tenant)].filter((each) =>
    isUnfinished(each, { ...wish, params: {} }),
  )
  if (other !== undefined) refuseOther(other, wish)
  throw new ConfigurationError(
    `There is no unfinished journal of ${wish.planFile === undefined ? `"${runbook}"` : 'this plan file'} on ${tenant} in ${folder}. Start without --resume, or give --journal FILE.`,
  )
}

/** The run that is unfinished has other parameters: to start without it would leave it half done. */
function refuseOther(path: string, { runbook, tenant, params = {} }: JournalWish): never {
  const { opened } = ledgerOf(readJournal(path))
  const recorded = isJsonObject(opened?.params) ? opened.params : {}
  const differing = Object.keys(params).filter(
    (name) => canonicalJson(recorded[name] ?? null) !== canonicalJson(params[name] ?? null),
  )
  const list = differing.map((name) => `${name} ${JSON.stringify(recorded[name] ?? null)}`).join(', ')
  throw new DecisionError(
    tenant,
    `The unfinished run of "${runbook}" on ${tenant} has ${list}: its journal is ${path}. Nothing was sent. ` +
      'Leave these parameters out to continue it with --resume, or begin another run without --resume.',
  )
}

/**
 * How a tenant stands that is resumed with others: one that has finished is passed over, one that the run before has not
 * come to begins.
 */
export function standingOf({ runbook, tenant, home = '', ...wish }: JournalWish): 'unfinished' | 'finished' | 'new' {
  const all = [...journalsIn(folderOf(home, runbook, tenant)), ...knownJournals(runbook, tenant)]
  if (all.some((each) => isUnfinished(each, { runbook, tenant, ...wish }))) return 'unfinished'
  return all.length === 0 ? 'new' : 'finished'
}

function folderOf(home: string, runbook: string, tenant: string): string {
  return join(home, HOME, 'journals', runbook, tenant.replace(/[^\w.-]/g, '_'))
}

/** The journals of runs in a folder, the newest first. */
function journalsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.audit.jsonl') && !name.endsWith('.undo.jsonl'))
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

function isUnfinished(path: string, wish: JournalWish): boolean {
  const { opened, finished } = ledgerOf(readJournal(path))
  if (finished || isUndone(path)) return false
  return opened === undefined || (strangenessOf(opened, wish) === undefined && agrees(opened.params, wish.params))
}

/** Whether a run was begun with these parameters, as far as its journal shows them. */
function agrees(recorded: Json | undefined, given: JsonObject = {}): boolean {
  if (!isJsonObject(recorded)) return true
  return Object.entries(given).every(([name, value]) => {
    const before = recorded[name]
    if (before === undefined || JSON.stringify(before).includes(SECRET_MARK)) return true
    return canonicalJson(before) === canonicalJson(value)
  })
}

/** Why a journal is none of this command's. */
function strangenessOf({ mode, params }: OpenedEntry, wish: JournalWish): string | undefined {
  if (mode !== (wish.mode ?? 'run')) return `was begun by tenantlab ${mode}. Go on with that command`
  if (wish.planFile === undefined || (isJsonObject(params) && params.plan === wish.planFile)) return undefined
  const { plan } = isJsonObject(params) ? params : {}
  return `is that of another plan file${typeof plan === 'string' ? `, whose hash is ${plan}` : ''}. Give that plan file`
}

function chosen(path: string, wish: JournalWish): string {
  const { resume } = wish
  const entries = existsSync(path) ? readJournal(path) : []
  const exists = entries.length > 0
  const { opened } = resume ? ledgerOf(entries) : {}
  const strange = opened === undefined ? undefined : strangenessOf(opened, wish)
  if (strange !== undefined)
    throw new ConfigurationError(
      `--resume: the journal ${path} ${strange}, or start without --resume. Nothing was sent.`,
    )
  if (resume && !exists) throw new ConfigurationError(`--resume: there is no journal ${path}. Start without --resume.`)
  if (!resume && exists) {
    throw new ConfigurationError(`--journal: ${path} holds a run already. Go on with --resume, or name another file.`)
  }
  return path
}
