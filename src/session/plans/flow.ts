import { AsyncLocalStorage } from 'node:async_hooks'
import { attachLook, giveLook, showFlow } from '../../display/index.ts'
import { all as allOf, type MakeFlow } from '../../flow/index.ts'
import {
  callSite,
  coldEvents,
  type Ending,
  type Gate,
  giveObservable,
  type RunSetting,
  type Work,
  WorkExecution,
} from '../../pipeline/index.ts'
import {
  AbortedError,
  type Applied,
  type BasePlan,
  type Clock,
  type Work as ComposableWork,
  ConfigurationError,
  type Execution,
  type Flow,
  type FlowContext,
  type FlowExplanation,
  type FlowPart,
  type FlowStep,
  host,
  type JournalledExecution,
  type JournalOptions,
  type ObservableLike,
  type PlanEvent,
  type Review,
  type Subscribable,
  systemClock,
} from '../../plan/index.ts'
import type { Internals } from '../internals.ts'
import type { Session } from '../session.ts'
import { BoundPlan, eventsOf, executionOf, internalsOfPlan } from './bound-plan.ts'
import { Composing, makeFlows } from './composing.ts'
import { valuesOf } from './observable.ts'
import { checkRunOptions, intercepted, undoIntercepted } from './runs.ts'

/** What a flow is made of. */
interface Recipe<T> {
  readonly steps: () => readonly FlowStep[]
  readonly work: (context: FlowContext) => Promise<T>
  readonly clock: Clock
  /** Put together of plans and flows, which the caller may run one by one. */
  readonly composed?: true
  /** Absent for the flows of plans that no session has bound. */
  readonly internals?: Internals
}

let recipeOf: <T>(flow: SessionFlow<T>) => Recipe<T>

/** A flow of a session: inert until run, like a plan. */
export class SessionFlow<T> extends Composing<T> implements Flow<T> {
  readonly name: string
  readonly #recipe: Recipe<T>

  static {
    recipeOf = (flow) => flow.#recipe
  }

  constructor(name: string, recipe: Recipe<T>) {
    super()
    this.name = name
    this.#recipe = recipe
    giveObservable(SessionFlow.prototype)
    Object.freeze(this)
  }

  [makeFlows](): MakeFlow {
    const { clock, internals } = this.#recipe
    return (name, steps, work) =>
      new SessionFlow(name, { steps, work, clock, composed: true, ...(internals && { internals }) })
  }

  run(options: JournalOptions = {}): JournalledExecution<T> {
    checkRunOptions(options, `${this.name}.run()`, ['signal', 'maxQueue', 'journal'])
    const { internals, composed } = this.#recipe
    const site = callSite()
    const { journal, ...rest } = options
    const byItself = journal === undefined && composed === true && internals !== undefined && keepsJournals(internals)
    if (typeof journal === 'string' || journal === true || byItself)
      return journalled<T>(this, internals, options, site)
    const handed = internals && intercepted<T>(this, internals, rest, site)
    if (handed !== undefined) return undoneInScript(handed, this.name)
    return withoutUndo(
      inWriteScope(writeScope() ?? { run: Symbol(this.name) }, () => flowExecution(this, { ...rest, callSite: site })),
      `This run of "${this.name}" has kept no journal, from which it could be undone. Run the flow with { journal: true }.`,
    )
  }

  events(): ObservableLike<PlanEvent<T>> {
    return flowEvents(this, {})
  }

  explain(): FlowExplanation {
    return attachLook({ name: this.name, steps: this.#recipe.steps() }, { kind: 'flow-explanation' })
  }

  async check(): Promise<Review> {
    const { internals } = this.#recipe
    const { runs, session } = internals ?? {}
    if (runs === undefined || session === undefined) {
      throw new ConfigurationError(
        `${this.name}.check(): this flow belongs to no session that connect() made. Make it from the plans of a session.`,
      )
    }
    return runs.check(this, session)
  }

  // Given to the prototype when an object is made.
  declare readonly [Symbol.observable]: () => Subscribable<T>

  '@@observable'(): Subscribable<T> {
    return valuesOf(this.events())
  }
}

giveLook<SessionFlow<unknown>>(SessionFlow.prototype, (flow) => showFlow(flow.explain()))

/** True where flows keep a journal by themselves; a session that sends no writes has nothing to undo. */
function keepsJournals({ keepsJournals, runs, session, writes }: Internals): boolean {
  return (
    (keepsJournals || host().keepsJournals === true) &&
    runs !== undefined &&
    session !== undefined &&
    writes() === 'allow'
  )
}

/** A run within a script, whose journal it is kept in: the script undoes it by steps that follow. */
function undoneInScript<T>(execution: Execution<T>, name: string): JournalledExecution<T> {
  const why = `The journal of "${name}" is that of the script which runs it. Undo that one.`
  return Object.assign(execution, {
    undo: () => undoIntercepted(execution) ?? Promise.reject(new ConfigurationError(why)),
  })
}

/** A run that nothing is undone of, since nothing of it was kept. */
function withoutUndo<T>(execution: Execution<T>, why: string): JournalledExecution<T> {
  return Object.assign(execution, { undo: () => Promise.reject(new ConfigurationError(why)) })
}

/** A run of a flow that keeps a journal; where a script keeps one already, its parts stand there, and it undoes them. */
function journalled<T>(
  flow: SessionFlow<T>,
  internals: Internals | undefined,
  options: JournalOptions,
  callSite: Error,
): JournalledExecution<T> {
  const { runs, session, runner } = internals ?? {}
  if (runs === undefined || session === undefined || runner === undefined || internals === undefined) {
    throw new ConfigurationError(
      `${flow.name}.run(): this flow belongs to no session that connect() made, so that nothing keeps its journal. Make it from the plans of a session.`,
    )
  }
  const handed = intercepted<T>(flow, internals, options, callSite)
  if (handed !== undefined) return undoneInScript(handed, flow.name)
  const { signal, journal } = options
  let undo: JournalledExecution<T>['undo'] | undefined
  const execution = new WorkExecution<T>({ name: flow.name, signal, callSite }, (report) => {
    const controller = new AbortController()
    const heard = (event: PlanEvent<unknown>): void => {
      if (event.kind !== 'value') report.emit(event)
    }
    const run = runs.run(flow, session, {
      journal: typeof journal === 'string' ? journal : true,
      handsOn: journal === undefined,
      signal: controller.signal,
      heard,
    })
    undo = run.undo
    run.value.then(
      (value) => report.succeed(value as T, runner.now()),
      (error: unknown) => report.fail(error),
    )
    return { applied: 'maybe', unsubscribe: () => controller.abort() }
  })
  return Object.assign(execution, { undo: () => (undo as JournalledExecution<T>['undo'])() })
}

/** Where a flow belongs to; nothing where no session is known. */
export function internalsOfFlow(flow: unknown): Internals | undefined {
  return flow instanceof SessionFlow ? recipeOf(flow).internals : undefined
}

/** The work of a flow that is put together of plans and flows; nothing for any other. */
export function composedWork<T>(flow: unknown): ((context: FlowContext) => Promise<T>) | undefined {
  if (!(flow instanceof SessionFlow)) return undefined
  const { composed, work } = recipeOf<T>(flow)
  return composed === true ? work : undefined
}

/** Runs a flow itself, past any interceptor. */
export function flowExecution<T>(flow: Flow<T>, { gate, callSite, within, ...options }: RunSetting): Execution<T> {
  if (!(flow instanceof SessionFlow)) return flow.run(options)
  const { signal } = options
  return new WorkExecution<T>(
    { name: flow.name, signal, callSite, ...(within && { within }) },
    working(recipeOf(flow), { ...options, ...(gate && { gate }) }),
  )
}

/** The events of a flow that is run so; cold. */
function flowEvents<T>(flow: SessionFlow<T>, options: RunSetting): ObservableLike<PlanEvent<T>> {
  return coldEvents<T>({ name: flow.name, callSite: options.callSite }, working(recipeOf(flow), options))
}

/** Runs the work: the events of its plans are the flow's own, and ending the flow ends the plan that runs. */
function working<T>({ work, clock }: Recipe<T>, { maxQueue, gate }: RunSetting): Work<T> {
  const setting: RunSetting = {
    within: true,
    callSite: null,
    ...(maxQueue !== undefined && { maxQueue }),
    ...(gate && { gate }),
  }
  return (report) => {
    const controller = new AbortController()
    const running = new Set<Execution<unknown>>()
    let ended: Applied = 'no'
    const appliedOf = (execution: Execution<unknown>): Applied =>
      execution instanceof WorkExecution ? execution.applied : 'no'
    const context: FlowContext = {
      signal: controller.signal,
      now: () => clock.now(),
      run<R>(work: ComposableWork<R>, { signal }: FlowPart = {}): Promise<R> {
        controller.signal.throwIfAborted()
        const part: RunSetting = signal === undefined ? setting : { ...setting, signal }
        const execution = 'data' in work ? executionOf(work, part) : flowExecution(work, part)
        running.add(execution)
        execution.events.subscribe({
          next(event) {
            if (event.kind !== 'value') report.emit(event)
          },
          // The promise tells the end.
          error() {},
        })
        return Promise.resolve(execution).finally(() => {
          running.delete(execution)
          if (appliedOf(execution) === 'maybe') ended = 'maybe'
        })
      },
      reached(count) {
        report.emit({ kind: 'item', at: clock.now(), ...count })
      },
      wait(ms) {
        return new Promise((resolve, reject) => {
          controller.signal.throwIfAborted()
          const cancel = clock.after(ms, () => {
            controller.signal.removeEventListener('abort', abort)
            resolve()
          })
          const abort = (): void => {
            cancel()
            reject(controller.signal.reason)
          }
          controller.signal.addEventListener('abort', abort, { once: true })
          report.emit({ kind: 'wait', at: clock.now(), reason: 'poll', ms })
        })
      },
    }
    work(context).then(
      (value) => report.succeed(value, clock.now()),
      (error: unknown) => report.fail(error),
    )
    const ending: Ending = {
      get applied() {
        return ended === 'maybe' || [...running].some((execution) => appliedOf(execution) === 'maybe') ? 'maybe' : 'no'
      },
      unsubscribe() {
        controller.abort(new AbortedError('The flow has ended, so that none of its plans may run on. Run it again.'))
        for (const execution of running) execution.abort('the flow ended')
      },
    }
    return ending
  }
}

/**
 * Several plans or flows at once, as far as the rate limit lets them; their values come under the same names.
 *
 * @param parts An object or an array of plans and flows, not yet run.
 * @returns A flow of an object or array of the values. It fails with the first failure, once what is in flight has ended.
 * @throws ValidationError when a part is not a plan or flow.
 * @example
 * const { settings, acls } = await all({
 *   settings: auth0.tenants.settings.get(),
 *   acls: auth0.networkAcls.list().all(),
 * }).run()
 */
export function all<T extends object>(parts: { readonly [K in keyof T]: ComposableWork<T[K]> }): Flow<T> {
  const first = Object.values<unknown>(parts as { [name: string]: unknown }).find((part) => part instanceof Composing)
  const make: MakeFlow =
    first instanceof Composing
      ? first[makeFlows]()
      : (name, steps, work) => new SessionFlow(name, { steps, work, clock: systemClock, composed: true })
  return allOf<T>(parts, make)
}

/** The session that a plan or flow was made with, and that runs it; nothing where none is known. */
export function ownerOf(work: unknown): Session | undefined {
  return (internalsOfPlan(work) ?? internalsOfFlow(work))?.session
}

/**
 * The events of a plan or flow whose requests leave only when the gate lets them; cold. Who runs it tells the line that
 * asked for it. Work of another copy of this package cannot be held back.
 */
export function gatedEvents<T>(work: Pick<BasePlan<T> | Flow<T>, 'events'>, gate: Gate): ObservableLike<PlanEvent<T>> {
  const setting: RunSetting = { gate, callSite: null }
  if (work instanceof BoundPlan) return eventsOf<T>(work, setting)
  return work instanceof SessionFlow ? flowEvents<T>(work, setting) : work.events()
}

/** What a write is part of, for those who hear of writes. */
export interface WriteScope {
  /** Id of the run that sends it; a symbol for a flow without a journal. */
  readonly run: string | symbol
  /** The step of the run. */
  readonly step?: string
  /** Id of the run that this one undoes. */
  readonly undoes?: string
}

const scopes = new AsyncLocalStorage<WriteScope>()

/** What is sent now is part of; nothing for a plan alone. */
export function writeScope(): WriteScope | undefined {
  return scopes.getStore()
}

/** Runs work whose writes are part of a run or flow, also those that it sends later. */
export function inWriteScope<T>(scope: WriteScope, work: () => T): T {
  return scopes.run(scope, work)
}
