import { AsyncLocalStorage } from 'node:async_hooks'
import { AbortedError } from '../../plan/index.ts'
import type { RunbookContext, Runnable, RunResult, StepMaker, StepOptions, StepRequest } from '../../run/index.ts'
import { defineRunbook, type RunbookOptions, runRunbook } from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'

interface Job {
  readonly id: string
  readonly work: Runnable<unknown>
  readonly options: StepOptions<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

const within = new AsyncLocalStorage<true>()

/** True for code that a step itself calls, such as a token delegate: its runs cannot wait for that step to end. */
export function isWithinStep(): boolean {
  return within.getStore() === true
}

/**
 * What a script does with one tenant, as a runbook whose steps come from outside. Steps are sent one after the other,
 * in the order of their `run()`, also where the script runs several at once: so a journal has one order.
 */
export class TenantRun {
  readonly result: Promise<RunResult>
  readonly #ids = new Set<string>()
  readonly #waiting: Job[] = []
  #current: Job | undefined
  #wake: (() => void) | undefined
  #end: { readonly error?: unknown } | undefined
  #over: { readonly error: unknown } | undefined

  constructor(name: string, session: Session, options: RunbookOptions<Record<string, never>>) {
    const runbook = defineRunbook({ name, steps: (context) => this.#steps(context) })
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

  /** An id that no step of this run has: the name itself, or with a number. */
  idFor(name: string): string {
    const plain = name.replace(/[{}\s]+/g, ' ').trim()
    const base = plain.length > 180 ? `${plain.slice(0, 179)}…` : plain
    let id = base
    for (let count = 2; this.#ids.has(id); count += 1) id = `${base} ${count}`
    this.#ids.add(id)
    return id
  }

  /** Runs one step when those before it have ended. Where the signal aborts before, it is not sent. */
  step(id: string, work: Runnable<unknown>, options: StepOptions<unknown>, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over.error)
      const job: Job = { id, work, options, resolve, reject }
      signal.addEventListener('abort', () => this.#leaveOut(job), { once: true })
      this.#waiting.push(job)
      this.#wake?.()
    })
  }

  /** Ends the run after the steps that wait; with an error as a run that failed. */
  end(outcome: { readonly error?: unknown } = {}): Promise<RunResult> {
    this.#end ??= outcome
    this.#wake?.()
    return this.result
  }

  async *#steps({ step }: RunbookContext<unknown>): AsyncGenerator<StepRequest, void, unknown> {
    for (let job = await this.#next(); job !== undefined; job = await this.#next()) {
      this.#current = job
      yield* carryOut(job, step)
      this.#current = undefined
    }
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error
  }

  async #next(): Promise<Job | undefined> {
    for (;;) {
      const job = this.#waiting.shift()
      if (job !== undefined || this.#end !== undefined) return job
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }

  #leaveOut(job: Job): void {
    const place = this.#waiting.indexOf(job)
    if (place === -1) return
    this.#waiting.splice(place, 1)
    job.reject(new AbortedError(`The step "${job.id}" was given up before it was sent.`))
  }

  /** The run is over: what still waits for a step is told why. */
  #stop(error: unknown): void {
    const why = error ?? new AbortedError('The run is over, so that nothing more is sent. Run the script anew.')
    this.#over = { error: why }
    for (const job of [this.#current, ...this.#waiting.splice(0)]) job?.reject(why)
  }
}

async function* carryOut(job: Job, step: StepMaker): AsyncGenerator<StepRequest, void, unknown> {
  const [request] = step(job.id, job.work, job.options)
  try {
    // The script's own run() knows the line that a failure points at.
    job.resolve(yield { ...(request as StepRequest), site: undefined, handsOnFailures: true })
  } catch (error) {
    job.reject(error)
  }
}
