// TypeScript that people type: read, stripped of its types, and run with names that last.

export { evaluate, fileOf, offeredTo, withoutImportWarning } from './evaluate.ts'
export { loadFile, readTypeScript } from './load-file.ts'
export { type CellCode, cellCode, lineOfFault, withoutMagic } from './prepare.ts'
export { type Reader, reader } from './reader.ts'
export { type Scan, scan, type Token } from './scan.ts'
export { CellNames } from './scope.ts'
export { bare, childrenOf, isFunction, isNode, nodesOf, type TreeNode } from './tree.ts'
