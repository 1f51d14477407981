// Checks a plan against the catalogue's schemas before anything is sent.
export { zodOf } from './convert.ts'
export { issueText, unknownText } from './issues.ts'
export type { Checking, UnknownPolicy } from './validate-plan.ts'
export { inspectPlan, validatePlan } from './validate-plan.ts'
