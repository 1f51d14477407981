import type { Change, Json, JsonObject, PlanData } from '../../plan/index.ts'

/** One step of a plan file. */
export interface PlannedStep {
  readonly id: string
  readonly effect: 'read' | 'write' | 'token'
  readonly plan: PlanData
  readonly hash: string
  /** Method and path. */
  readonly route?: string
  /** The state that it was based on, and how to read it again; absent where an earlier step makes it. */
  readonly basis?: Basis
  readonly after?: Json
  readonly changes?: readonly Change[]
  /** Why before and after are not known. */
  readonly reason?: string
  readonly undo?: readonly PlanData[]
  /** A read that tells whether the step is done, and the members that its record then has. */
  readonly check?: { readonly read: PlanData; readonly match?: JsonObject }
  readonly confirm?: string
  /** Waits before it, in milliseconds, by the ids of their steps. */
  readonly waits?: readonly { readonly id: string; readonly ms: number }[]
  readonly tags?: readonly string[]
}

/** A state of the tenant, secrets hidden. */
export interface Basis {
  readonly read: PlanData
  /** `null` where there was nothing. */
  readonly state: Json
  readonly hash: string
}

/** What `tenantlab plan` writes: exactly what `tenantlab apply` does. */
export interface PlanFile {
  readonly format: 'tenantlab-plan'
  readonly version: 1
  readonly runbook: string
  readonly tenant: string
  readonly at: string
  readonly who: string
  readonly params?: Json
  readonly steps: readonly PlannedStep[]
  /** Over everything above. */
  readonly hash: string
}
