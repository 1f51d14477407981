// Running notebooks in tslab, in a process of their own.
export { runNotebook } from './kernel-run.ts'
