// The engine: drives the steps of a runbook, and sends, predicts, replays or leaves out each.
export type * from './events.ts'
export { EVENTS_VERSION } from './events.ts'
export type { RunResult } from './execute.ts'
export { EXITS, execute, statusOf } from './execute.ts'
export type { Ask, Question, RunParts } from './run.ts'
