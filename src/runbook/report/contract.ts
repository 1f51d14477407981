import type { Clock } from '../../plan/index.ts'
import type { RunEvent } from '../../run/index.ts'

/** Tells the runs of a command, as they go on. */
export interface Report {
  hear(event: RunEvent): void
  /** A line that belongs to no run, such as where a file was written. */
  note(text: string): void
  /** Leaves the place to a question: what is told from here on waits for `resume()`. */
  pause(): void
  resume(): void
  /** The last word: nothing that moves is left. */
  close(): void
}

/** Where progress is shown to people. */
export interface Screen {
  /** Writes as it is, without an end of line of its own. */
  write(text: string): void
  /** Present size of a terminal; absent where output goes to a file or pipe, and nothing may be written over. */
  readonly size?: () => { readonly columns: number; readonly rows: number }
  /** Calls `act` when the terminal has another size; returns a function that ends it. */
  readonly resized?: (act: () => void) => () => void
  readonly colours?: boolean
  /** The machine's when left out. Its timers must not keep a process alive. */
  readonly clock?: Clock
}
