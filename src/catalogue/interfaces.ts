// The named interfaces of the catalogue alone, for the main entry: what a reader's compiler meets, and no function.
export type * from './generated/tree.ts'
export type * from './generated/types.ts'
export type * from './row.ts'
export type * from './words.ts'
