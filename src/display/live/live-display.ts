import type { Look } from '../look.ts'
import { type DisplayTarget, displayTarget, writeDisplay } from '../target.ts'

/** Where a live display is drawn, and by which clock; a test brings its own. */
export interface LiveSurroundings {
  readonly target: DisplayTarget
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Calls `act` after some milliseconds; returns a function that cancels it. */
  after(ms: number, act: () => void): () => void
  /** The terminal to rewrite a line in; absent where output goes to a file or a pipe. */
  readonly terminal?: { write(text: string): unknown; readonly columns?: number }
}

/** Least milliseconds between two writes: ten writes a second. */
const PACE = 100
const CLEAR_LINE = '\r\u001b[2K'

/** The place that this process shows things in. */
export function usualSurroundings(): LiveSurroundings {
  const { stdout } = process
  return {
    target: displayTarget(),
    now: () => performance.now(),
    after(ms, act) {
      const timer = setTimeout(act, ms)
      // A display alone keeps no process alive; its last state is written when the run ends.
      timer.unref()
      return () => clearTimeout(timer)
    },
    ...(stdout.isTTY === true ? { terminal: stdout } : {}),
  }
}

/**
 * One display that changes in place, at most ten times a second. A notebook's saved output is its last state, once; a
 * terminal rewrites one line; a file or a pipe gets the last state alone.
 */
export class LiveDisplay {
  readonly #around: LiveSurroundings
  readonly #look: () => Look
  readonly #place = crypto.randomUUID()
  #written = Number.NEGATIVE_INFINITY
  #opened = false
  #closed = false
  #cancel: (() => void) | undefined

  /** @param look Makes the present state; called for each write. */
  constructor(look: () => Look, around: LiveSurroundings = usualSurroundings()) {
    this.#look = look
    this.#around = around
    this.change()
  }

  /** Says that the state has changed; it is written now or, within the pace, soon. */
  change(): void {
    if (this.#closed || this.#cancel !== undefined) return
    const wait = this.#written + PACE - this.#around.now()
    if (wait <= 0) this.#draw()
    else {
      this.#cancel = this.#around.after(wait, () => {
        this.#cancel = undefined
        this.#draw()
      })
    }
  }

  /** Writes the last state. Later changes are none. */
  close(): void {
    if (this.#closed) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#closed = true
    const { target, terminal } = this.#around
    if (target.kind === 'terminal') {
      if (terminal !== undefined && this.#opened) terminal.write(CLEAR_LINE)
      writeDisplay(target, this.#look().bundle())
    } else this.#write()
  }

  #draw(): void {
    this.#written = this.#around.now()
    const { target, terminal } = this.#around
    if (target.kind === 'notebook') this.#write()
    else if (terminal !== undefined) {
      terminal.write(`${CLEAR_LINE}${[...this.#look().line()].slice(0, (terminal.columns ?? 80) - 1).join('')}`)
      this.#opened = true
    }
  }

  #write(): void {
    writeDisplay(this.#around.target, this.#look().bundle(), { id: this.#place, update: this.#opened })
    this.#opened = true
  }
}
