import type { Execution, JsonObject, ObservableLike, Outcome, Plan, PlanEvent, RunOptions } from '../../plan/index.ts'
import type { Session } from '../../session/index.ts'

/** What a step can run: a plan or a flow. */
export interface Runnable<T> {
  run(options?: RunOptions): Execution<T>
  events(): ObservableLike<PlanEvent<T>>
}

/** Lets time pass as a step of a runbook; the step's value is the time at which it ends, ISO 8601. */
export interface Wait extends Runnable<string> {
  readonly kind: 'wait'
  readonly name: string
  readonly ms: number
  /** When it ends, ISO 8601; `ms` counts from the step's beginning where it is left out. */
  readonly until?: string
  /** After this time it is too late to go on: the run stops. */
  readonly notAfter?: string
}

/** Checks parameters and gives them their types; an object schema of zod is one. */
export interface ParamsSchema<P> {
  /** Answers the checked parameters, or throws. */
  parse(input: unknown): P
}

/** What `undo` of a step can look at. */
export interface UndoContext<T> {
  /** What the step answered. */
  readonly result: T
  /** The record as it was before the write; absent where no operation reads it. */
  readonly before?: T
}

/** A read that tells whether a write has happened; made by `doneWhen()`. */
export interface DoneWhen {
  readonly kind: 'check'
  readonly read: Runnable<unknown>
  /** Members that the record has once the step is done; such a check goes into plan files as well. */
  readonly match?: JsonObject
  done(answer: unknown): unknown
}

/**
 * Options of a step.
 *
 * @example
 * defineRunbook({
 *   name: 'roles',
 *   async *steps({ auth0, step }) {
 *     yield* step('create', auth0.roles.create({ name: 'support' }), { confirm: 'Create it?', tags: ['roles'] })
 *   },
 * })
 */
export interface StepOptions<T> {
  /** `false` leaves the step out; its value is then `undefined`. */
  readonly when?: boolean | (() => boolean | Promise<boolean>)
  /** Words that `--tags` chooses by. */
  readonly tags?: readonly string[]
  /** Asks before the step is sent: `true`, or the question. */
  readonly confirm?: boolean | string
  /** Plans that reverse the step, last first; or a function of its result and of the state before. */
  readonly undo?: UndoPlans | ((context: UndoContext<T>) => UndoPlans | undefined)
  /**
   * A read that tells whether the step is done, for a write whose fate is unknown. A plan whose answer is the step's
   * value: no answer, an empty list and a 404 mean that it is not done. For anything else, `doneWhen()`.
   */
  readonly doneWhen?: Runnable<unknown> | DoneWhen
  /** A read whose answer changes by itself, so that a plan file does not hold it against the tenant. */
  readonly volatile?: boolean
}

/** One plan or several that take something back. */
export type UndoPlans = Plan<unknown> | readonly Plan<unknown>[]

/** What a step hands to the executor. */
export interface StepRequest {
  readonly kind: 'step'
  readonly id: string
  readonly work: Runnable<unknown>
  readonly options: StepOptions<unknown>
  /** Where the runbook asked for it; a failure points there. */
  readonly site?: Error
  /** The code gets every failure, also of a write that may have been carried out: for scripts, which know no step. */
  readonly handsOnFailures?: true
  /** A part of a flow that is put together of plans and flows. */
  readonly part?: true
  /** One of many that a list bounds, or within one. */
  readonly bounded?: true
  /** Whether others of the same code were under way with it, so far; absent for the steps of a runbook, which have an order. */
  readonly beside?: () => boolean
  /** Gives the step up, also when it is on its way: the code that asked for it has aborted its own run. */
  readonly signal?: AbortSignal
}

/** What `yield*` runs. */
export interface StepRun<T> {
  [Symbol.iterator](): Generator<StepRequest, T, unknown>
}

/** One step; `yield*` runs it and gives its value, or throws what went wrong. */
export interface Step<T> extends StepRun<T> {
  /**
   * The same step, which gives its end as data: `{ status: 'ok', value }`, or `{ status: 'error', error }` instead of
   * throwing. What stops a run stops it all the same: a decision that is needed, an interruption, a journal that cannot
   * be written.
   */
  outcome(): StepRun<Outcome<T>>
}

/**
 * Makes a step.
 *
 * @param id stable and unique in the run; in a loop it carries the key: `quota ${client_id}`.
 */
export type StepMaker = <T>(id: string, work: Runnable<T>, options?: StepOptions<T>) => Step<T>

/** What the steps of a runbook can use. */
export interface RunbookContext<P> {
  readonly auth0: Session
  readonly params: P
  readonly step: StepMaker
  /** Domain of the tenant. */
  readonly tenant: string
  /** True when writes are only predicted. */
  readonly check: boolean
  /** Tells the reader of the run something; secrets that the run has seen are hidden in it. */
  say(text: string): void
}

/** What `defineRunbook()` takes. */
export interface RunbookDefinition<P> {
  /** Names journals and reports; letters, digits, `-`, `_` and `.`. */
  readonly name: string
  readonly description?: string
  readonly params?: ParamsSchema<P>
  /** Profiles or domains that it is for: the targets where none is named, and a refusal of every other. */
  readonly tenants?: readonly string[]
  /** Most requests of one run; 10 000 beside those of the items of an `each` when left out. Stops a loop that does not end. */
  readonly maxRequests?: number
  /** Most steps of one run; 10 000 when left out, or as many as requests where that is more. Stops a loop that sends nothing. */
  readonly maxSteps?: number
  steps(context: RunbookContext<P>): AsyncGenerator<StepRequest, unknown, unknown>
}

/** A runbook; the default export of its file. */
export interface Runbook<P> extends RunbookDefinition<P> {
  readonly kind: 'runbook'
}

/** A step that code outside of any runbook asks for, such as the `run()` of a script. */
export interface IncomingStep {
  /** What it is called; a number is put behind a name that another step has. */
  readonly name: string
  readonly work: Runnable<unknown>
  readonly options: StepOptions<unknown>
  /** Told the id that the step has in the journal. */
  named?(id: string): void
  /** Gives it up; the run goes on. */
  readonly signal: AbortSignal
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
