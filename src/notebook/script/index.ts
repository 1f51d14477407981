// Scripts that are no runbooks: their requests become the steps of a run, so that they are checked, journalled and resumed.

export { runCells } from './run-cells.ts'
export { type EndedRun, type ScriptContext, ScriptRun, type ScriptRunOptions } from './script-run.ts'
export { isWithinStep } from './tenant-run.ts'
