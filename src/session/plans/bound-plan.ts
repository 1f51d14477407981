import { giveLook, showPlan } from '../../display/index.ts'
import type { MakeFlow } from '../../flow/index.ts'
import { callSite, giveObservable, type RunSetting } from '../../pipeline/index.ts'
import type {
  BasePlan,
  Diff,
  Execution,
  Explanation,
  Flow,
  ListPlan,
  ObservableLike,
  Page,
  PagesRule,
  Plan,
  PlanData,
  PlanEvent,
  PlanOptions,
  RunOptions,
  SecretValues,
  Subscribable,
  UndoOf,
} from '../../plan/index.ts'
import { hashPlan, planData, processSecrets, ValidationError } from '../../plan/index.ts'
import type { Internals } from '../internals.ts'
import { Composing, makeFlows } from './composing.ts'
import { checkCustomDomain } from './domain.ts'
import { liftSecrets } from './lift-secrets.ts'
import { valuesOf } from './observable.ts'
import { mergePlanOptions } from './plan-options.ts'
import { checkRunOptions, intercepted } from './runs.ts'

/** What a plan asks of the session that bound it. */
export interface PlanRuntime {
  /** False for plans that no session has bound. */
  readonly bound: boolean
  /** Absent for plans that no session has bound. */
  readonly internals?: Internals
  execute<T>(data: PlanData, secrets: SecretValues, options: RunSetting, callSite?: Error): Execution<T>
  events<T>(data: PlanData, secrets: SecretValues, options: RunSetting): ObservableLike<PlanEvent<T>>
  pages<T>(data: PlanData, secrets: SecretValues, options?: RunOptions): AsyncIterable<Page<T>>
  explain(data: PlanData): Explanation
  toCurl(data: PlanData): string
  toHttp(data: PlanData): string
  diff(data: PlanData): Flow<Diff>
  /** Makes the flows that begin with a plan. */
  readonly flow: MakeFlow
}

interface Inner {
  readonly secrets: SecretValues
  readonly runtime: PlanRuntime
  /** What undoes it, where the caller has said so. */
  readonly undo?: UndoOf<unknown>
}

const NO_WORDS = {}

/** Reads what a plan hides; only this file can, and no printing can. */
let innerOf: (plan: BoundPlan<unknown>) => Inner

/** A plan that knows who runs it. Its data is all that comparison, JSON and printing see of it. */
export class BoundPlan<T> extends Composing<T> implements Plan<T> {
  readonly data: PlanData
  readonly #inner: Inner

  static {
    innerOf = (plan) => plan.#inner
  }

  /** @param words Further words of a chain; they neither print nor compare. */
  constructor(data: PlanData, inner: Inner, words: object = NO_WORDS) {
    super()
    this.data = data
    this.#inner = inner
    for (const [name, value] of Object.entries(words)) Object.defineProperty(this, name, { value })
    giveObservable(BoundPlan.prototype)
    Object.freeze(this)
  }

  [makeFlows](): MakeFlow {
    return this.#inner.runtime.flow
  }

  get hash(): string {
    return hashPlan(this.data)
  }

  run(options?: RunOptions): Execution<T> {
    checkRunOptions(options, 'plan.run()', ['signal', 'maxQueue'])
    return runPlan(this, options ?? {}, callSite())
  }

  events(): ObservableLike<PlanEvent<T>> {
    return eventsOf(this, {})
  }

  with(options: PlanOptions): Plan<T> {
    return new BoundPlan<T>(...withOptions(this, options))
  }

  customDomain(domain: string): Plan<T> {
    return this.with({ customDomain: checkCustomDomain(domain, 'plan.customDomain(): the domain') })
  }

  undoWith(undo: UndoOf<T>): Plan<T> {
    if (typeof undo !== 'function') {
      throw new ValidationError(
        'plan.undoWith(): it takes a function of { result, before } that returns a plan, several, or nothing.',
        { issues: [{ path: 'undo', rule: 'must be a function' }] },
      )
    }
    return new BoundPlan<T>(this.data, { ...this.#inner, undo: undo as UndoOf<unknown> })
  }

  explain(): Explanation {
    return this.#inner.runtime.explain(this.data)
  }

  diff(): Flow<Diff> {
    return this.#inner.runtime.diff(this.data)
  }

  toJSON(): PlanData {
    return this.data
  }

  toCurl(): string {
    return this.#inner.runtime.toCurl(this.data)
  }

  toHttp(): string {
    return this.#inner.runtime.toHttp(this.data)
  }

  // Given to the prototype when an object is made.
  declare readonly [Symbol.observable]: () => Subscribable<T>

  '@@observable'(): Subscribable<T> {
    return valuesOf(this.events())
  }
}

/** A bound plan of a list. */
export class BoundListPlan<T> extends BoundPlan<Page<T>> implements ListPlan<T> {
  static {
    // RxJS would take a list for an observable of its first page: it shall take the iteration over its items.
    Object.defineProperty(BoundListPlan.prototype, '@@observable', { value: undefined })
  }

  override with(options: PlanOptions): BoundListPlan<T> {
    return new BoundListPlan<T>(...withOptions(this, options))
  }

  override customDomain(domain: string): BoundListPlan<T> {
    return this.with({ customDomain: checkCustomDomain(domain, 'plan.customDomain(): the domain') })
  }

  first(): Plan<T | undefined> {
    return new BoundPlan<T | undefined>(repeated(this.data, { kind: 'pages', result: 'first' }), innerOf(this))
  }

  all(): Plan<T[]> {
    return new BoundPlan<T[]>(repeated(this.data, { kind: 'pages', result: 'items' }), innerOf(this))
  }

  take(count: number): Plan<T[]> {
    if (!Number.isInteger(count) || count < 0) {
      throw new ValidationError(
        `plan.take(): the count must be a whole number, 0 or more, not ${String(count)}. Write plan.all() for all items.`,
        { issues: [{ path: 'count', rule: 'must be a whole number, 0 or more' }] },
      )
    }
    return new BoundPlan<T[]>(repeated(this.data, { kind: 'pages', result: 'items', most: count }), innerOf(this))
  }

  pages(options: RunOptions = {}): AsyncIterable<Page<T>> {
    checkRunOptions(options, 'plan.pages()', ['signal', 'maxQueue'])
    const { runtime, secrets } = innerOf(this)
    return runtime.pages<T>(this.data, secrets, options)
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for await (const page of this.pages()) yield* page.items
  }
}

giveLook<BoundPlan<unknown>>(BoundPlan.prototype, (plan) =>
  showPlan(plan.explain(), { bound: innerOf(plan).runtime.bound, plan: plan.data, hash: plan.hash }),
)

/** Runs a plan for the caller at this line. */
export function runPlan<T>(plan: BoundPlan<T>, options: RunOptions, callSite: Error): Execution<T> {
  const { runtime, secrets } = innerOf(plan)
  const handed = runtime.internals && intercepted<T>(plan, runtime.internals, options, callSite)
  return handed ?? runtime.execute<T>(plan.data, secrets, options, callSite)
}

/** Runs a plan itself, past any interceptor; one of another copy of this package runs as that copy runs it. */
export function executionOf<T>(plan: BasePlan<T>, options: RunSetting): Execution<T> {
  if (!(plan instanceof BoundPlan)) {
    const { signal, maxQueue } = options
    return plan.run({ ...(signal && { signal }), ...(maxQueue !== undefined && { maxQueue }) })
  }
  const { runtime, secrets } = innerOf(plan)
  return runtime.execute<T>(plan.data, secrets, options)
}

/** The events of a plan that is run so; cold. */
export function eventsOf<T>(plan: BoundPlan<T>, options: RunSetting): ObservableLike<PlanEvent<T>> {
  const { runtime, secrets } = innerOf(plan)
  return runtime.events<T>(plan.data, secrets, options)
}

/** Where a plan belongs to; nothing for one that no session has bound, or of another copy of this package. */
export function internalsOfPlan(plan: unknown): Internals | undefined {
  return plan instanceof BoundPlan ? innerOf(plan).runtime.internals : undefined
}

/** What a caller has said to undo a plan with; nothing where the catalogue is to tell. */
export function undoWithOf(plan: unknown): UndoOf<unknown> | undefined {
  return plan instanceof BoundPlan ? innerOf(plan).undo : undefined
}

/** The secrets that ride with a plan; none for a plan of another copy of this package. */
export function secretsOf(plan: unknown): SecretValues {
  return plan instanceof BoundPlan ? innerOf(plan).secrets : {}
}

/** The plan with further options. A secret among its parameters becomes a slot, as in its body. */
function withOptions(plan: BoundPlan<unknown>, added: PlanOptions): [PlanData, Inner] {
  const inner = innerOf(plan)
  const { data, secrets } = liftSecrets(planData({ ...plan.data, options: mergePlanOptions(plan.data.options, added) }))
  for (const value of Object.values(secrets)) processSecrets().add(value)
  return [data, { ...inner, secrets: { ...inner.secrets, ...secrets } }]
}

function repeated(data: PlanData, repeat: PagesRule): PlanData {
  return planData({ ...data, repeat })
}
