import type { Flow } from '../plan/index.ts'
import type { ImportJobError, Job, JobError } from './generated/types.ts'

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
