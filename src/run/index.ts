// The room of the one executor: it drives steps, and sends, predicts, replays, leaves out or undoes each.

export { Redactor } from '../plan/index.ts'
export type {
  AnswerEvent,
  Ask,
  DriftEvent,
  PlannedChangeEvent,
  ProgressEvent,
  Question,
  RequestEvent,
  RunEndEvent,
  RunEvent,
  RunEventBody,
  RunListener,
  RunMode,
  RunParts,
  RunResult,
  RunStartEvent,
  RunStatus,
  RunSummary,
  SayEvent,
  Selection,
  StepEndEvent,
  StepStartEvent,
  StepWaitEvent,
  Told,
} from './engine/index.ts'
export { EVENTS_VERSION, EXITS, execute, statusOf } from './engine/index.ts'
export { DecisionError, type Drift, DriftError, type NextStep } from './errors.ts'
export type * from './journal/index.ts'
export { checkedEntries, ledgerOf, memoryJournal, noAudit, undoneBy } from './journal/index.ts'
export type {
  Basis,
  OtherTenants,
  Placeholder,
  PlanFile,
  PlannedAction,
  PlannedRequest,
  PlannedStep,
  PlannedWait,
  PlanParts,
  SaidText,
} from './review/index.ts'
export {
  addressesOf,
  appliedSteps,
  appliesNothing,
  basesOf,
  checkDrift,
  checkTenant,
  neededSecrets,
  PLAN_VERSION,
  planFile,
  planHash,
  requireSecrets,
  runbookOf,
  scopesIn,
  sentByApply,
  uncompared,
} from './review/index.ts'
export type {
  DoneWhen,
  IncomingStep,
  ParamsSchema,
  Runbook,
  RunbookContext,
  RunbookDefinition,
  Runnable,
  Step,
  StepEffect,
  StepMaker,
  StepOptions,
  StepRequest,
  StepRun,
  UndoContext,
  UndoPlans,
  Wait,
  WaitWindow,
} from './steps/index.ts'
export {
  doneWhen,
  keepSource,
  planOf,
  readable,
  routeOf,
  rowFor,
  stepMaker,
  waitFor,
  waitUntil,
} from './steps/index.ts'
export {
  checkUndoDrift,
  restore,
  settleStep,
  undoFound,
  undoOf,
  WriteHistory,
} from './undo/index.ts'
