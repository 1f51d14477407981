// The room of the fluent grammar: pure builders that turn arguments into plan data; every verb ends in `bind(data)`.
export type * from './answers.ts'
export type * from './argument-types.ts'
export type * from './generated/index.ts'
export type { Auth0Grammar } from './grammar.ts'
export { grammar } from './grammar.ts'
export type { Help } from './help/index.ts'
export {
  behindReferences,
  choicesOf,
  giveHelp,
  helpedWords,
  isHelp,
  itemsOf,
  membersOf,
  rootHelp,
  verbHelp,
  wordHelp,
  wordSignature,
} from './help/index.ts'
export type * from './interactive.ts'
export { exportElsewhere, rightPlace, sdkPlace } from './signposts.ts'
export type * from './token-inspection.ts'
export { placeOfNode } from './tree.ts'
export { cleanArgument, NotJson } from './tree-json.ts'
export type { TreePlace } from './tree-places.ts'
export { topGroup, topGroups } from './tree-places.ts'
export { placeOf, signatureOf } from './tree-verb.ts'
