import { type Change, TenantlabError } from '../plan/index.ts'

/**
 * What can be done about a stop: go on with the journal that there is, do the same again on purpose, settle what is
 * unknown, or confirm. How that is said is up to the front end.
 */
export type NextStep = 'resume' | 'again' | 'settle' | 'confirm'

/** The run stopped: it needs a decision. */
export class DecisionError extends TenantlabError {
  readonly step: string
  readonly next?: NextStep
  /** Journal of the run that `next` is about, where it is not the one of this run. */
  readonly journal?: string

  constructor(step: string, message: string, details: { cause?: unknown; next?: NextStep; journal?: string } = {}) {
    const { next, journal, ...rest } = details
    super('decision', message, rest)
    this.step = step
    if (next !== undefined) this.next = next
    if (journal !== undefined) this.journal = journal
  }
}

/** What a plan file says of the tenant is true no more. */
export class DriftError extends TenantlabError {
  readonly drifts: readonly Drift[]

  constructor(message: string, drifts: readonly Drift[]) {
    super('drift', message)
    this.drifts = drifts
  }
}

/** How the state that one step was based on has changed; secrets hidden. */
export interface Drift {
  readonly step: string
  readonly changes: readonly Change[]
}

for (const [value, { prototype }] of Object.entries({ DecisionError, DriftError })) {
  Object.defineProperty(prototype, 'name', { value, configurable: true })
}
