import {
  AbortedError,
  type Clock,
  type Execution,
  type Flow,
  type FlowContext,
  type FlowExplanation,
  type FlowStep,
  type Plan,
  type PlanEvent,
  type RunOptions,
  type Subscribable,
} from '../plan/index.ts'
import { coldEvents, type Report, type Work, WorkExecution } from './execution.ts'
import { Source } from './source.ts'

/**
 * A flow: inert until it runs; then its events are those of the plans that it runs, and aborting it aborts them.
 *
 * @param clock Of the session; waits are on it.
 */
export function createFlow<T>(
  clock: Clock,
  name: string,
  steps: () => readonly FlowStep[],
  work: (context: FlowContext) => Promise<T>,
): Flow<T> {
  return new WorkFlow(clock, name, steps, work)
}

class WorkFlow<T> implements Flow<T> {
  readonly name: string
  readonly #clock: Clock
  readonly #steps: () => readonly FlowStep[]
  readonly #work: (context: FlowContext) => Promise<T>

  constructor(
    clock: Clock,
    name: string,
    steps: () => readonly FlowStep[],
    work: (context: FlowContext) => Promise<T>,
  ) {
    this.name = name
    this.#clock = clock
    this.#steps = steps
    this.#work = work
  }

  run(options: RunOptions = {}): Execution<T> {
    const { signal, maxQueue } = options
    return new WorkExecution<T>({ name: this.name, ...(signal !== undefined && { signal }) }, this.#start(maxQueue))
  }

  events(): Subscribable<PlanEvent<T>> {
    return coldEvents<T>({ name: this.name }, this.#start(undefined))
  }

  explain(): FlowExplanation {
    return { name: this.name, steps: this.#steps() }
  }

  '@@observable'(): Subscribable<T> {
    return new Source<T>((sink) =>
      this.events().subscribe({
        next: (event) => {
          if (event.kind === 'value') sink.next(event.value)
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      }),
    )
  }

  #start(maxQueue: number | undefined): Work<T> {
    return (report) => {
      const context = new Context<T>(this.name, this.#clock, report, maxQueue)
      this.#work(context).then(
        (value) => report.succeed(value, this.#clock.now()),
        (error: unknown) => report.fail(error),
      )
      return () => context.end()
    }
  }
}

class Context<T> implements FlowContext {
  readonly #name: string
  readonly #clock: Clock
  readonly #report: Report<T>
  readonly #maxQueue: number | undefined
  readonly #running = new Set<Execution<unknown>>()
  readonly #waits = new Set<() => void>()
  #controller: AbortController | undefined
  #ended = false

  constructor(name: string, clock: Clock, report: Report<T>, maxQueue: number | undefined) {
    this.#name = name
    this.#clock = clock
    this.#report = report
    this.#maxQueue = maxQueue
  }

  /** Made only for work that asks for it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#ended) this.#controller.abort(this.#aborted())
    return this.#controller.signal
  }

  now(): number {
    return this.#clock.now()
  }

  async run<V>(plan: Plan<V>): Promise<V> {
    if (this.#ended) throw this.#aborted()
    const execution = plan.run(this.#maxQueue === undefined ? {} : { maxQueue: this.#maxQueue })
    this.#running.add(execution)
    execution.events.subscribe({
      next: (event) => {
        // The value of a step is no value of the flow.
        if (event.kind !== 'value') this.#report.emit(event)
      },
      error() {},
    })
    try {
      return await execution
    } finally {
      this.#running.delete(execution)
    }
  }

  wait(ms: number): Promise<void> {
    if (this.#ended) return Promise.reject(this.#aborted())
    this.#report.emit({ kind: 'wait', at: this.#clock.now(), reason: 'poll', ms })
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => {
        this.#waits.delete(leave)
        resolve()
      })
      const leave = (): void => {
        cancel()
        reject(this.#aborted())
      }
      this.#waits.add(leave)
    })
  }

  end(): void {
    this.#ended = true
    for (const leave of this.#waits) leave()
    this.#waits.clear()
    for (const execution of this.#running) execution.abort(`the flow ${this.#name} ended`)
    if (this.#controller !== undefined) this.#controller.abort(this.#aborted())
  }

  #aborted(): AbortedError {
    return new AbortedError(`The flow ${this.#name} has ended. Run it again for the rest.`)
  }
}
