// Undo: what a journal records, made a run of its own that undoes it, last step first.

export { checkUndoDrift } from './drift.ts'
export { WriteHistory } from './history.ts'
export { inverseOf, restore } from './inverse.ts'
export { settleStep, undoFound } from './settle.ts'
export { undoOf } from './undo.ts'
