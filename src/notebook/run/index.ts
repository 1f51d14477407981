// Running a notebook in tslab, in a process of its own.
export { runNotebook } from './run.ts'
