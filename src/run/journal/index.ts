// Journals: what a run has done, line by line, so that it can go on after a crash and be undone.

export { checkedEntries } from './checked-entries.ts'
export type * from './entry.ts'
export { JOURNAL_VERSION } from './entry.ts'
export type { AuditRecord, AuditTrail, Journal, OpenJournal } from './journal.ts'
export { memoryJournal, noAudit, Records } from './journal.ts'
export type { Ledger, StepRecord } from './ledger.ts'
export { keepUndone, ledgerOf, undoneBy } from './ledger.ts'
export { recordedError, recordedValue } from './recorded.ts'
export type { HeldLock, LockedRun, LockRun } from './run-lock.ts'
