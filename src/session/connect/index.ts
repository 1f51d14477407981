// How a session comes about: options, environment and profile put together, checked, and made into its working parts.
export type { Backstage } from './backstage.ts'
export { backstageOf, gatedEvents, watchAllPredictions, watchPredictions } from './backstage.ts'
export { connect } from './connect.ts'
export type { SessionDesk, TokenStatus } from './desk.ts'
export { deskOf, isSession } from './desk.ts'
export type * from './options.ts'
export { predictWrites } from './prediction-scope.ts'
