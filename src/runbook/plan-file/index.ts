// Plan files: the concrete plans of a run and the state that they were based on, to be reviewed and applied unchanged.
export { appliesNothing } from '../../run/review/applied.ts'
export { runbookOf } from '../../run/review/apply.ts'
export type * from '../../run/review/contract.ts'
export { describePlan, routeOf } from '../report/describe-plan.ts'
export { checkDrift, checkTenant } from '../../run/review/drift.ts'
export { type PlanParts, planFile, readPlanFile, writePlanFile } from '../files/plan-file.ts'
export { requireSecrets, secretsFor, secretVariable } from '../../run/review/secrets.ts'
