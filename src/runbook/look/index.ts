// How runs, plan files, journals and audit records look, in a notebook, on a terminal and in a pipe.
export { readAudit } from './audit.ts'
export { ledgerOf, memoryJournal, readJournal } from './journal.ts'
export { type LiveReportOptions, liveReport } from './live.ts'
export { planFile, readPlanFile } from './plan.ts'
