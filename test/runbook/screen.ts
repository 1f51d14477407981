/**
 * What a terminal shows after it was written to: the few control sequences that a view uses, and lines that wrap.
 * An unknown sequence is an error, so that nothing is taken for text that is none.
 */
export class TerminalScreen {
  readonly #columns: number
  readonly #rows: string[][] = [[]]
  #row = 0
  #column = 0

  constructor(columns: number) {
    this.#columns = columns
  }

  write(text: string): void {
    const control = String.fromCharCode(27)
    const pieces = text.matchAll(new RegExp(`${control}\\[([?\\d;]*)([A-Za-z])|([^])`, 'gu'))
    for (const [whole, parameter = '', command, character] of pieces) {
      if (command !== undefined) this.#command(command, parameter)
      else if (character === '\n') this.#down()
      else if (character === '\r') this.#column = 0
      else if (character === control) throw new Error(`not understood: ${JSON.stringify(whole)}`)
      else if (character !== '\u0007') this.#put(character ?? '')
    }
  }

  /** The lines, without blanks at their ends, and without empty ones at the end. */
  get lines(): readonly string[] {
    const lines = this.#rows.map((row) =>
      Array.from(row, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    )
    while (lines.at(-1) === '') lines.pop()
    return lines
  }

  /** Where the next character goes. */
  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column }
  }

  #command(command: string, parameter: string): void {
    const count = parameter === '' ? 1 : Number(parameter)
    const row = this.#cells()
    switch (command) {
      case 'm':
      case 'h':
      case 'l':
        return
      case 'A':
        this.#row = Math.max(0, this.#row - count)
        return
      case 'B':
        this.#row += count
        return
      case 'C':
        this.#column += count
        return
      case 'D':
        this.#column = Math.max(0, this.#column - count)
        return
      case 'G':
        this.#column = count - 1
        return
      case 'K':
        if (parameter === '2') row.length = 0
        else row.length = Math.min(row.length, this.#column)
        return
      case 'J':
        row.length = Math.min(row.length, this.#column)
        this.#rows.length = this.#row + 1
        return
      default:
        throw new Error(`not understood: ${command} ${parameter}`)
    }
  }

  #put(character: string): void {
    if (this.#column >= this.#columns) this.#down()
    this.#cells()[this.#column] = character
    this.#column += 1
  }

  #down(): void {
    this.#row += 1
    this.#column = 0
    this.#cells()
  }

  #cells(): string[] {
    while (this.#rows.length <= this.#row) this.#rows.push([])
    return this.#rows[this.#row] as string[]
  }
}
