import { LineFile } from './lines.ts'

/** One request, for those who later ask who did what. Holds no secret. */
export interface AuditRecord {
  readonly at: string
  readonly run: string
  readonly runbook: string
  readonly who: string
  readonly tenant: string
  readonly step: string
  readonly method: string
  readonly path: string
  /** Hash of the plan that was sent; absent for a request of a flow. */
  readonly plan?: string
  readonly attempt: number
  /** Absent when no answer came. */
  readonly status?: number
  readonly requestId?: string
}

/** Where the records of a run go. */
export interface AuditTrail {
  record(record: AuditRecord): void
  close(): void
}

/** Audit records as JSON lines in a file beside the journal. */
export function fileAudit(path: string): AuditTrail {
  const file = new LineFile(path)
  return { record: (record) => file.append(record), close: () => file.close() }
}

/** Keeps nothing: for checks. */
export const noAudit: AuditTrail = { record() {}, close() {} }
