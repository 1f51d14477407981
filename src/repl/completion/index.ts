// Completion from the catalogue: it reads names, and calls, gets and sends nothing.
export { complete } from './complete.ts'
export { type LiveIds, liveIds } from './live-ids.ts'
export { placeInCall } from './place-in-call.ts'
export { rowOfCall } from './row-of-call.ts'
