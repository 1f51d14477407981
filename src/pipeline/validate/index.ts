// Checks a plan against the catalogue's schemas before anything is sent.
export { validatePlan } from './validate-plan.ts'
