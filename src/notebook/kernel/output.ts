import type { WriteDisplay, WriteStream } from './tslab.ts'

/**
 * Gathers what a cell prints within one turn of the event loop into one message per stream. A zeromq socket refuses
 * messages beyond some five hundred per turn, and a notebook keeps each one.
 */
export class CellOutput {
  readonly #write: WriteStream
  readonly #display: WriteDisplay
  #name = ''
  #text: string[] = []
  #scheduled: NodeJS.Immediate | undefined

  constructor(write: WriteStream, display: WriteDisplay) {
    this.#write = write
    this.#display = display
  }

  readonly write: WriteStream = (name, text) => {
    if (name !== this.#name) this.flush()
    this.#name = name
    this.#text.push(text)
    this.#scheduled ??= setImmediate(() => this.flush())
  }

  readonly display: WriteDisplay = (content, update) => {
    this.flush()
    this.#display(content, update)
  }

  /** Sends what has been gathered. */
  flush(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled)
    this.#scheduled = undefined
    if (this.#text.length === 0) return
    const text = this.#text.join('')
    this.#text = []
    this.#write(this.#name, text)
  }
}
