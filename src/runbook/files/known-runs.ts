import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, isTenantlabError, tenantStateOf } from '../../plan/index.ts'
import { stateFolder, writeWhole } from '../../profiles/index.ts'
import { contentOf, nameFor, type RunbookFile, type RunIdentity, secretsBeside } from './identity.ts'
import { lockRun, runsAlready } from './lock.ts'

/** A run that this user has begun on this machine, wherever its journal is. */
export interface KnownRun {
  /** The id that its journal has. */
  readonly run: string
  /** Absolute path of its journal. */
  readonly journal: string
  readonly mode: 'run' | 'apply'
  /** When it was begun, as ISO 8601. */
  readonly at: string
  /** `begun` as well where its process was killed. */
  readonly status: 'begun' | 'done' | 'failed' | 'stopped' | 'drift' | 'undone'
  /** Hash of the plan file that it applies. */
  readonly plan?: string
  readonly file?: RunbookFile
}

/** What a run is the same by: not how its journal is called, nor the folder that it was begun in. */
type Sameness = Pick<RunIdentity, 'runbook' | 'tenant' | 'mode' | 'params'>

/**
 * The runs of one user on one machine, so that a run finds earlier ones, and those that run now, whatever file their journal
 * was given. Of parameters it holds hashes alone.
 */
export interface KnownRuns {
  /** Why what is known of runs cannot be read or written here; only journals that lie together are looked at then. */
  readonly trouble?: string
  /** Runs with the same content, also of the other command: an apply does what a run does. */
  of(identity: Sameness): readonly KnownRun[]
  keep(identity: Sameness, run: KnownRun): void
  forget(identity: Sameness, run: Pick<KnownRun, 'run'>): void
  /** Takes a run for this process alone; as `lockRun()`. */
  lock(identity: RunIdentity): () => void
}

/**
 * What is known of the runs on a tenant: in the user's folder of states, and for an embedded tenant in memory, since another
 * one of the same name has another state. Of one that is reached from outside by such a name nothing is known.
 *
 * @param way stands for where the bytes go.
 */
export function knownRuns(way: object, tenant: string): KnownRuns {
  const state = tenantStateOf(way)
  if (state !== undefined) return knownInMemory(state)
  return tenant.endsWith('.tenantlab.local') ? unknown : knownOnDisk()
}

/** @returns what is known of runs on tenants that outlive the process. */
export function knownOnDisk(): KnownRuns {
  let root: string
  try {
    root = join(stateFolder(), 'runs')
    mkdirSync(root, { recursive: true, mode: 0o700 })
    checkOwn(root)
  } catch (error) {
    return { ...unknown, trouble: troubleOf(error) }
  }
  return new DiskRuns(root)
}

/** Journals of a runbook's runs on a tenant, in whatever folder they are, the newest first; those that are gone aside. */
export function knownJournals(runbook: string, tenant: string): readonly string[] {
  const known = knownOnDisk()
  if (!(known instanceof DiskRuns)) return []
  return known
    .all({ runbook, tenant })
    .filter(({ journal }) => existsSync(journal))
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .map(({ journal }) => journal)
}

/** Who may write there could have this user's runs pass as done. */
function checkOwn(folder: string): void {
  const { mode, uid } = statSync(folder)
  if (process.getuid !== undefined && uid !== process.getuid()) throw new Error(`${folder} belongs to another user`)
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) throw new Error(`others can write ${folder}`)
}

function troubleOf(error: unknown): string {
  return (
    `What this user has run cannot be kept: ${(error as Error).message}. ` +
    'Only journals in the folder of this journal were looked at for earlier runs of the same.'
  )
}

const unknown: KnownRuns = { of: () => [], keep() {}, forget() {}, lock: () => () => undefined }

/** How long a run is remembered whose journal is gone, in milliseconds: 90 days. */
const REMEMBERED = 90 * 86_400_000

/** One file for each run, in a folder for each runbook on each tenant. */
class DiskRuns implements KnownRuns {
  trouble?: string
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  of(identity: Sameness): readonly KnownRun[] {
    const start = `${nameFor([contentOf(identity)])}.`
    return this.#filesIn(identity, start).flatMap((file) => readRun(file) ?? [])
  }

  keep(identity: Sameness, run: KnownRun): void {
    const folder = this.#folderOf(identity)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeWhole(this.#fileOf(identity, run), `${JSON.stringify(run)}\n`)
      for (const other of this.of(identity)) if (isIdle(other, run)) this.forget(identity, other)
    } catch (error) {
      this.trouble = troubleOf(error)
    }
  }

  forget(identity: Sameness, run: Pick<KnownRun, 'run'>): void {
    rmSync(this.#fileOf(identity, run), { force: true })
  }

  lock(identity: RunIdentity): () => void {
    const { runbook, tenant } = identity
    const folder = this.#folderOf(identity)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const secrets = secretsBeside(join(this.#root, 'any'), identity)
      return lockRun(join(folder, nameFor([contentOf(identity), secrets ?? null])), runbook, tenant)
    } catch (error) {
      if (isTenantlabError(error)) throw error
      this.trouble = troubleOf(error)
      return () => undefined
    }
  }

  /** Runs of a runbook on a tenant, whatever their parameters are. */
  all(identity: Pick<RunIdentity, 'runbook' | 'tenant'>): readonly KnownRun[] {
    return this.#filesIn(identity, '').flatMap((file) => readRun(file) ?? [])
  }

  #folderOf({ runbook, tenant }: Pick<RunIdentity, 'runbook' | 'tenant'>): string {
    return join(this.#root, nameFor([runbook, tenant]))
  }

  #fileOf(identity: Sameness, { run }: Pick<KnownRun, 'run'>): string {
    return join(this.#folderOf(identity), `${nameFor([contentOf(identity)])}.${nameFor([run])}.json`)
  }

  #filesIn(identity: Pick<RunIdentity, 'runbook' | 'tenant'>, start: string): readonly string[] {
    const folder = this.#folderOf(identity)
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => name.startsWith(start) && name.endsWith('.json'))
      .map((name) => join(folder, name))
  }
}

/** A run that says no more than a later one: a finished run of no plan file, or one that is long gone. */
function isIdle(run: KnownRun, latest: KnownRun): boolean {
  if (run.run === latest.run) return false
  if (run.status === 'done' && run.plan === undefined && latest.status === 'done') return true
  return !existsSync(run.journal) && Date.parse(latest.at) - Date.parse(run.at) > REMEMBERED
}

/** A file that was deleted meanwhile, or is not of this version, tells nothing. */
function readRun(file: string): KnownRun | undefined {
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as KnownRun
    return typeof run?.run === 'string' && typeof run.journal === 'string' && typeof run.at === 'string'
      ? run
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const inMemory = new WeakMap<object, KnownRuns>()

function knownInMemory(state: object): KnownRuns {
  const known = inMemory.get(state) ?? new MemoryRuns()
  inMemory.set(state, known)
  return known
}

class MemoryRuns implements KnownRuns {
  readonly #runs = new Map<string, KnownRun[]>()
  readonly #locked = new Set<string>()

  of(identity: Sameness): readonly KnownRun[] {
    return this.#runs.get(keyOf(identity)) ?? []
  }

  keep(identity: Sameness, run: KnownRun): void {
    this.#runs.set(keyOf(identity), [...this.of(identity).filter((each) => each.run !== run.run), run])
  }

  forget(identity: Sameness, { run }: Pick<KnownRun, 'run'>): void {
    this.#runs.set(
      keyOf(identity),
      this.of(identity).filter((each) => each.run !== run),
    )
  }

  lock(identity: RunIdentity): () => void {
    const { runbook, tenant } = identity
    const key = `${keyOf(identity)} ${canonicalJson(identity.whole ?? {})}`
    if (this.#locked.has(key)) throw runsAlready({ pid: process.pid }, runbook, tenant)
    this.#locked.add(key)
    return () => this.#locked.delete(key)
  }
}

function keyOf(identity: Sameness): string {
  return canonicalJson([identity.runbook, identity.tenant, contentOf(identity)])
}
