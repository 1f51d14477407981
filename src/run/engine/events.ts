import type { CallingLine } from '../../pipeline/index.ts'
import type { Change, Json, RateLimitState } from '../../plan/index.ts'
import type { Drift } from '../errors.ts'
import type { StepEffect } from '../steps/index.ts'

/** The events' version: a new minor adds members or types, a new major changes them. */
export const EVENTS_VERSION = '2.1'

/** The run begins. */
export interface RunStartEvent {
  readonly type: 'run_start'
  readonly run: string
  readonly runbook: string
  readonly mode: RunMode
  readonly who: string
  /** Parameters, secrets hidden. */
  readonly params?: Json
  readonly journal?: string
  readonly resumed: boolean
}

/** What the run does: sends, predicts, applies a plan file, undoes. */
export type RunMode = 'run' | 'check' | 'plan' | 'apply' | 'undo'

/** A step begins. */
export interface StepStartEvent {
  readonly type: 'step_start'
  readonly step: string
  readonly effect: StepEffect
  /** Operation, or name of the flow. */
  readonly operation: string
  /** Method and path, as far as known. */
  readonly route?: string
}

/** What a write would change. */
export interface PlannedChangeEvent {
  readonly type: 'planned_change'
  readonly step: string
  readonly operation: string
  readonly route: string
  readonly action: 'create' | 'update' | 'delete' | 'unknown'
  /** Secrets hidden. */
  readonly before?: Json
  readonly after?: Json
  readonly changes: readonly Change[]
  /** Why before and after are not known. */
  readonly reason?: string
}

/** A request goes out. */
export interface RequestEvent {
  readonly type: 'request'
  readonly step: string
  readonly method: string
  readonly path: string
  readonly attempt: number
}

/** An answer came in. */
export interface AnswerEvent {
  readonly type: 'answer'
  readonly step: string
  readonly status: number
  readonly requestId?: string
  readonly rateLimit?: RateLimitState
}

/** The step waits: for the rate limit, the server, or a job. */
export interface StepWaitEvent {
  readonly type: 'wait'
  readonly step: string
  readonly reason: string
  /** Why there is another attempt. */
  readonly why?: string
  /** Whole milliseconds. */
  readonly ms?: number
}

/** Items of an `each` have ended; told at most ten times a second, and when all have. */
export interface ProgressEvent {
  readonly type: 'progress'
  /** The flow that they belong to. */
  readonly step: string
  /** Items whose work ended well. */
  readonly done: number
  readonly failed: number
  /** Items of the list, where that is known. */
  readonly total?: number
}

/** A step is over. */
export interface StepEndEvent {
  readonly type: 'step_end'
  readonly step: string
  /** `recorded`: an earlier run did it. `found`: it was sent, and its check found it done. `unchanged`: it was done already. */
  readonly outcome: 'done' | 'recorded' | 'found' | 'unchanged' | 'accepted' | 'predicted' | 'skipped' | 'failed'
  readonly reason?: string
}

/** The runbook says something. */
export interface SayEvent {
  readonly type: 'say'
  readonly text: string
}

/** The tenant differs from what a plan file says. */
export interface DriftEvent {
  readonly type: 'drift'
  readonly drifts: readonly Drift[]
}

/** The run is over. */
export interface RunEndEvent {
  readonly type: 'run_end'
  readonly status: RunStatus
  readonly exitCode: number
  readonly summary: RunSummary
  /** Why it did not end well. */
  readonly message?: string
  /** The line of the runbook that this comes from. */
  readonly place?: CallingLine
}

/** How a run ends. */
export type RunStatus = 'done' | 'failed' | 'stopped' | 'drift'

/** Counts of a run. */
export interface RunSummary {
  readonly steps: number
  readonly requests: number
  /** Writes sent by this run. */
  readonly written: number
  /** Writes that are predicted and would change something. */
  readonly pending: number
  readonly skipped: number
  readonly recorded: number
}

/** Everything that a run tells, without the envelope. */
export type RunEventBody =
  | RunStartEvent
  | StepStartEvent
  | PlannedChangeEvent
  | RequestEvent
  | AnswerEvent
  | StepWaitEvent
  | ProgressEvent
  | StepEndEvent
  | SayEvent
  | DriftEvent
  | RunEndEvent

/** One event, with where and when. */
export type RunEvent = RunEventBody & { readonly tenant: string; readonly at: string }

/** Hears a run. */
export type RunListener = (event: RunEvent) => void

/** Which steps run. Reads always do, since later steps live on their values. */
export interface Selection {
  readonly tags?: readonly string[]
  readonly only?: readonly string[]
  readonly startAt?: string
  /** Asks before every write. */
  readonly stepwise?: boolean
}

/** What a run tells, in order. */
export interface Told {
  readonly events: RunEvent[]
  /** Puts together what has gathered; called when that is much. */
  fold(): void
}

/** So many events gather before they are put together. */
export const MOST_TOLD = 500
