// Help on everything that can be said: what a group, a verb or a word takes, sends and needs. Nothing here sends.
export { groupHelp, rootHelp } from './group-help.ts'
export type { Help } from './help.ts'
export { giveHelp, isHelp } from './help.ts'
export { behindReferences, choicesOf, itemsOf, membersOf } from './schema-members.ts'
export { verbHelp } from './verb-help.ts'
export { dressWords, helpedWords, wordHelp, wordSignature } from './word-help.ts'
