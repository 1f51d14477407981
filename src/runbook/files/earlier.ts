import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigurationError, canonicalJson } from '../../plan/index.ts'
import { type Ledger, ledgerOf, type OpenedEntry, rowFor, type StepRecord } from '../../run/index.ts'
import { contentOf, nameFor, type RunbookFile, type RunIdentity, secretsBeside } from './identity.ts'
import { readJournal } from './journal.ts'
import { type KnownRun, type KnownRuns, knownOnDisk } from './known-runs.ts'

/** An earlier run of the same. */
export interface EarlierRun {
  readonly path: string
  readonly at: string
  readonly mode: OpenedEntry['mode']
  readonly finished: boolean
  /** Writes that it sent, or may have sent. */
  readonly writes: number
}

/** `run.jsonl` → `run.undo.jsonl` */
export function undoJournal(path: string): string {
  return path.replace(/(\.jsonl)?$/, '.undo.jsonl')
}

/**
 * Earlier runs of the same, latest first: those that have written something and were not undone since. Their journals lie
 * beside a journal, or are known from elsewhere. A file that is not a journal, or cannot be read, is passed over.
 *
 * @returns The runs that were found, and those that are known and whose journals are gone or cannot be read.
 */
export function earlierRuns(
  journal: string,
  wanted: RunIdentity,
  known: KnownRuns,
): { readonly found: readonly EarlierRun[]; readonly gone: readonly KnownRun[] } {
  const own = realPath(journal)
  const alike = known.of(wanted).filter(({ status, file }) => status !== 'undone' && !isOtherFile(file, wanted.file))
  const paths = [...journalsBeside(journal), ...alike.map((run) => run.journal)].filter((path) => existsSync(path))
  const comparison = new Comparison(wanted)
  const met = new Set<string>()
  const found = [...new Set(paths.map(realPath))].flatMap((path) => {
    const { opened, steps, finished } = (path === own ? undefined : ledgerIn(path)) ?? {}
    if (opened === undefined || steps === undefined || finished === undefined) return []
    met.add(opened.run)
    if (!comparison.isSame(opened, path)) return []
    const writes = [...steps.values()].filter(hasWritten).length
    return writes === 0 || isUndone(path, known) ? [] : [{ path, at: opened.at, mode: opened.mode, finished, writes }]
  })
  return {
    found: found.sort((a, b) => (a.at < b.at ? 1 : -1)),
    gone: alike.filter((run) => !met.has(run.run) && realPath(run.journal) !== own),
  }
}

function journalsBeside(journal: string): readonly string[] {
  const folder = dirname(resolve(journal))
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.audit.jsonl') && !name.endsWith('.undo.jsonl'))
    .map((name) => join(folder, name))
}

/** One path for one file, however its folder is called. */
export function realPath(path: string): string {
  const whole = resolve(path)
  if (existsSync(whole)) return realpathSync(whole)
  const folder = dirname(whole)
  return folder === whole ? whole : join(realPath(folder), whole.slice(folder.length))
}

/** Two files may give their runbooks one name; a file that was moved or edited stays the same. */
function isOtherFile(one: RunbookFile | undefined, other: RunbookFile | undefined): boolean {
  return one !== undefined && other !== undefined && one.path !== other.path && one.hash !== other.hash
}

/** Compares the first lines of journals with the run that is to begin. */
class Comparison {
  readonly #wanted: RunIdentity
  /** Hashes of its secrets by the salts of folders: each takes a while. */
  readonly #secrets = new Map<string, string | undefined>()

  constructor(wanted: RunIdentity) {
    this.#wanted = wanted
  }

  isSame({ runbook, tenant, mode, params, secrets }: OpenedEntry, path: string): boolean {
    const wanted = this.#wanted
    if (runbook !== wanted.runbook || tenant !== wanted.tenant || mode === 'undo') return false
    if (mode !== wanted.mode) {
      // A plan tells nothing of the secrets that it was made with.
      return canonicalJson(contentOf({ mode, params })) === canonicalJson(contentOf(wanted))
    }
    return (
      canonicalJson(params ?? null) === canonicalJson(wanted.params ?? null) &&
      secrets === this.#secretsIn(path, secrets)
    )
  }

  #secretsIn(path: string, recorded: string | undefined): string | undefined {
    // Without its hash a journal is that of a run without secrets.
    if (recorded === undefined) return this.#wanted.whole === undefined ? undefined : ''
    const folder = dirname(path)
    if (!this.#secrets.has(folder)) this.#secrets.set(folder, secretsBeside(path, this.#wanted))
    return this.#secrets.get(folder)
  }
}

/** True for a step that has changed the tenant, or may have. */
function hasWritten({ begun, done, unknown }: StepRecord): boolean {
  if (unknown) return true
  if (done === undefined || done.how === 'unchanged' || begun === undefined || begun.hash === 'wait') return false
  if (begun.plan === undefined) return true
  const row = rowFor(begun.plan)
  return row === undefined ? !begun.plan.route?.startsWith('GET ') : row.effect === 'write'
}

/** True where the run of a journal was undone to its end, wherever the journal of its undo is. */
export function isUndone(path: string, known: KnownRuns = knownOnDisk()): boolean {
  const undo = undoJournal(path)
  if (existsSync(undo) && ledgerIn(undo)?.finished === true) return true
  const { opened } = ledgerIn(path) ?? {}
  return opened !== undefined && known.of(opened).some(({ run, status }) => run === opened.run && status === 'undone')
}

function ledgerIn(path: string): Ledger | undefined {
  try {
    return ledgerOf(readJournal(path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof ConfigurationError || code === 'EACCES' || code === 'EPERM') return undefined
    throw error
  }
}

/** Where the lock of a run lies: beside its journal, under a name that the same run finds again. */
export function runLockPath(journal: string, identity: RunIdentity): string {
  const { runbook, tenant, params } = identity
  const secrets = secretsBeside(journal, identity)
  const name = nameFor([runbook, tenant, params ?? null, ...(secrets === undefined ? [] : [secrets])])
  return join(dirname(resolve(journal)), `.${name}`)
}
