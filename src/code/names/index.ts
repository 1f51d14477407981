// The names that code is written with, found without running any of it: what follows a dot, and what a wrong name meant.
export { type FailedCode, meant } from './meant.ts'
export { memberKeys, memberNames, memberOf } from './members.ts'
export { namesAfter, type Shape, shapeOfChain } from './shape.ts'
export { fieldsOfWord, optionsOf } from './words.ts'
