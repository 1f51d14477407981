// The room of runbooks: scripts in a repository that a person or a pipeline runs against a tenant.
export type { RunbookContext, RunbookResult } from './run-file.ts'
export { runFile } from './run-file.ts'
