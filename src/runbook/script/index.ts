// Scripts that are no runbooks: their requests become the steps of a run, so that they are checked, journalled and resumed.
export { runCells } from './cells-run.ts'
export { hearConsole } from './console.ts'
export { type EndedRun, ScriptRun, type ScriptRunOptions } from './script-run.ts'
export { isWithinStep } from './tenant-run.ts'
