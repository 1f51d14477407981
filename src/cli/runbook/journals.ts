import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'
import { ledgerOf, readJournal } from '../../runbook/index.ts'

const HOME = '.tenantlab'

/** Options of commands that keep a journal. */
export interface JournalWish {
  readonly runbook: string
  readonly tenant: string
  readonly resume: boolean
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
export function journalFor({ runbook, tenant, resume, path, home = '' }: JournalWish): string {
  if (path !== undefined) return chosen(path, resume)
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
        .find((each) => !ledgerOf(readJournal(each)).finished)
    : undefined
  if (latest !== undefined) return latest
  throw new ConfigurationError(
    `There is no unfinished journal of "${runbook}" on ${tenant} in ${folder}. Start without --resume, or give --journal FILE.`,
  )
}

function chosen(path: string, resume: boolean): string {
  const exists = existsSync(path) && readJournal(path).length > 0
  if (resume && !exists) throw new ConfigurationError(`--resume: there is no journal ${path}. Start without --resume.`)
  if (!resume && exists) {
    throw new ConfigurationError(`--journal: ${path} holds a run already. Go on with --resume, or name another file.`)
  }
  return path
}
