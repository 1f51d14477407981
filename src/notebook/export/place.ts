import type { WrittenStep } from './book.ts'

/** Statements beside each other: an undo belongs to one of their steps. */
export interface Block {
  /** The last step that writes. */
  write?: WrittenStep
  /** Plans that undo what a later step does. */
  pending: string[]
}

/** Where a piece of code stands. */
export interface Place {
  /** `plain`: a function in which no step can be. */
  readonly kind: 'steps' | 'generator' | 'plain'
  /** Names that differ from one time to the next: of loops and of functions. */
  readonly varies: ReadonlySet<string>
  readonly block: Block
}
