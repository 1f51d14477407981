// Journals: what a run has done, line by line, so that it can go on after a crash and be undone.
export type { AuditRecord, AuditTrail } from './audit.ts'
export { noAudit } from './audit.ts'
export type { Journal, OpenJournal } from './contract.ts'
export { memoryJournal } from './contract.ts'
export type * from './entry.ts'
export type { Ledger, StepRecord } from './ledger.ts'
export { ledgerOf } from './ledger.ts'
export { recordedError, recordedValue } from './recorded.ts'
