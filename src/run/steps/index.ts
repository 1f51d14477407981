// What a run is made of: the steps that a runbook hands over, what each is about, and values that are not known yet.
export type * from './contract.ts'
export { doneWhen } from './done-when.ts'
export { namedPlan, twinOf } from './named-plan.ts'
export { leftOut, markersIn, markersOf, markerText, placeholder, readable } from './placeholder.ts'
export { type Marker, type RunbookCode, runbookCode } from './runbook-code.ts'
export {
  checkOf,
  isAbsent,
  isWait,
  keepReviewed,
  keepSource,
  lagOf,
  planOf,
  plansIn,
  plansOf,
  reviewedOf,
  routeOf,
  rowFor,
  type StepEffect,
  type Subject,
  sourceOf,
  stepMaker,
  subjectOf,
} from './step.ts'
export { type WaitWindow, waitFor, waitUntil } from './wait.ts'
