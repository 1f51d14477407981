// Plans and flows of a session: bound to what runs them, written by hand, or read from JSON.
export type { PlanRuntime } from './bound-plan.ts'
export { BoundListPlan, BoundPlan, executionOf, runPlan, secretsOf, undoWithOf } from './bound-plan.ts'
export { checkCustomDomain, checkDomain } from './domain.ts'
export { everyUserFlow, exportUsersFlow } from './every.ts'
export { explained } from './explained.ts'
export {
  all,
  composedWork,
  flowExecution,
  gatedEvents,
  inWriteScope,
  ownerOf,
  SessionFlow,
  type WriteScope,
  writeScope,
} from './flow.ts'
export { givenSecrets } from './given-secrets.ts'
export { liftSecrets } from './lift-secrets.ts'
export { planFrom } from './plan-from.ts'
export { rawPlan } from './raw.ts'
export type { RunInterceptor } from './runs.ts'
export { checkRunOptions, guardRuns, interceptRuns, noteUndo } from './runs.ts'
