import type { Json, PlanData } from '../../plan/index.ts'

/** The first line: which run this is. */
export interface OpenedEntry {
  readonly type: 'journal'
  readonly version: 1
  readonly run: string
  readonly runbook: string
  readonly mode: 'run' | 'apply' | 'undo'
  readonly tenant: string
  readonly at: string
  /** Client or subject that the session speaks for. */
  readonly who: string
  /** Parameters, secrets hidden. */
  readonly params?: Json
}

/** The run goes on after an interruption. */
export interface ResumedEntry {
  readonly type: 'resumed'
  readonly at: string
}

/** A step is about to be sent. */
export interface BegunEntry {
  readonly type: 'begun'
  readonly step: string
  readonly at: string
  /** Hash of the plan; of the id for a flow. */
  readonly hash: string
  readonly plan?: PlanData
  /** The record before the write, secrets hidden, for its undo. */
  readonly before?: Json
  /** When a wait ends; a resumed run waits for the rest. */
  readonly until?: string
}

/** A request is about to go out. */
export interface SendEntry {
  readonly type: 'send'
  readonly step: string
  readonly at: string
  readonly attempt: number
  readonly method: string
  readonly path: string
}

/** Its answer came. */
export interface AnswerEntry {
  readonly type: 'answer'
  readonly step: string
  readonly at: string
  readonly attempt: number
  readonly status: number
  readonly requestId?: string
}

/** The step is done and is never sent again. */
export interface DoneEntry {
  readonly type: 'done'
  readonly step: string
  readonly at: string
  /** `sent` now, `found` by its check, or taken as done by a person. */
  readonly how: 'sent' | 'found' | 'accepted'
  /** The value, secrets hidden; absent where there is none. */
  readonly value?: Json
  /** Dotted paths of what is hidden in it. */
  readonly hidden?: readonly string[]
  /** The value is a page that others follow. */
  readonly more?: true
  /** Plans that take the step back. */
  readonly undo?: readonly PlanData[]
}

/** The step failed. */
export interface FailedEntry {
  readonly type: 'failed'
  readonly step: string
  readonly at: string
  readonly kind: string
  readonly message: string
  /** HTTP status, when there was an answer. */
  readonly status?: number
  /** The write may have been carried out all the same. */
  readonly maybeApplied: boolean
}

/** The step was left out. */
export interface SkippedEntry {
  readonly type: 'skipped'
  readonly step: string
  readonly at: string
  readonly reason: string
}

/** The run ended. */
export interface ClosedEntry {
  readonly type: 'closed'
  readonly at: string
  readonly status: 'done' | 'failed' | 'stopped'
}

/** One line of a journal. */
export type JournalEntry =
  | OpenedEntry
  | ResumedEntry
  | BegunEntry
  | SendEntry
  | AnswerEntry
  | DoneEntry
  | FailedEntry
  | SkippedEntry
  | ClosedEntry

/**
 * Where a run's journal is kept. A file here; a shared store can take its place.
 *
 * `append()` returns only when the line would survive a loss of power: requests are sent after it has returned.
 */
export interface Journal {
  /** What is in it, in order. */
  readonly entries: readonly JournalEntry[]
  append(entry: JournalEntry): void
  close(): void
}
