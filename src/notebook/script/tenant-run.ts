import { AsyncLocalStorage } from 'node:async_hooks'
import { AbortedError, type UndoneRun } from '../../plan/index.ts'
import {
  type IncomingStep,
  type JournalEntry,
  keepSource,
  type Runnable,
  type RunResult,
  type StepOptions,
} from '../../run/index.ts'
import { defineRunbook, memoryJournal, type RunbookOptions, readJournal, runRunbook } from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'
import { type UndoWords, undoSteps } from './undo-steps.ts'

const within = new AsyncLocalStorage<true>()

/** True for code that a step itself calls, such as a token delegate: its runs cannot wait for that step to end. */
export function isWithinStep(): boolean {
  return within.getStore() === true
}

/**
 * What a script does with one tenant, as a runbook whose steps come from outside: one after the other where the script
 * awaits each, and at once where it runs several at once.
 */
export class TenantRun {
  readonly result: Promise<RunResult>
  readonly #waiting: IncomingStep[] = []
  readonly #begun = new Set<IncomingStep>()
  readonly #session: Session
  #entries: (() => readonly JournalEntry[]) | undefined
  #wake: (() => void) | undefined
  #end: { readonly error?: unknown } | undefined
  #over: { readonly error: unknown } | undefined

  constructor(name: string, session: Session, given: RunbookOptions<Record<string, never>>) {
    this.#session = session
    const { journal = memoryJournal() } = given
    const options = { ...given, journal }
    // Of a journal that something else opens, what it holds now is not known.
    if (typeof journal !== 'function')
      this.#entries = () => (typeof journal === 'string' ? readJournal(journal) : journal.entries)
    const runbook = defineRunbook({
      name,
      async *steps() {
        // They come from outside.
      },
    })
    keepSource(runbook, { next: () => this.#next() })
    this.result = within
      .run(true, () => runRunbook(runbook, session, options))
      .then(
        (result) => {
          this.#stop(result.error)
          return result
        },
        (error: unknown) => {
          this.#stop(error)
          throw error
        },
      )
    // The code that asked for the step is told; end() tells the rest.
    this.result.catch(() => undefined)
  }

  /** Runs one step. Where the signal aborts before it has begun, it is not sent; later, its request is cut. */
  step(
    name: string,
    work: Runnable<unknown>,
    options: StepOptions<unknown>,
    signal: AbortSignal,
    named: (id: string) => void = () => undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over.error)
      const step: IncomingStep = {
        name,
        work,
        options,
        named,
        signal,
        resolve: (value) => {
          this.#settled(step)
          resolve(value)
        },
        reject: (error) => {
          this.#settled(step)
          reject(error)
        },
      }
      signal.addEventListener('abort', () => this.#leaveOut(step), { once: true })
      this.#waiting.push(step)
      this.#wake?.()
    })
  }

  /**
   * Undoes a step of this run, by steps that follow it in the same journal.
   *
   * @param id of the step; its parts are undone with it.
   * @returns `undefined` where the journal cannot be read while it is written.
   */
  undo(id: string, words: UndoWords): Promise<UndoneRun> | undefined {
    const entries = this.#entries?.()
    if (entries === undefined) return undefined
    const own = entries.filter((entry) => {
      const step = 'step' in entry ? entry.step : undefined
      return step === undefined || step === id || step.startsWith(`${id}/`)
    })
    return undoSteps(own, this.#session, {
      ...words,
      step: ({ id: name, work, options }) => this.step(words.place(name), work, options, new AbortController().signal),
      aside: (task) => within.run(true, task),
    })
  }

  /** Ends the run after the steps that wait; with an error as a run that failed. */
  end(outcome: { readonly error?: unknown } = {}): Promise<RunResult> {
    this.#end ??= outcome
    this.#wake?.()
    return this.result
  }

  async #next(): Promise<IncomingStep | undefined> {
    for (;;) {
      const step = this.#waiting.shift()
      if (step !== undefined) {
        this.#begun.add(step)
        return step
      }
      if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error
      if (this.#end !== undefined && this.#begun.size === 0) {
        // Code that nobody awaited, such as main(), may go on with the answer of its last step.
        await new Promise((resolve) => setImmediate(resolve))
        if (this.#waiting.length === 0) return undefined
        continue
      }
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }

  #settled(step: IncomingStep): void {
    this.#begun.delete(step)
    this.#wake?.()
  }

  #leaveOut(step: IncomingStep): void {
    const place = this.#waiting.indexOf(step)
    if (place === -1) return
    this.#waiting.splice(place, 1)
    step.reject(new AbortedError(`The step "${step.name}" was given up before it was sent.`))
  }

  /** The run is over: what has not ended is told why. */
  #stop(error: unknown): void {
    const why = error ?? new AbortedError('The run is over, so that nothing more is sent. Run the script anew.')
    this.#over = { error: why }
    for (const step of [...this.#begun, ...this.#waiting.splice(0)]) step.reject(why)
    this.#begun.clear()
  }
}
