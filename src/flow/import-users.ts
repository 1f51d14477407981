import type { Flow, FlowContext, FlowStep, Json, JsonObject, PlanData, Runner } from '../plan/index.ts'
import { isTenantlabError, planData, ValidationError } from '../plan/index.ts'
import { jobFinishedFlow } from './job-finished.ts'

/** What an import says beside its records. */
export interface ImportSettings {
  readonly connection_id: string
  readonly upsert?: boolean
  readonly external_id?: string
  readonly send_completion_email?: boolean
}

/** A record that was not imported. */
interface Failure {
  readonly user: JsonObject
  readonly errors: readonly { readonly code?: string; readonly message?: string; readonly path?: string }[]
  readonly job?: string
}

/** What became of the records. */
export interface Imported {
  readonly total: number
  readonly inserted: number
  readonly updated: number
  readonly jobs: readonly string[]
  readonly failed: readonly Failure[]
}

interface ImportJob {
  readonly id: string
  readonly status: string
  readonly status_details?: string
  readonly summary?: { readonly inserted?: number; readonly updated?: number; readonly failed?: number }
}

type ImportErrors =
  | { readonly kind: 'import'; readonly errors: readonly { user?: JsonObject; errors?: Failure['errors'] }[] }
  | { readonly kind: 'generic'; readonly status_details?: string }
  | { readonly kind: 'none' }

/** Bytes of a file. Auth0 refuses more than 512,000 for the whole payload. */
const MOST_BYTES = 500_000
/** Import jobs that Auth0 runs at once. */
const AT_ONCE = 2

/**
 * Imports records in files as large as Auth0 takes, two jobs at a time, and gathers what all of them report. Records are
 * pulled as jobs end, so that no more than two files are held.
 *
 * @throws ValidationError where the first file is refused; later ones are told with their records.
 */
export function importUsers(
  records: Iterable<unknown> | AsyncIterable<unknown>,
  settings: ImportSettings,
  runner: Runner,
): { steps(): readonly FlowStep[]; work(context: FlowContext): Promise<Imported> } {
  checkArguments(records, settings)
  const steps = (): readonly FlowStep[] => {
    const known = Array.isArray(records) ? `${records.length} records` : 'the records'
    return [
      { purpose: `import ${known} in files of at most ${MOST_BYTES} bytes, ${AT_ONCE} jobs at a time` },
      { purpose: 'read each job until it is completed or failed' },
      { purpose: 'read the errors of each job that has some' },
    ]
  }
  return { steps, work: (context) => new UserImport(settings, runner, context).run(records) }
}

/** One run of an import. */
class UserImport {
  readonly #settings: ImportSettings
  readonly #runner: Runner
  readonly #context: FlowContext
  readonly #jobs: string[] = []
  readonly #failed: Failure[] = []
  /** The caller's records of those that failed: reports hide passwords. */
  readonly #records: unknown[] = []
  #total = 0
  #inserted = 0
  #updated = 0

  constructor(settings: ImportSettings, runner: Runner, context: FlowContext) {
    this.#settings = settings
    this.#runner = runner
    this.#context = context
  }

  async run(records: Iterable<unknown> | AsyncIterable<unknown>): Promise<Imported> {
    const running = new Set<Promise<void>>()
    let failure: { readonly error: unknown } | undefined
    let number = 0
    for await (const file of filesOf(records, (record, rule) => this.#tooLarge(record, rule))) {
      if (failure !== undefined) break
      number += 1
      const done: Promise<void> = this.#importFile(file, number)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => running.delete(done))
      running.add(done)
      // The first alone: what it refuses, such as an unknown connection, all would.
      while (running.size >= (number === 1 ? 1 : AT_ONCE)) await Promise.race(running)
    }
    await Promise.all(running)
    if (failure !== undefined) throw failure.error
    const value: Imported = {
      total: this.#total,
      inserted: this.#inserted,
      updated: this.#updated,
      jobs: this.#jobs,
      failed: this.#failed,
    }
    return Object.defineProperty(value, 'failedRecords', { value: this.#records })
  }

  async #importFile(file: readonly JsonObject[], number: number): Promise<void> {
    this.#total += file.length
    const { bind } = this.#runner
    const body: JsonObject = { ...(this.#settings as unknown as JsonObject), users: file as unknown as Json }
    const context = this.#context
    let job: ImportJob
    try {
      job = await context.run(bind<ImportJob>(planData({ op: 'jobs.usersImports.create', body })), {
        key: `import, file ${number}`,
      })
    } catch (error) {
      if (number === 1 || !isTenantlabError(error) || error.kind === 'aborted' || error.kind === 'decision') throw error
      context.caught?.(error)
      this.#lose(file, [{ code: error.kind, message: error.message }])
      return
    }
    const { id } = job
    if (context.predicts === true) return this.#plan(id, number)
    this.#jobs.push(id)
    const ended = await context.run(this.#finished(id), { key: `finished, file ${number}` })
    this.#inserted += ended.summary?.inserted ?? 0
    this.#updated += ended.summary?.updated ?? 0
    if (ended.status !== 'failed' && (ended.summary?.failed ?? 0) === 0) return
    const look = planData({ op: 'jobs.errors.get', params: { id } })
    const report = await context.run(bind<ImportErrors>(look), { key: `errors, file ${number}` })
    this.#report(file, ended, report)
  }

  /** What an apply of a review does with a job: it is awaited before the next is made, and its errors are read. */
  async #plan(id: string, number: number): Promise<void> {
    await this.#context.run(this.#finished(id), { key: `finished, file ${number}` })
    const look = planData({ op: 'jobs.errors.get', params: { id } })
    await this.#context.run(this.#runner.bind<ImportErrors>(look), { key: `errors, file ${number}` })
  }

  #finished(id: string): Flow<ImportJob> {
    const look: PlanData = planData({ op: 'jobs.get', params: { id } })
    return jobFinishedFlow<ImportJob>(id, this.#runner.bind<ImportJob>(look), this.#runner)
  }

  #report(file: readonly JsonObject[], { id, status, status_details }: ImportJob, report: ImportErrors): void {
    if (report.kind !== 'import') {
      const message =
        (report.kind === 'generic' ? report.status_details : undefined) ?? status_details ?? 'no reason was told'
      if (status === 'failed') this.#lose(file, [{ code: 'JOB_FAILED', message }], id)
      return
    }
    const byEmail = new Map(file.map((record) => [record['email'], record]))
    for (const { user = {}, errors = [] } of report.errors) {
      this.#failed.push({ user, errors, job: id })
      this.#records.push(byEmail.get(user['email']) ?? user)
    }
  }

  #lose(file: readonly JsonObject[], errors: Failure['errors'], job?: string): void {
    for (const record of file) {
      // Only what names the user: a record may hold the hash of a password.
      const { email, user_id, username } = record
      const user = JSON.parse(JSON.stringify({ email, user_id, username })) as JsonObject
      this.#failed.push({ user, errors, ...(job !== undefined && { job }) })
      this.#records.push(record)
    }
  }

  #tooLarge(record: JsonObject, rule: string): void {
    this.#total += 1
    this.#lose([record], [{ code: 'TOO_LARGE', message: rule }])
  }
}

/** Records in files that Auth0 takes; one that is too large for any is told alone. */
async function* filesOf(
  records: Iterable<unknown> | AsyncIterable<unknown>,
  tooLarge: (record: JsonObject, rule: string) => void,
): AsyncGenerator<readonly JsonObject[]> {
  let file: JsonObject[] = []
  let bytes = 2
  for await (const record of records) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      const rule = 'must be an object'
      throw new ValidationError(
        `auth0.users.import(): a record ${rule}. Pass import records, such as { email: '…' }.`,
        {
          issues: [{ path: 'users', rule }],
        },
      )
    }
    const size = Buffer.byteLength(JSON.stringify(record)) + 1
    if (size + 2 > MOST_BYTES) {
      tooLarge(record as JsonObject, `it has ${size} bytes, and a file may have ${MOST_BYTES}`)
      continue
    }
    if (bytes + size > MOST_BYTES) {
      yield file
      file = []
      bytes = 2
    }
    file.push(record as JsonObject)
    bytes += size
  }
  if (file.length > 0) yield file
}

function checkArguments(records: unknown, settings: ImportSettings | undefined): void {
  const list = (records ?? {}) as { [Symbol.iterator]?: unknown; [Symbol.asyncIterator]?: unknown }
  if (
    typeof records === 'string' ||
    (list[Symbol.iterator] === undefined && list[Symbol.asyncIterator] === undefined)
  ) {
    const rule = 'must be an array or another iterable of records'
    throw new ValidationError(
      `auth0.users.import(): the users ${rule}. For one file write auth0.jobs.usersImports.create({ users: { file } }).`,
      { issues: [{ path: 'users', rule }] },
    )
  }
  if (typeof settings?.connection_id === 'string') return
  const rule = 'must be the id of a database connection'
  throw new ValidationError(
    `auth0.users.import(): "connection_id" ${rule}, con_…. auth0.connections.list() shows the ids.`,
    { issues: [{ path: 'connection_id', rule }] },
  )
}
