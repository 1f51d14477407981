// The room of runbooks: scripts in a repository that a person or a pipeline checks, plans, runs, resumes and takes back.
export { untilAnswered } from './answered.ts'
export type * from './define.ts'
export { defineRunbook, doneWhen, isRunbook } from './define.ts'
export type {
  AnswerCame,
  Ask,
  ChangePlanned,
  DriftFound,
  Question,
  RequestSent,
  RunEnded,
  RunEvent,
  RunEventBody,
  RunListener,
  RunMode,
  RunResult,
  RunStarted,
  RunStatus,
  RunSummary,
  Said,
  Selection,
  StepEffect,
  StepEnded,
  StepStarted,
  StepWaits,
} from './engine/index.ts'
export { EVENTS_VERSION, EXITS, statusOf } from './engine/index.ts'
export { planOf, rowFor } from './engine/subject.ts'
export { DecisionError, type Drift, DriftError } from './errors.ts'
export type * from './journal/entry.ts'
export type { AuditRecord, AuditTrail, Journal, OpenJournal } from './journal/index.ts'
export { fileJournal } from './journal/index.ts'
export { loadRunbook } from './load-runbook.ts'
export {
  type LiveReportOptions,
  ledgerOf,
  liveReport,
  memoryJournal,
  planFile,
  readAudit,
  readJournal,
  readPlanFile,
} from './look/index.ts'
export type { FlagValue, HelpEntry, Parameter, ParameterPrompt, ParameterSources } from './params/index.ts'
export { checkParams, parameterFlag, parameterHelp, parametersOf, readParameters } from './params/index.ts'
export { readable } from './placeholder.ts'
export type {
  Basis,
  Placeholder,
  PlanFile,
  PlannedAction,
  PlannedRequest,
  PlannedStep,
  PlannedWait,
  SaidText,
} from './plan-file/index.ts'
export {
  appliesNothing,
  checkDrift,
  checkTenant,
  describePlan,
  requireSecrets,
  runbookOf,
  writePlanFile,
} from './plan-file/index.ts'
export {
  changeLine,
  githubReport,
  humanReport,
  isContinuous,
  jsonReport,
  markdownReport,
  placeText,
  type Report,
  type Screen,
  standardScreen,
} from './report/index.ts'
export { auditPath, type RunbookOptions, runRunbook } from './run-runbook.ts'
export { undoRunbook } from './undo.ts'
export { checkUndoTenant, holdForUndo, type UndoOptions, undoJournal, undoRun } from './undo-run.ts'
export { Vault } from './vault.ts'
export { type Wait, waitFor } from './wait.ts'
