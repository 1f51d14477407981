// The room of `connect()`: a session of the rooms above it, with the executor of runs at hand, which it loads when asked.
export { connect } from './connect.ts'
