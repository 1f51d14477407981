import type { Flow } from '../plan/index.ts'
import type { ImportJobUserError, OpenObject, User } from './generated/types.ts'
import type { JobPolling } from './job-words.ts'

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

/**
 * What `auth0.users.export()` exports.
 *
 * @example
 * for await (const line of auth0.users.export({ fields: ['user_id', 'email'] }, { every: 1 })) console.log(line)
 */
export interface UsersExportQuery {
  /** `con_…`; all connections when left out. */
  readonly connection_id?: string
  /** `json`, an object in each line, when left out. A line of `csv` is not a record where a value holds a line break. */
  readonly format?: 'json' | 'csv'
  /** Fields by name, or renamed; Auth0's own choice when left out. */
  readonly fields?: readonly (string | { readonly name: string; readonly export_as?: string })[]
  /** Most users. */
  readonly limit?: number
}

/**
 * How `auth0.users.import()` imports.
 *
 * @example
 * // not run: needs the id of a connection
 * auth0.users.import([{ email: 'new@example.com' }], { connection_id: 'con_0123456789abcdef', upsert: true }).run()
 */
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
   * await auth0.users.every({ q: '(NOT _exists_:logins_count) OR logins_count:0' }, { settle: 0 })
   *   .each((user) => auth0.users(user.user_id ?? '').update({ blocked: true }), { concurrency: 20 })
   *   .run()
   */
  every(query?: EveryUsersQuery, options?: EveryOptions): Every<User>
  /**
   * All users as lines of text, by an export job: it is made and awaited, and its file, packed or not, is read by its link,
   * which is shown nowhere. The lines are kept in a file of the temporary folder, which only its owner may read, until the
   * loop ends. Scope: read:users.
   *
   * @param query `connection_id`, `format`, `fields` by name, `limit`.
   * @param options `every` and `timeout` in milliseconds: how the job is awaited.
   * @returns A flow of the lines. `each()` and `for await` hold one at a time; `run()` collects all.
   * @throws ValidationError for what an export does not take; (the run rejects) where the job failed or its file cannot be read.
   * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
   * @example
   * for await (const line of auth0.users.export({ fields: ['user_id', 'email'] }, { every: 1 })) console.log(JSON.parse(line).email)
   */
  export(query?: UsersExportQuery, options?: JobPolling): Every<string>
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
