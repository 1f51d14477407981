// Journals: what a run has done, line by line, so that it can go on after a crash and be taken back.
export type { AuditRecord, AuditTrail } from '../files/audit.ts'
export { fileAudit, noAudit } from '../files/audit.ts'
export type { Journal, OpenJournal } from '../../run/journal/contract.ts'
export type * from '../../run/journal/entry.ts'
export { fileJournal, memoryJournal, readJournal } from '../files/journal.ts'
export type { Ledger, StepRecord } from '../../run/journal/ledger.ts'
export { ledgerOf } from '../../run/journal/ledger.ts'
export { recordedValue } from '../../run/journal/recorded.ts'
