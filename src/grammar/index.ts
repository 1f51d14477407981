// The room of the fluent grammar: pure builders that turn arguments into plan data; every verb ends in `bind(data)`.
export type * from './answers.ts'
export type { AuthenticationWords } from './authentication.ts'
export type { Auth0Grammar } from './grammar.ts'
export { grammar } from './grammar.ts'
export type { Help, WordHelp } from './help/index.ts'
export {
  behindReferences,
  choicesOf,
  describedWords,
  giveHelp,
  helpedWords,
  isHelp,
  itemsOf,
  membersOf,
  rootHelp,
  verbHelp,
  wordHelp,
} from './help/index.ts'
export type * from './interactive.ts'
export type * from './interfaces.ts'
export type * from './token-inspection.ts'
export { placeOfNode } from './tree.ts'
export { cleanArgument, NotJson } from './tree-json.ts'
export type { TreePlace } from './tree-places.ts'
export { topGroup, topGroups } from './tree-places.ts'
export { placeOf, signatureOf } from './tree-verb.ts'
export type { ClientOptions, SecretText } from './words/index.ts'
