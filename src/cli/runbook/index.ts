// What the sub-commands of runbooks share: their words, their targets, their output and the run itself.
export { withWrites } from './floor.ts'
export { askLine, isAttended, OUTPUT } from './output.ts'
export { RUN, runOnTargets } from './run.ts'
export { CONNECTION, openTargets } from './targets.ts'
export { fileAmong, type OptionTable, readWords, tableHelp, textOf } from './words.ts'
