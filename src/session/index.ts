// The room where a session is put together: the only one that knows all the rooms above it.

export type { BodySchema, BodySchemaResult } from './body-schema.ts'
export type {
  ConnectOptions,
  DispatcherLike,
  IdTokenOptions,
  OwnTransport,
  SharedStores,
} from './connect/index.ts'
export { CONNECT_OPTIONS, connect, predictWrites, watchAllPredictions, watchWrites } from './connect/index.ts'
export type { FoundOperation } from './find.ts'
export type { FlowRunOptions, FlowRuns, Internals, JournalledRun, TokenStatus, Writes } from './internals.ts'
export { internalsOf, isSession } from './internals.ts'
export type { LimitBucket, Limits } from './limits.ts'
export type { RunInterceptor, WriteScope } from './plans/index.ts'
export {
  all,
  composedWork,
  gatedEvents,
  guardRuns,
  interceptRuns,
  inWriteScope,
  noteUndo,
  ownerOf,
  planFrom,
  secretsOf,
  undoWithOf,
} from './plans/index.ts'
export { reveal } from './reveal.ts'
export type * from './session.ts'
export { version } from './version.ts'
