// How a session comes about: options, environment and profile put together, checked, and made into its working parts.
export { CONNECT_OPTIONS } from './conflicts.ts'
export { connect } from './connect.ts'
export type * from './options.ts'
export { predictWrites, watchAllPredictions, watchWrites } from './writes.ts'
