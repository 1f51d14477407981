// Journals: what a run has done, line by line, so that it can go on after a crash and be taken back.
export type { AuditRecord, AuditTrail } from './audit.ts'
export { fileAudit, noAudit } from './audit.ts'
export type { Journal, OpenJournal } from './contract.ts'
export type * from './entry.ts'
export { fileJournal, memoryJournal, readJournal } from './file.ts'
export type { Ledger, StepRecord } from './ledger.ts'
export { ledgerOf } from './ledger.ts'
export { recordedValue } from './recorded.ts'
