import type { Applied, Json, JsonObject, PlanData } from '../../plan/index.ts'

/** 1 held no checks, and neither the class of an error nor who began the run. */
export const JOURNAL_VERSION = 2

/** The first line: which run this is. */
export interface OpenedEntry {
  readonly type: 'journal'
  readonly version: typeof JOURNAL_VERSION
  readonly run: string
  readonly runbook: string
  readonly mode: 'run' | 'apply' | 'undo'
  readonly tenant: string
  readonly at: string
  /** Client or subject that the session speaks for. */
  readonly who: string
  /** Who began the run, where, and with which code. */
  readonly origin?: RunOrigin
  /** Parameters, secrets hidden. */
  readonly params?: Json
  /** Salted hash of the parameters, where some of them are secret; the salt is not in the journal. */
  readonly secrets?: string
}

/** Who runs a runbook, where, and with which code; what is not known is left out. */
export interface RunOrigin {
  /** User of the operating system. */
  readonly user: string
  readonly host: string
  /** Who started the CI job. */
  readonly actor?: string
  /** Commit of the repository. */
  readonly commit?: string
  /** Path of the runbook's file, as it was given. */
  readonly file?: string
  /** Hash of that file. */
  readonly fileHash?: string
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
  /** Hash of the plan as the plan file holds it that is applied. */
  readonly reviewed?: string
  /** The record before the write, secrets hidden, for its undo. */
  readonly before?: Json
  /** A read that tells whether the step is done, and the members that its record then has. */
  readonly check?: { readonly read: PlanData; readonly match?: JsonObject }
  /** When a wait ends; a resumed run waits for the rest. */
  readonly until?: string
  /** Other steps of its script were under way, so that its number tells nothing of an order. */
  readonly beside?: true
}

/** What a request beside the step's own is for: the record before a write, a check of its fate, a read once more. */
export type Purpose = 'before' | 'check' | 'again'

/** A request is about to go out. */
export interface SendEntry {
  readonly type: 'send'
  readonly step: string
  readonly at: string
  /** Number of the request in its run, from 1 up, also over resumed runs: answers belong to it. */
  readonly request: number
  /** Absent for a request of the step itself. */
  readonly purpose?: Purpose
  readonly attempt: number
  readonly method: string
  readonly path: string
}

/** Its answer came. */
export interface AnswerEntry {
  readonly type: 'answer'
  readonly step: string
  readonly at: string
  readonly request: number
  readonly purpose?: Purpose
  readonly attempt: number
  readonly status: number
  /** Whether the request may have been carried out, by its status. */
  readonly applied: Applied
  readonly requestId?: string
}

/** Its answer never came. */
export interface LostEntry {
  readonly type: 'lost'
  readonly step: string
  readonly at: string
  readonly request: number
  readonly purpose?: Purpose
  readonly attempt: number
  /** Kind of the error; `killed` where a later run found the request without an answer. */
  readonly fault: string
}

/** The step is done and is never sent again. */
export interface DoneEntry {
  readonly type: 'done'
  readonly step: string
  readonly at: string
  /**
   * `sent` now, `found` by its check after it was sent, `unchanged` where its check found it done before anything was
   * sent, or taken as done by a person.
   */
  readonly how: 'sent' | 'found' | 'unchanged' | 'accepted'
  /** The value, secrets hidden; absent where there is none. */
  readonly value?: Json
  /** Dotted paths of what is hidden in it. */
  readonly hidden?: readonly string[]
  /** The value is a page that others follow. */
  readonly more?: true
  /** Plans that take the step back. */
  readonly undo?: readonly PlanData[]
  /** Why the step cannot be undone, although it names an undo. */
  readonly noUndo?: string
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
  /** The class of the error and what else it told, secrets hidden, so that a resumed run catches the same. */
  readonly error?: { readonly name: string; readonly [member: string]: Json }
  /** The write may have been carried out all the same. */
  readonly applied: Applied
  /** A part of a flow: others may go on beside it, which tells nothing of its error. */
  readonly part?: true
}

/** The flow that a failed step is a part of has a way on after its error. */
export interface CaughtEntry {
  readonly type: 'caught'
  readonly step: string
  readonly at: string
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
  /** The step whose error ended the run. */
  readonly step?: string
}

/** One line of a journal. */
export type JournalEntry =
  | OpenedEntry
  | ResumedEntry
  | BegunEntry
  | SendEntry
  | AnswerEntry
  | LostEntry
  | DoneEntry
  | FailedEntry
  | CaughtEntry
  | SkippedEntry
  | ClosedEntry
