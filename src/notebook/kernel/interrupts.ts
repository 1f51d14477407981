import type { RunningExecution } from '../../plan/index.ts'

/** Cancels what a cell has started when the reader interrupts it. */
export class Interrupts {
  readonly running = new Set<RunningExecution>()
  readonly #others = new Set<() => void>()
  #earlier: ReadonlySet<RunningExecution> = new Set()
  #cancelled: readonly string[] = []
  #inCell = false

  cellStarts(): void {
    this.#earlier = new Set(this.running)
    this.#inCell = true
    this.#cancelled = []
  }

  cellEnds(): void {
    this.#inCell = false
  }

  /** Has something that is no execution, such as a question, end with the next interrupt; the answer takes it back. */
  onInterrupt(end: () => void): () => void {
    this.#others.add(end)
    return () => this.#others.delete(end)
  }

  /** Aborts the executions of the cell that runs; without one, those that earlier cells left running. */
  interrupt(): void {
    const mine = [...this.running].filter((execution) => !this.#inCell || !this.#earlier.has(execution))
    this.#cancelled = mine.map((execution) => execution.operation)
    for (const execution of mine) execution.abort('the kernel was interrupted')
    for (const end of [...this.#others]) end()
  }

  /** What to print in place of tslab's own words for an interrupt. */
  explains(error: Error): string | undefined {
    const isInterrupt = /^Interrupted asynchronously$|^Script execution was interrupted/.test(error.message)
    if (!isInterrupt) return undefined
    if (this.#cancelled.length === 0) return 'Interrupted. No plan was running.'
    const count = this.#cancelled.length === 1 ? '1 plan was' : `${this.#cancelled.length} plans were`
    return `Interrupted: ${count} cancelled (${[...new Set(this.#cancelled)].join(', ')}).`
  }
}
