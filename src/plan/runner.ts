import type { ItemEvent } from './events.ts'
import type { FlowStep } from './explanation.ts'
import type { Flow, ListPlan, Plan, Work } from './plan.ts'
import type { PlanData } from './plan-data.ts'
import type { SecretValues } from './secret.ts'

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

/** How a flow names one of its parts. */
export interface FlowPart {
  /** The same in each run: the key of an item, the name of an operation. The part of which the flow is made has none. */
  readonly key?: string
  /** One of many that a list bounds: a budget that ends loops without end does not count it. */
  readonly bounded?: true
  /** Aborts this part alone. */
  readonly signal?: AbortSignal
}

/** How many items have ended, of how many where that is known. */
export type ItemCount = Pick<ItemEvent, 'done' | 'failed' | 'total'>

/** What the work of a flow may do. */
export interface FlowContext {
  /**
   * Runs a plan or flow as part of the flow: its events are the flow's, aborting the flow aborts it.
   *
   * @param part names it among the parts of the flow, and can end it alone.
   */
  run<T>(work: Work<T>, part?: FlowPart): Promise<T>
  /** Tells how many of many items have ended. */
  reached?(count: ItemCount): void
  /** Notes that the flow has a way on after a failure of a part. */
  caught?(error: unknown): void
  /** Most parts at once where something else than the flow decides that. */
  readonly most?: number
  /** True where writes are predicted: what they answer is a placeholder. */
  readonly predicts?: boolean
  /** Waits on the session's clock; rejects when the flow is aborted. */
  wait(ms: number): Promise<void>
  readonly signal: AbortSignal
  now(): number
}
