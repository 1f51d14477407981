import type { Change } from './diff-values.ts'
import type { Json } from './json.ts'
import type { PlanData } from './plan-data.ts'

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
  /** How the write can be undone, or `none` and why not; absent for what is not a write. */
  readonly undo?: string
  /** Bucket of the server that it draws from. */
  readonly rateKey: string
  readonly warnings: readonly string[]
  /** Rules that the arguments break, for which `run()` would refuse the plan; absent where there are none. */
  readonly refusals?: readonly string[]
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
