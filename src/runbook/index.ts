// The room of runbooks: scripts in a repository that a person or a pipeline checks, plans, runs, resumes and undoes.
export { untilAnswered } from './answered.ts'
export { refuseEarlierApply } from './begin.ts'
export { defineRunbook, isRunbook } from './define.ts'
export { fileJournal, isUndone, knownJournals, undoJournal, writePlanFile } from './files/index.ts'
export { runFlow } from './flow-run.ts'
export { loadRunbook } from './load-runbook.ts'
export type { FlagValue, HelpEntry, Parameter, ParameterPrompt, ParameterSources } from './params/index.ts'
export {
  askParameters,
  checkParams,
  ParameterError,
  parameterFlag,
  parameterHelp,
  parametersOf,
  readParameters,
} from './params/index.ts'
export {
  describePlan,
  githubReport,
  humanReport,
  isContinuous,
  jsonReport,
  type LiveReportOptions,
  ledgerOf,
  liveReport,
  markdownReport,
  memoryJournal,
  type Onward,
  placeText,
  planFile,
  type Report,
  readAudit,
  readJournal,
  readPlanFile,
  type Screen,
  standardScreen,
} from './report/index.ts'
export { checkFlow } from './review.ts'
export { auditPath, type RunbookOptions, runRunbook } from './run-runbook.ts'
export { type SettledRun, type SettleOptions, settleRun } from './settle-run.ts'
export { checkUndoTenant, holdForUndo, type UndoOptions, undoRun } from './undo-run.ts'
