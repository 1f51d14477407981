// Scripts that are no runbooks: their requests become the steps of a run, so that they are checked, journalled and resumed.
export { type CellsRan, runCells } from './cells-run.ts'
export { ScriptRun, type ScriptRunOptions } from './script-run.ts'
