// The command line itself: what a command is, how its words are read, its help, and the exit codes of all.
export type { Call, Command, Described } from './command.ts'
export { MISUSE } from './exit-codes.ts'
export { columnsOfHelp, helpText } from './help.ts'
export { isMisuse, MisuseError, openNamed } from './misuse.ts'
export { CONNECTION, DETAILED, FORCE, JOURNAL, OUTPUT, RESUME, SELECTION, SETTLE } from './options.ts'
export {
  asksForHelp,
  firstWord,
  peekWords,
  readWords,
  refuseLongDashes,
  type Values,
  type Words,
} from './read.ts'
export { durationOf, idsOf, numberOf, textOf, textsOf, wholeOf } from './values.ts'
