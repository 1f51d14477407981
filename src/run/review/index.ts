// Reviews: the concrete plans of a run and the state that they were based on, to be looked at and applied unchanged.
export { appliedSteps, appliesNothing } from './applied.ts'
export { runbookOf } from './apply.ts'
export type * from './contract.ts'
export { basesOf, checkDrift, checkTenant, type OtherTenants, uncompared } from './drift.ts'
export { isOpen, keepable, requireOpen } from './keep.ts'
export { PLAN_VERSION, type PlanParts, planFile, planHash } from './plan-file.ts'
export { addressesOf, neededSecrets, requireSecrets, secretAddresses, secretsFor } from './secrets.ts'
export { settled, stateHash } from './state.ts'
