// Running notebooks in tslab, in a process of their own.
export { type RanCell, runNotebook, runNotebooks } from './kernel-run.ts'
