import type { Runnable, StepOptions } from './contract.ts'

/** A step that code outside of any runbook asks for, such as the `run()` of a script. */
export interface IncomingStep {
  /** What it is called; a number is put behind a name that another step has. */
  readonly name: string
  readonly work: Runnable<unknown>
  readonly options: StepOptions<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Where steps come from that no runbook yields; several may be on their way at once. */
export interface StepSource {
  /**
   * The next step, as soon as there is one; nothing when all have come.
   *
   * @throws What ended the code that they come from.
   */
  next(): Promise<IncomingStep | undefined>
}

const sources = new WeakMap<object, StepSource>()

/** Remembers that the steps of a runbook come from outside, and not from its generator. */
export function keepSource<T extends object>(runbook: T, source: StepSource): T {
  sources.set(runbook, source)
  return runbook
}

/** Where the steps of a runbook come from; nothing where its generator yields them. */
export function sourceOf(runbook: object): StepSource | undefined {
  return sources.get(runbook)
}
