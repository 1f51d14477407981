// The room where a session is put together: the only one that knows all the rooms above it.
export { connect } from './connect.ts'
export type { LimitBucket, Limits } from './limits.ts'
export type * from './options.ts'
export { planFrom } from './plan-from.ts'
export { reveal } from './reveal.ts'
export type * from './session.ts'
export { version } from './version.ts'
