// The room where a session is put together: the only one that knows all the rooms above it.
export type {
  Backstage,
  ConnectOptions,
  DispatcherLike,
  IdTokenOptions,
  OwnTransport,
  SessionDesk,
  SharedStores,
  TokenStatus,
} from './connect/index.ts'
export {
  backstageOf,
  connect,
  deskOf,
  gatedEvents,
  isSession,
  predictWrites,
  watchAllPredictions,
  watchPredictions,
} from './connect/index.ts'
export type { FoundOperation } from './find.ts'
export type { LimitBucket, Limits } from './limits.ts'
export type { Conductor } from './plans/index.ts'
export { conduct, noteUndo, ownerOf, planFrom } from './plans/index.ts'
export { reveal } from './reveal.ts'
export type * from './session.ts'
export { version } from './version.ts'
