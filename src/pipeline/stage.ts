import type { OperationRow } from '../catalogue/index.ts'
import { optionFault } from '../catalogue/index.ts'
import {
  type Clock,
  type Fault,
  type ObservableLike,
  type PlanData,
  type PlanEvent,
  refuseSetting,
  type SecretValues,
  type Subscribable,
} from '../plan/index.ts'
import type { TokenChoice, TokenSource } from '../tokens/index.ts'
import type { HttpReply, RequestDraft, ServerTime } from '../wire/index.ts'
import type { RateLimiter } from './limiter/index.ts'
import type { RetryOptions } from './options.ts'

/** The answer that travels back through the stages. */
export interface Reply extends HttpReply {
  /** 1 for the first. */
  readonly attempt: number
}

/** One request on its way through the stages. Copies, never changes: `{ ...operation, request: … }`. */
export interface Operation {
  readonly plan: PlanData
  readonly row: OperationRow
  readonly request: RequestDraft
  /** 1 for the first. */
  readonly attempt: number
  readonly context: OperationContext
}

/**
 * Called when a request of this plan is about to leave, after its `attempt` was told: what it answers must be over first;
 * nothing lets the request go at once.
 */
export type Gate = (plan: PlanData) => PromiseLike<void> | undefined

/** What the stages of one request share. */
export interface OperationContext {
  readonly clock: Clock
  /** Tells the events of the execution. */
  emit(event: PlanEvent<never>): void
  /** Epoch milliseconds of the deadline; set when the first attempt starts. */
  deadline(): number | undefined
  /** Stops the deadline while something of the caller's own must be over first; the answer lets it run on. */
  hold(): () => void
  /** Starts the deadline, unless it runs: what the first attempt needs is being asked for. */
  begin(): void
  /** Counts a request that goes out, and starts the deadline with the first; the frame calls it. */
  beginAttempt(effect: OperationRow['effect']): number
  /** Notes how that request ended; the frame calls it. */
  endAttempt(effect: OperationRow['effect'], fault: Fault): void
  /** False once the request has ended; nothing may be sent for it any more. */
  readonly open: boolean
  /** Requests that went out so far. */
  readonly attempts: number
  /** The deadline in milliseconds that the plan or the session asks for. */
  readonly timeout: number
  readonly maxRetries: number | undefined
  readonly maxQueue: number | undefined
  /** The caller's own signal, when there is one. */
  readonly signal: AbortSignal | undefined
  /** Holds requests back until the caller is ready, such as a journal that is written over a network. */
  readonly gate: Gate | undefined
  readonly secrets: SecretValues
  /** What the session lends: token source, limiter, custom domain. */
  readonly session: StageSession
}

/** What the stages need of a session. */
export interface StageSession {
  /** Whose buckets and tokens: the tenant's canonical domain when known, else the domain. */
  readonly tenant: string
  readonly tokens: TokenSource
  /** The source of a token that a stage brings itself; the same one each time for the same value. */
  tokensOf(choice: TokenChoice): TokenSource
  readonly limiter: RateLimiter
  /** The tenant's clock against this machine's. */
  readonly serverTime: ServerTime | undefined
  /** Session options of `retry()`, for a stage that was made without its own. */
  readonly retry: RetryOptions | false | undefined
  /** Whether a stage sends again what the rate limit refused. */
  readonly resends?: boolean
  /** 0 ≤ n < 1, for jitter. */
  random(): number
}

/** Answers an operation with any observable of replies. */
export type Handler = (operation: Operation) => Subscribable<Reply>

/** Sends an operation on. RxJS's `from()` takes what it gives, which is cold: each subscription sends. */
export type NextHandler = (operation: Operation) => ObservableLike<Reply>

/** Names of the per-plan and per-run options that only a stage can honour. */
export type SupportedOption = 'maxRetries' | 'maxQueue' | 'customDomain'

/** Key under which a stage lists the options it honours. */
export const SUPPORTS: unique symbol = Symbol.for('tenantlab.supports') as never

/**
 * One step of the pipeline: gets the handler that follows, answers its own. It may call `next` any number of times, and
 * give back any observable of replies, RxJS's included. A stage that honours `maxRetries` or `maxQueue` says so with
 * `supports()`.
 */
export interface Stage {
  (next: NextHandler): Handler
  readonly [SUPPORTS]?: readonly SupportedOption[]
}

/**
 * Marks a stage as supports options, so that plans with these options are let through.
 *
 * @example
 * const quick = supports(['maxRetries'], (next) => (operation) => next(operation))
 * const auth0 = connect({ ...tenant.options, pipeline: [quick, token()] })
 * await auth0.users.list().with({ maxRetries: 0 }).run()
 */
export function supports(options: readonly SupportedOption[], stage: (next: NextHandler) => Handler): Stage {
  return Object.assign(stage, { [SUPPORTS]: options })
}

/** Makes a stage of this package: its `next` may give an observable of any make, and is subscribed to by `feed()`. */
export function builtIn(options: readonly SupportedOption[], stage: (next: Handler) => Handler): Stage {
  const made = supports(options, stage as (next: NextHandler) => Handler)
  ofThisPackage.add(made)
  return made
}

/**
 * Refuses options of a stage that it would not honour.
 *
 * @throws ConfigurationError with the member and the ones there are.
 */
export function checkMembers(stage: string, options: unknown, members: readonly string[]): void {
  if (options === undefined) return
  const fault = optionFault(options, members)
  if (fault !== undefined) refuseSetting(`${stage}()`, fault)
}

const ofThisPackage = new WeakSet<Stage>()

/** Whether a stage was made by `builtIn()`. */
export function isBuiltIn(stage: Stage): boolean {
  return ofThisPackage.has(stage)
}
