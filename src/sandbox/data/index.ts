// Where a tenant keeps its state between runs: a snapshot, and a log of what has changed since.
export { openData, readData } from './store.ts'
