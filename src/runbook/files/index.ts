// The files of a run: its journal and audit trail, line by line, its lock, and plan files.
export { fileAudit } from './audit.ts'
export { type EarlierRun, earlierRuns, isUndone, type RunIdentity, runLockPath, undoJournal } from './earlier.ts'
export { fileJournal, readJournal } from './journal.ts'
export { readLines } from './lines.ts'
export { lockRun } from './lock.ts'
export { readPlanFile, writePlanFile } from './plan-file.ts'
export { secretHash } from './secret-hash.ts'
