import type { Change } from './diff-values.ts'
import type { TenantlabError } from './errors.ts'
import type { PlanEvent } from './events.ts'
import type { Json } from './json.ts'
import type { PlanData, PlanOptions } from './plan-data.ts'
import type { SecretValues } from './secret.ts'

declare global {
  interface SymbolConstructor {
    /** Declared as RxJS declares it, so that its `from()` takes plans; nobody here defines it. */
    readonly observable: symbol
  }
}

/** Receives what a `Subscribable` gives. */
export interface Observer<T> {
  next?(value: T): void
  error?(error: unknown): void
  complete?(): void
}

/** Ends a subscription; a request in flight is aborted. */
export interface Unsubscribable {
  unsubscribe(): void
}

/** The least common interface of observables; RxJS `from()` and `firstValueFrom()` take it. */
export interface Subscribable<T> {
  subscribe(observer: Observer<T>): Unsubscribable
}

/** Options of `run()`. */
export interface RunOptions {
  /** Aborts the execution. */
  readonly signal?: AbortSignal
  /** Most plans that may wait for the same local rate-limit slot before this one is refused; no limit when left out. */
  readonly maxQueue?: number
}

/** How an execution ended. */
export type Outcome<T> = OutcomeOk<T> | OutcomeError

/** The execution ended in a value. */
export interface OutcomeOk<T> {
  readonly status: 'ok'
  readonly value: T
}

/** The execution ended in an error. */
export interface OutcomeError {
  readonly status: 'error'
  readonly error: TenantlabError
}

/** A run of a plan: started at once, sent once, awaitable and subscribable any number of times with the same answer. */
export interface Execution<T> extends PromiseLike<T> {
  /** The plan that runs; absent for a flow. */
  readonly plan?: PlanData
  /** All events so far and to come; each subscriber gets all of them. */
  readonly events: Subscribable<PlanEvent<T>>
  catch<R = never>(onRejected?: ((reason: TenantlabError) => R | PromiseLike<R>) | null): Promise<T | R>
  finally(onFinally?: (() => void) | null): Promise<T>
  subscribe(observer: Observer<T>): Unsubscribable
  /** Ends the execution; a request in flight is aborted, a wait is left. Awaiting it then rejects. */
  abort(reason?: string): void
  /** Waits for the end and tells it as data; never rejects. */
  outcome(): Promise<Outcome<T>>
  '@@observable'(): Subscribable<T>
  /** The same, where a library has defined `Symbol.observable`. */
  [Symbol.observable](): Subscribable<T>
}

/** One line of what a plan would do, and why. */
export interface Explanation {
  /** `PATCH /api/v2/tenants/settings` */
  readonly route: string
  /** Full URL on the session's domain; a template with `{domain}` for an unbound plan. */
  readonly url: string
  readonly operation: string
  readonly effect: 'read' | 'write' | 'token'
  /** Scopes that allow it, any of them unless `allScopes`. */
  readonly scopes: readonly string[]
  readonly allScopes: boolean
  /** Header names and values; credentials hidden. */
  readonly headers: Readonly<Record<string, string>>
  /** The body with its secrets hidden. */
  readonly body?: Json
  readonly customDomain: CustomDomainVerdict
  /** `offset`, `checkpoint`, …; absent for a plan that is no list. */
  readonly paging?: string
  /** What a read rests on: the record itself, or an index that shows writes seconds later. Absent for writes. */
  readonly reads?: 'store' | 'index'
  readonly retry: string
  /** Bucket of the server that it draws from. */
  readonly rateKey: string
  readonly warnings: readonly string[]
  readonly documentation: string
}

/** Whether the `Auth0-Custom-Domain` header goes out with a plan, and why. */
export interface CustomDomainVerdict {
  readonly verdict: 'sent' | 'removed' | 'none'
  readonly domain?: string
  readonly reason: string
}

/** What a write would change. */
export type Diff = KnownDiff | UnknownDiff

/** Before and after of a write whose twin could be read. */
export interface KnownDiff {
  readonly kind: 'known'
  readonly before: Json
  readonly after: Json
  readonly changes: readonly Change[]
}

/** There is nothing to compare with. */
export interface UnknownDiff {
  readonly kind: 'unknown'
  readonly reason: string
}

/** One request, or one request repeated by a rule stored in it. Inert: nothing is sent before `run()`. */
export interface Plan<T> {
  /** The plan as frozen data. */
  readonly data: PlanData
  /** Equal for equal plans: `sha256-…`. */
  readonly hash: string
  /** Sends it. */
  run(options?: RunOptions): Execution<T>
  /** A cold observable: each subscription sends, unsubscribing aborts. */
  events(): Subscribable<PlanEvent<T>>
  /** A new plan with these options over the present ones. */
  with(options: PlanOptions): Plan<T>
  /** A new plan that names this custom domain. */
  customDomain(domain: string): Plan<T>
  /** What would be sent, to where, with which scopes, and what to know before. */
  explain(): Explanation
  /** Reads the present state and shows before and after; inert until its own `run()`. */
  diff(): Flow<Diff>
  toJSON(): PlanData
  /** A `curl` command; secrets stand as shell variables. */
  toCurl(): string
  /** The request as an `.http` file. */
  toHttp(): string
  '@@observable'(): Subscribable<T>
  /** The same, where a library has defined `Symbol.observable`. */
  [Symbol.observable](): Subscribable<T>
}

/** One page of a list. */
export interface Page<T> {
  readonly items: T[]
  /** Number of all items, when the server told it. */
  readonly total?: number
  /** Plan of the following page; absent on the last. Not enumerable: a page is its data. */
  readonly next?: ListPlan<T>
}

/** A plan of a list. `run()` gives the first page; `for await` pulls item by item, page by page. */
export interface ListPlan<T> extends Plan<Page<T>> {
  with(options: PlanOptions): ListPlan<T>
  customDomain(domain: string): ListPlan<T>
  /** The first item, or `undefined`. */
  first(): Plan<T | undefined>
  /** All items. */
  all(): Plan<T[]>
  /** Up to `count` items. */
  take(count: number): Plan<T[]>
  /** Sends page by page as the loop asks for them; re-iterable. */
  pages(options?: RunOptions): AsyncIterable<Page<T>>
  [Symbol.asyncIterator](): AsyncIterator<T>
}

/** What needs two different requests. Inert until `run()`. */
export interface Flow<T> {
  readonly name: string
  run(options?: RunOptions): Execution<T>
  events(): Subscribable<PlanEvent<T>>
  /** The plans that it would send, in order; what depends on an answer is said in words. */
  explain(): FlowExplanation
  '@@observable'(): Subscribable<T>
  /** The same, where a library has defined `Symbol.observable`. */
  [Symbol.observable](): Subscribable<T>
}

/** The steps of a flow. */
export interface FlowExplanation {
  readonly name: string
  readonly steps: readonly FlowStep[]
}

/** One step of a flow: what for, and the plan when it is known beforehand. */
export interface FlowStep {
  readonly purpose: string
  readonly plan?: PlanData
}

/** Turns data into a bound plan; every verb of the grammar ends in it. */
export interface Bind {
  /** @param words Methods that the plan offers besides its own, such as further words of a chain. */
  <T>(data: PlanData, secrets?: SecretValues, words?: object): Plan<T>
  /** For operations that page. */
  list<T>(data: PlanData, secrets?: SecretValues): ListPlan<T>
}

/** Runs plans for flows; the session hands it out, so that flows know no session. */
export interface Runner {
  readonly bind: Bind
  readonly now: () => number
  /** A flow that `steps` describes and `work` carries out; `work` gets a context to run plans and to wait in. */
  flow<T>(name: string, steps: () => readonly FlowStep[], work: (context: FlowContext) => Promise<T>): Flow<T>
}

/** What the work of a flow may do. */
export interface FlowContext {
  /** Runs a plan as part of the flow: its events are the flow's, aborting the flow aborts it. */
  run<T>(plan: Plan<T>): Promise<T>
  /** Waits on the session's clock; rejects when the flow is aborted. */
  wait(ms: number): Promise<void>
  readonly signal: AbortSignal
  now(): number
}
