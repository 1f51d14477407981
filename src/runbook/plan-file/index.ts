// Plan files: the concrete plans of a run and the state that they were based on, to be reviewed and applied unchanged.
export { checkDrift, checkTenant, runbookOf, secretsFor } from './apply.ts'
export type * from './contract.ts'
export { planFile, readPlanFile, writePlanFile } from './file.ts'
