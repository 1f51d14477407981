// Plans that repeat their request by a rule: pages, streams of events, and polling.
export { collect } from './collect.ts'
export { Pager } from './pager.ts'
export { poll } from './poll.ts'
export { streamPages } from './stream.ts'
