import type { Flow, Plan } from '../plan/index.ts'
import type {
  Client,
  DefaultTokenQuota,
  ImportJobError,
  ImportJobUserError,
  Job,
  JobError,
  OpenObject,
  Organization,
  TenantSettings,
  User,
} from './generated/types.ts'

export type * from './network-acl-words.ts'

/**
 * How many access tokens the client-credentials grant may issue. At least one of the two windows must be given.
 *
 * @example
 * auth0.clients(tenant.options.clientId).quota({ perDay: 200, perHour: 20, enforce: false }).run()
 */
export interface TokenQuota {
  /** Tokens per UTC day, 1…2147483647. */
  readonly perDay?: number
  /** Tokens per UTC hour, 1…2147483647. */
  readonly perHour?: number
  /** `false`: count and warn, never refuse. The server enforces when this is left out. */
  readonly enforce?: boolean
}

/** Words of the tenant itself: `auth0.tenant()`. */
export interface TenantWords {
  /**
   * Default token quotas of the tenant. Scope: read:tenant_settings or update:tenant_settings.
   * https://auth0.com/docs/fine-grained-m2m-token-quotas
   *
   * @example
   * auth0.tenant().quotas().get().run()
   */
  quotas(): TenantQuotas
}

/** Default quotas for clients and for organizations; both words chain into one PATCH. */
export interface TenantQuotas {
  /**
   * Quota of every client without one of its own; `null` clears it.
   *
   * @example
   * auth0.tenant().quotas().clients({ perDay: 200 }).run()
   */
  clients(quota: TokenQuota | null): TenantQuotasPlan
  /**
   * Quota of every organization without one of its own; `null` clears it.
   *
   * @example
   * auth0.tenant().quotas().organizations({ perHour: 20 }).run()
   */
  organizations(quota: TokenQuota | null): TenantQuotasPlan
  /**
   * Reads the present defaults.
   *
   * @example
   * auth0.tenant().quotas().get().run()
   */
  get(): Plan<DefaultTokenQuota>
}

/** One PATCH of the tenant settings; `default_token_quota` is replaced whole. */
export interface TenantQuotasPlan extends Plan<TenantSettings> {
  clients(quota: TokenQuota | null): TenantQuotasPlan
  organizations(quota: TokenQuota | null): TenantQuotasPlan
  /**
   * Reads the present defaults first and keeps the level that was not named.
   *
   * @example
   * auth0.tenant().quotas().clients({ perDay: 200 }).keepRest().run()
   */
  keepRest(): Flow<TenantSettings>
}

/** Words of one client: `auth0.clients(id)`. */
export interface ClientWords {
  /**
   * Token quota of this client; `null` clears it, so that the tenant's default counts. Scope: update:clients.
   *
   * @example
   * auth0.clients(tenant.options.clientId).quota({ perDay: 200 }).run()
   */
  quota(quota: TokenQuota | null): Plan<Client>
}

/** Words of one organization: `auth0.organizations(id)`. */
export interface OrganizationWords {
  /**
   * Token quota of this organization; `null` clears it. Scope: update:organizations.
   *
   * @example
   * auth0.organizations(tenant.seed.organizations[0]?.id ?? '').quota({ perDay: 200 }).run()
   */
  quota(quota: TokenQuota | null): Plan<Organization>
}

/** A write that replaces what it names whole: an object that is sent replaces the object that was there. */
export interface ReplacingPlan<T> extends Plan<T> {
  /**
   * Reads what is there now and sends it with the write laid over it, one level deep, so that what the write does not
   * name stays. Scope: that of the read as well.
   *
   * @example
   * const [database] = await auth0.connections.list().all().run()
   * if (database) await auth0.connections(database.id).update({ options: { brute_force_protection: true } }).keepRest().run()
   */
  keepRest(): Flow<T>
}

/** A deployment of an action. */
export interface ActionDeployPlan<T> extends Plan<T> {
  /**
   * Waits until the action is built, then deploys it; before, Auth0 refuses. Scope: read:actions as well.
   *
   * @example
   * // not run: needs an action
   * auth0.actions('act_1').deploy().whenBuilt().run()
   */
  whenBuilt(options?: BuildPolling): Flow<T>
}

/**
 * How often `whenBuilt()` asks, and for how long.
 *
 * @example
 * // not run: needs an action
 * auth0.actions('act_1').deploy().whenBuilt({ every: 500, timeout: 60_000 }).run()
 */
export interface BuildPolling {
  /** Milliseconds between two reads; 1000 when left out. */
  readonly every?: number
  /** Milliseconds after which it gives up; 120 000 when left out. */
  readonly timeout?: number
}

/**
 * Which users `auth0.users.every()` reads: what `auth0.users.list()` takes, without pages and order.
 *
 * @example
 * const users = await auth0.users.every({ q: 'blocked:true' }, { settle: 0 }).run()
 * console.log(users.length)
 */
export interface EveryUsersQuery {
  /** Lucene query over the user search, such as email:*@example.com AND blocked:true. All users when left out. */
  readonly q?: string
  /** Fields of the answer, separated by commas; user_id and created_at come with them. */
  readonly fields?: string
  /** false: the fields that are named are left out instead. */
  readonly include_fields?: boolean
  readonly primary_order?: boolean
}

/**
 * How `auth0.users.every()` reads.
 *
 * @example
 * const users = await auth0.users.every({}, { settle: 0 }).run()
 * console.log(users.length)
 */
export interface EveryOptions {
  /**
   * Milliseconds after the beginning at which the newest users are looked for once more, since the search shows them late;
   * 10 000 when left out, 0 for no second look.
   */
  readonly settle?: number
  /** Most users, the oldest first; all when left out. */
  readonly most?: number
}

/** All items of a list, however many. A loop and `each()` pull them request by request; `run()` collects them. */
export interface Every<T> extends Flow<T[]> {
  [Symbol.asyncIterator](): AsyncIterator<T>
}

/** How `auth0.users.import()` imports. */
export interface ImportOptions {
  /** `con_…` of a database connection. */
  readonly connection_id: string
  /** Update users that match by e-mail; false when left out. */
  readonly upsert?: boolean
  /** Comes back in the jobs. */
  readonly external_id?: string
  /** Mails the tenant's owners when a job is done; the server's own default is true. */
  readonly send_completion_email?: boolean
}

/** A record that was not imported, and why. */
export interface FailedImport {
  /** The record as Auth0 reports it, or what names it. */
  readonly user: OpenObject
  /** Auth0's codes; `JOB_FAILED` and `TOO_LARGE`, or the kind of an error, where a whole file or a record was not taken. */
  readonly errors: readonly ImportJobUserError[]
  /** The job that reported it; absent where there was none. */
  readonly job?: string
}

/** What became of the records of `auth0.users.import()`. */
export interface ImportedUsers {
  readonly total: number
  readonly inserted: number
  readonly updated: number
  /** Ids of the jobs; Auth0 keeps them for 24 hours. */
  readonly jobs: readonly string[]
  readonly failed: readonly FailedImport[]
  /** The records that failed, as they were given. Not enumerable: they may hold hashes of passwords. */
  readonly failedRecords: readonly UserImportRecord[]
}

/** Words of all users: `auth0.users`. */
export interface UsersWords {
  /**
   * All users that a query finds, however many: `list()` ends after 1,000. From the oldest to the newest, each once, also
   * while others create, change and delete users. Scope: read:users.
   *
   * @param query `q`, `fields` and `include_fields`, as `list()` takes them.
   * @param options `settle`: milliseconds until the newest are looked for once more.
   * @returns A flow of the users. `each()` and `for await` hold one page at a time; `run()` collects all.
   * @throws ValidationError for a page or an order, which it chooses itself.
   * @see https://auth0.com/docs/manage-users/user-search/view-search-results-by-page
   * @example
   * await auth0.users.every({ q: 'logins_count:0' }, { settle: 0 })
   *   .each((user) => auth0.users(user.user_id ?? '').update({ blocked: true }), { concurrency: 20 })
   *   .run()
   */
  every(query?: EveryUsersQuery, options?: EveryOptions): Every<User>
  /**
   * Imports users into a database connection, however many: in files as large as Auth0 takes, two jobs at a time. Records
   * are pulled as jobs end. Scope: create:users.
   *
   * @param users import records, in an array or another iterable, synchronous or not.
   * @param options `connection_id` of the connection, and what `auth0.jobs.usersImports.create()` takes.
   * @returns A flow of what became of them; `failed` tells each record that was not imported and why, and `failedRecords` are
   *   those records as they were given, ready to be mended and imported again.
   * @throws ValidationError for what is not a list; (the run rejects) what Auth0 answers to the first file, such as for
   *   an unknown connection.
   * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
   * @example
   * const [database] = await auth0.connections.list({ strategy: ['auth0'] }).all().run()
   * const users = [{ email: 'ada@example.com' }, { email: 'not an address' }]
   * const imported = await auth0.users.import(users, { connection_id: database?.id ?? '' }).run()
   * console.log(imported.inserted, imported.failed)
   */
  import(
    users: Iterable<UserImportRecord> | AsyncIterable<UserImportRecord>,
    options: ImportOptions,
  ): Flow<ImportedUsers>
}

/**
 * How often `finished()` asks, and for how long.
 *
 * @example
 * // not run: needs a job
 * auth0.jobs('job_1').finished({ every: 1000, timeout: 60_000 }).run()
 */
export interface JobPolling {
  /** Milliseconds between two reads; 2000 when left out. */
  readonly every?: number
  /** Milliseconds after which it gives up; no limit when left out. */
  readonly timeout?: number
}

/** Words of one job: `auth0.jobs(id)`. */
export interface JobWords {
  /**
   * Reads the job until it is completed or failed. Scope: create:users or read:users.
   *
   * @example
   * // not run: needs a job
   * auth0.jobs('job_1').finished({ every: 1000 }).run()
   */
  finished(options?: JobPolling): Flow<Job>
}

/** What a job reports as errors; `kind` tells the three cases apart. */
export type JobErrors = ImportJobErrors | GenericJobError | NoJobErrors

/** One function for each case of `JobErrors`. */
export interface JobErrorsCases<R> {
  import(errors: ImportJobErrors): R
  generic(error: GenericJobError): R
  none(none: NoJobErrors): R
}

/** What every case of `JobErrors` can do. */
export interface JobErrorsVisit {
  /** Calls the function of this case and gives its answer. */
  match<R>(cases: JobErrorsCases<R>): R
  /**
   * The same with the functions one after the other.
   *
   * @throws TypeError for a job without errors where `none` was left out.
   */
  match<R>(
    imported: (errors: ImportJobErrors) => R,
    generic: (error: GenericJobError) => R,
    none?: (none: NoJobErrors) => R,
  ): R
  /** Calls the function of this case, if there is one. */
  visit(cases: Partial<JobErrorsCases<void>>): void
  /** The same with the functions one after the other. */
  visit(
    imported: (errors: ImportJobErrors) => void,
    generic?: (error: GenericJobError) => void,
    none?: (none: NoJobErrors) => void,
  ): void
  isImport(): this is ImportJobErrors
  isGeneric(): this is GenericJobError
  isNone(): this is NoJobErrors
}

/** Records of an import that could not be taken over. */
export interface ImportJobErrors extends JobErrorsVisit {
  readonly kind: 'import'
  readonly errors: ImportJobError[]
}

/** The job failed as a whole. */
export interface GenericJobError extends JobErrorsVisit, JobError {
  readonly kind: 'generic'
}

/** The job has nothing to report (204). */
export interface NoJobErrors extends JobErrorsVisit {
  readonly kind: 'none'
}

/** Body of `auth0.jobs.usersImports.create`, sent as multipart. */
export interface CreateUsersImport {
  /** Records, kept in the plan, or a file that is read when the plan is sent. At most 512000 bytes. */
  users: UserImportRecord[] | UsersImportFile
  /** `con_…` of a database connection. */
  connection_id: string
  /** Update users that match by e-mail; false when left out. */
  upsert?: boolean
  /** Comes back in the job. */
  external_id?: string
  /** Mails the tenant's owners when done; the server's own default is true. */
  send_completion_email?: boolean
}

/** A JSON file of import records. */
export interface UsersImportFile {
  file: string
  /** Hexadecimal SHA-256 of the content; worked out when left out. Sending refuses a file that has changed. */
  sha256?: string
}

/** One user of an import. https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema */
export interface UserImportRecord {
  email: string
  email_verified?: boolean
  /** E.164 */
  phone_number?: string
  phone_verified?: boolean
  /** Without the connection's prefix. */
  user_id?: string
  username?: string
  given_name?: string
  family_name?: string
  name?: string
  nickname?: string
  picture?: string
  blocked?: boolean
  /** bcrypt, `$2a$` or `$2b$`, 10 rounds. */
  password_hash?: string
  custom_password_hash?: CustomPasswordHash
  app_metadata?: OpenObject
  user_metadata?: OpenObject
  /** 1…10 items */
  mfa_factors?: UserImportFactor[]
}

/** A second factor of an imported user: exactly one of the three. */
export interface UserImportFactor {
  totp?: { secret: string }
  phone?: { value: string }
  email?: { value: string }
}

/** A password hash of another system. */
export interface CustomPasswordHash {
  algorithm: 'argon2' | 'bcrypt' | 'hmac' | 'ldap' | 'md4' | 'md5' | 'sha1' | 'sha256' | 'sha512' | 'pbkdf2' | 'scrypt'
  hash: CustomPasswordHashValue
  salt?: CustomPasswordSalt
  password?: { encoding: 'ascii' | 'utf8' | 'utf16le' | 'ucs2' | 'latin1' | 'binary' }
  keylen?: number
  cost?: number
  blockSize?: number
  parallelization?: number
}

/** The hash itself, and for hmac the digest and key. */
export interface CustomPasswordHashValue {
  value: string
  encoding?: 'base64' | 'hex' | 'utf8'
  digest?: string
  key?: { value: string; encoding?: 'base64' | 'hex' | 'utf8' }
}

/** The salt of a hash. */
export interface CustomPasswordSalt {
  value: string
  encoding?: 'utf8'
  position?: 'prefix' | 'suffix'
}
