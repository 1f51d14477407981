// Parameters of a runbook: what its schema asks for, where they come from, and whether they hold.
export type { Parameter } from './describe.ts'
export { parametersOf } from './describe.ts'
export type { FlagValue, ParameterSources } from './read.ts'
export { parameterHelp, readParameters } from './read.ts'
