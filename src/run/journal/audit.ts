import type { RunOrigin } from './entry.ts'

/** One request, for those who later ask who did what. Holds no secret. */
export interface AuditRecord {
  readonly at: string
  readonly run: string
  readonly runbook: string
  readonly who: string
  /** Who ran it, where, and with which code. */
  readonly origin?: RunOrigin
  readonly tenant: string
  readonly step: string
  /** Number of the request in its run; the journal's lines of it have the same. */
  readonly request: number
  readonly method: string
  readonly path: string
  /** Hash of the plan that was sent; absent where it is not known, as for a request of a flow after a kill. */
  readonly plan?: string
  /** Hash of the plan that `tenantlab show` prints for the step; another than `plan` where values were put into it. */
  readonly reviewed?: string
  /** Hash of the plan file that was applied. */
  readonly planFile?: string
  readonly attempt: number
  /** Absent when no answer came. */
  readonly status?: number
  /**
   * Why no answer came: the kind of the error, such as `network`, `timeout` or `aborted`; `killed` where a later run
   * found the request without an answer. A record of the same request that has a status counts for more.
   */
  readonly fault?: string
  readonly requestId?: string
}

/**
 * Where the records of a run go. Records are handed over one after the other, each when its request is over; a failure
 * ends the run as that of its journal does.
 */
export interface AuditTrail {
  record(record: AuditRecord): void | PromiseLike<void>
  close(): void | PromiseLike<void>
}

/** Keeps nothing: for checks. */
export const noAudit: AuditTrail = { record() {}, close() {} }
