// TypeScript that people type: read, stripped of its types, and run with names that last.
export { type Boxed, evaluate, fileOf } from './evaluate.ts'
export { hearConsole } from './hear-console.ts'
export { loadFile, readTypeScript } from './load-file.ts'
export {
  type FailedCode,
  fieldsOfWord,
  meant,
  memberKeys,
  memberNames,
  memberOf,
  namesAfter,
  optionsOf,
  type Shape,
  shapeOfChain,
} from './names/index.ts'
export { asObject, lineOfFault, type Prepared, prepare, wantsMore, withoutMagic } from './prepare.ts'
export { INTERRUPTED, Programs } from './programs.ts'
export { type Reader, reader } from './reader.ts'
export { Scope } from './scope.ts'
export { type Scan, scan, type Token } from './tokens.ts'
export { bare, childrenOf, isFunction, isNode, nodesOf, type TreeNode } from './tree.ts'
