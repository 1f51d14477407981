import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError, isJsonObject } from '../../plan/index.ts'
import type { OpenedEntry } from '../../run/index.ts'
import { ledgerOf, readJournal } from '../../runbook/index.ts'

const HOME = '.tenantlab'

/** Options of commands that keep a journal. */
export interface JournalWish {
  readonly runbook: string
  readonly tenant: string
  readonly resume: boolean
  /** What the journal is for: a journal goes on with the command that began it. */
  readonly mode?: OpenedEntry['mode']
  /** Hash of the plan file that is applied. */
  readonly planFile?: string
  /** A path that the caller chose. */
  readonly path?: string
  /** The folder that `.tenantlab/` lies in; the present one unless given. */
  readonly home?: string
}

/**
 * The journal of a run: a new file under `.tenantlab/journals/`, or, with `--resume`, the latest that is not finished.
 *
 * @throws ConfigurationError when there is nothing to resume, or the chosen file exists and is not to be resumed.
 */
export function journalFor(wish: JournalWish): string {
  const { runbook, tenant, resume, path, home = '' } = wish
  if (path !== undefined) return chosen(path, wish)
  const folder = join(home, HOME, 'journals', runbook, tenant.replace(/[^\w.-]/g, '_'))
  if (!resume) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Journals name users and applications: they do not belong into a repository.
    const ignore = join(home, HOME, '.gitignore')
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
    return join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`)
  }
  const latest = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.audit.jsonl') && !name.endsWith('.undo.jsonl'))
        .sort()
        .reverse()
        .map((name) => join(folder, name))
        .find((each) => isUnfinished(each, wish))
    : undefined
  if (latest !== undefined) return latest
  throw new ConfigurationError(
    `There is no unfinished journal of ${wish.planFile === undefined ? `"${runbook}"` : 'this plan file'} on ${tenant} in ${folder}. Start without --resume, or give --journal FILE.`,
  )
}

function isUnfinished(path: string, wish: JournalWish): boolean {
  const { opened, finished } = ledgerOf(readJournal(path))
  return !finished && (opened === undefined || strangenessOf(opened, wish) === undefined)
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
