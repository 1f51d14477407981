// Undo: what a journal records, made a run of its own that undoes it, last step first.
export { undoOf } from './undo.ts'
export { undoneBy } from './undone.ts'
