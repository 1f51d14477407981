import type { OperationRow } from '../catalogue/index.ts'
import type { Clock, ListPlan, PlanData, PlanEvent, SecretValues, Subscribable } from '../plan/index.ts'
import type { TokenChoice, TokenSource } from '../tokens/index.ts'
import type { Transport, WireEnvironment } from '../wire/index.ts'
import type { RateLimiter } from './limiter/index.ts'
import type { RetryOptions } from './options.ts'
import type { Writes } from './send.ts'
import type { Stage } from './stage.ts'
import type { Checking, UnknownPolicy } from './validate/index.ts'

/** What a hook of the session is told about a request. */
export interface Hooked {
  readonly plan: PlanData
  readonly row: OperationRow
  readonly secrets: SecretValues
  /** The caller's own signal, when there is one. */
  readonly signal?: AbortSignal
  /** Tells an event of the execution, such as `keys`. */
  emit(event: PlanEvent<never>): void
}

/** What a pipeline is made of. */
export interface PipelineConfig {
  readonly environment: WireEnvironment
  readonly transport: Transport
  readonly tokens: TokenSource
  /** The source for a stage `token(provider)`. */
  tokensOf(choice: TokenChoice): TokenSource
  /** `limiterFor(tenant, clock, options)`, or `noLimiter`. */
  readonly limiter: RateLimiter
  readonly clock: Clock
  /** Deadline in milliseconds; 30 000 when left out. */
  readonly timeout?: number
  readonly retry?: RetryOptions | false
  /** What lies between the frame; the default stages when left out. */
  readonly stages?: readonly Stage[]
  readonly writes?: Writes
  /** The tenant whose buckets and tokens are used; the environment's domain when left out. */
  readonly tenant?: string
  /** Checks the ID token of a token answer; rejects, or errors, when it does not hold. */
  verifyIdToken?(idToken: string, hooked: Hooked): PromiseLike<unknown> | Subscribable<unknown> | undefined
  /** Checks a plan before anything is sent; the catalogue's schemas when left out. */
  validate?(plan: PlanData, row: OperationRow, secrets: SecretValues, checking: Checking): PromiseLike<void> | undefined
  /** What happens to parts of a request that Auth0 does not document; `tell` when left out. */
  readonly unknown?: UnknownPolicy
  /** Gives a value its looks, or replaces it. */
  present?(value: unknown, row: OperationRow, plan: PlanData): unknown
  /** Binds the plan of a following page. */
  bindList?(data: PlanData, secrets: SecretValues): ListPlan<unknown>
  /** The answer of a write where the session predicts writes. */
  predict?(hooked: Hooked): PromiseLike<unknown> | Subscribable<unknown>
  /** Told of every error before it is raised, such as one that asks for a second factor. */
  failed?(error: unknown, hooked: Hooked): void
  /** 0 ≤ n < 1, for jitter. */
  random?(): number
}
