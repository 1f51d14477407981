// What the sub-commands of runbooks share: their words, their help, their targets, their output and the run itself.
export { fileCommand, runningCommand, withOutput } from './command.ts'
export type { Conversation } from './conversation.ts'
export { withWrites } from './floor.ts'
export type { Output } from './output.ts'
export { PAGES, pageText } from './pages.ts'
export { runOnTargets } from './run.ts'
export { openTargets } from './targets.ts'
export { fileAmong, readWords, textOf } from './words.ts'
