import { AsyncLocalStorage } from 'node:async_hooks'
import type { HostExecutions, RunningExecution } from '../plan/index.ts'

/** What is interrupted stops being waited for. */
export const INTERRUPTED: unique symbol = Symbol('interrupted')

/** The code of one cell or statement, with everything that it starts, also after it has ended. */
interface Program {
  readonly started: RunningExecution[]
  interrupted: boolean
  refused: number
  /** Ends the wait for it. */
  leave?: () => void
}

/** Milliseconds that what was cancelled has to end by itself, and to say how. */
const GRACE = 100

/** Refusals that a program is told; after these it stays at its next plan, as a loop without end would not end otherwise. */
const TOLD = 100

/**
 * The programs of one kernel or console, one after the other. An interrupt ends the present one: what it runs is
 * aborted, and plans that its code begins afterwards are refused, since a loop would otherwise go on sending.
 */
export class Programs {
  readonly #context = new AsyncLocalStorage<Program>()
  readonly #running = new Map<RunningExecution, Program | undefined>()
  readonly #others = new Set<() => void>()
  /** Told when nothing runs any more. */
  #idle: (() => void)[] = []
  readonly #reason: string
  #present: Program | undefined
  #last: Program | undefined

  /** @param reason why plans are aborted: `the kernel was interrupted`. */
  constructor(reason: string) {
    this.#reason = reason
  }

  /** Where executions enter themselves; for `offerHost`. */
  readonly executions: HostExecutions = {
    add: (execution) => {
      const program = this.#context.getStore() ?? this.#present
      if (program?.interrupted === true) return this.#refuse(program)
      this.#running.set(execution, program)
      if (program !== undefined && program === this.#present) program.started.push(execution)
      return undefined
    },
    delete: (execution) => {
      this.#running.delete(execution)
      if (this.#running.size > 0) return
      const idle = this.#idle
      this.#idle = []
      for (const tell of idle) tell()
    },
  }

  get busy(): boolean {
    return this.#present !== undefined
  }

  /** True while something runs that a program has begun and not waited for. */
  get running(): boolean {
    return this.#running.size > 0
  }

  /** Waits for what programs have begun and not waited for; what that begins is waited for as well. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** True where the present or last program was interrupted. */
  get interrupted(): boolean {
    return this.#last?.interrupted === true
  }

  /** What the present or last program has started while it ran, in order. */
  get started(): readonly RunningExecution[] {
    return this.#last?.started ?? []
  }

  /** Runs a program; everything that it begins, however late, belongs to it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const program: Program = { started: [], interrupted: false, refused: 0 }
    this.#present = program
    this.#last = program
    try {
      return await this.#context.run(program, work)
    } finally {
      if (this.#present === program) this.#present = undefined
    }
  }

  /** Runs a program as `run()` does; `INTERRUPTED` when it was interrupted before it ended. */
  runOrLeave<T>(work: () => Promise<T>): Promise<T | typeof INTERRUPTED> {
    return this.run(() => {
      const program = this.#present
      const left = new Promise<typeof INTERRUPTED>((resolve) => {
        if (program !== undefined) program.leave = () => resolve(INTERRUPTED)
      })
      return Promise.race([work(), left])
    })
  }

  /** Has something that is no execution, such as a question, end with the next interrupt; the returned function stops that. */
  onInterrupt(end: () => void): () => void {
    this.#others.add(end)
    return () => this.#others.delete(end)
  }

  /**
   * Ends the present program; without one, those that earlier ones left running.
   *
   * @returns Names of the plans that were aborted.
   */
  interrupt(): readonly string[] {
    const present = this.#present
    const mine = [...this.#running].filter(([, program]) => present === undefined || program === present)
    for (const program of [present, ...mine.map(([, each]) => each)])
      if (program !== undefined) program.interrupted = true
    for (const [execution] of mine) execution.abort(this.#reason)
    for (const end of [...this.#others]) end()
    const leave = present?.leave
    if (leave !== undefined) {
      if (mine.length === 0) leave()
      else setTimeout(leave, GRACE)
    }
    return mine.map(([{ operation }]) => operation)
  }

  #refuse(program: Program): Promise<string> {
    program.refused += 1
    if (program.refused > TOLD) return new Promise(() => undefined)
    // Told in a turn of its own, so that a loop over refused plans lets everything else go on.
    return new Promise((resolve) => setImmediate(resolve, `${this.#reason}, which ended the code that began it`))
  }
}
