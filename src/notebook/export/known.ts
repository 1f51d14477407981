import type { Note } from './book.ts'
import type { Spoken } from './operation.ts'

/** What a name of the notebook is in the runbook. */
export type Known =
  | { readonly kind: 'value'; readonly text: string; readonly plan?: Spoken; readonly isSession?: true }
  /** An async function whose runs have made a generator of it. */
  | { readonly kind: 'generator'; readonly text: string }
  /** The session of the run. */
  | { readonly kind: 'session'; readonly text: string }
  /** The sandbox behind a lab. */
  | { readonly kind: 'tenant' }
  /** A part of what the sandbox was seeded with. */
  | { readonly kind: 'seed'; readonly path: readonly (string | number)[] }
  /** `undo`, `finish` and `where` of a lab. */
  | { readonly kind: 'undo' | 'finish' | 'where' }
  /** `show` of the main entry. */
  | { readonly kind: 'show' }
  /** `watch` of the main entry. */
  | { readonly kind: 'watch' }
  /** What makes it was left out. */
  | { readonly kind: 'gone'; readonly note: Note }
