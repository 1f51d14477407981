import { type Change, TenantlabError } from '../plan/index.ts'

/** The run stopped, because a person has to decide. */
export class DecisionError extends TenantlabError {
  readonly step: string

  constructor(step: string, message: string, details: { cause?: unknown } = {}) {
    super('decision', message, details)
    this.step = step
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

for (const type of [DecisionError, DriftError]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true })
}
