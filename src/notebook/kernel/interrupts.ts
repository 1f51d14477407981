import { Programs } from '../../code/index.ts'

/** The cells of a kernel as programs, each of which ends when the reader interrupts it. */
export class KernelPrograms extends Programs {
  #cancelled: readonly string[] = []

  constructor() {
    super('the kernel was interrupted')
  }

  override interrupt(): readonly string[] {
    this.#cancelled = super.interrupt()
    return this.#cancelled
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
