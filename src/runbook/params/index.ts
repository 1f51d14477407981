// Parameters of a runbook: what its schema asks for, where they come from, and whether they hold.
export { askParameters, type ParameterPrompt } from './ask.ts'
export { type HelpEntry, parameterFlag, parameterHelp } from './help.ts'
export { checkParams, type Parameter, ParameterError, parametersOf, shownParams } from './parameters.ts'
export type { ParameterSources } from './read.ts'
export { readParameters } from './read.ts'
export type { FlagValue } from './value.ts'
