import type { AuditTrail } from '../../run/index.ts'
import { LineFile } from './lines.ts'

/** Audit records as JSON lines in a file beside the journal. */
export function fileAudit(path: string): AuditTrail {
  const file = new LineFile(path)
  return { record: (record) => file.append(record), flush: () => file.flush(), close: () => file.close() }
}
