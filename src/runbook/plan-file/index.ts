// Plan files: the concrete plans of a run and the state that they were based on, to be reviewed and applied unchanged.
export { appliesNothing } from './applied.ts'
export { runbookOf } from './apply.ts'
export type * from './contract.ts'
export { describePlan, routeOf } from './describe.ts'
export { checkDrift, checkTenant } from './drift.ts'
export { type PlanParts, planFile, readPlanFile, writePlanFile } from './file.ts'
export { requireSecrets, secretsFor, secretVariable } from './secrets.ts'
