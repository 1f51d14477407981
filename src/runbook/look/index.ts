// How runs, plan files, journals and audit records look, in a notebook, on a terminal and in a pipe.
export { readAudit } from '../report/audit-card.ts'
export { ledgerOf, memoryJournal, readJournal } from '../report/journal-card.ts'
export { type LiveReportOptions, liveReport } from '../report/live.ts'
export { planFile, readPlanFile } from '../report/plan-card.ts'
