import { AsyncLocalStorage } from 'node:async_hooks'
import type { PlanData } from '../../plan/index.ts'
import type { Runnable } from './contract.ts'

/** A value that is known only once its step was sent. */
export interface Marker {
  readonly step: string
  /** Member of the step's answer, with dots for depth; empty for the answer itself. */
  readonly member: string
}

/** What the code of a runbook has done, beside its steps. */
export interface RunbookCode {
  readonly name: string
  /** Told where the code runs a write itself; throws where that would be sent. */
  ranItself(operation: string): void
  /** Told of a read that the code runs itself. */
  ranRead(work: Runnable<unknown>, plan: PlanData): void
  /** Values that are not known yet, and that the code has looked at. */
  readonly looked: Map<string, Marker>
}

/** The runbook whose code runs here; nothing outside of one, and within its steps. */
export const runbookCode = new AsyncLocalStorage<RunbookCode>()
