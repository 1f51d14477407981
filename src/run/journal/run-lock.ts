import type { Json } from '../../plan/index.ts'

/** What makes two runs the same. */
export interface LockedRun {
  readonly runbook: string
  readonly tenant: string
  /** Parameters, secrets hidden. */
  readonly params?: Json
}

/** A lock that a run holds. */
export interface HeldLock {
  /** Throws or rejects once it is lost. Asked before each line of the journal, so before each request. */
  check(): void | PromiseLike<void>
  /** Called once, when the run has ended. */
  release(): void | PromiseLike<void>
}

/**
 * Lets one process at a time run the same; throws or rejects with a DecisionError that names the process that does. The
 * lock of a process that died must be free again in the end.
 */
export type LockRun = (run: LockedRun) => HeldLock | PromiseLike<HeldLock>
