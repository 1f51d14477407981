import type { Change, Json, JsonObject, PlanData } from '../../plan/index.ts'

/** One step of a plan file: a request, or a wait between two. */
export type PlannedStep = PlannedRequest | PlannedWait

/** A request of a plan file. */
export interface PlannedRequest {
  readonly id: string
  readonly effect: 'read' | 'write' | 'token'
  readonly plan: PlanData
  /** Equal to the hash in the audit record of the request, unless values are put into the plan before it is sent. */
  readonly hash: string
  /** Method and path. */
  readonly route?: string
  /** What a write does to its record. */
  readonly action?: PlannedAction
  /** The state that it was based on, and how to read it again; absent where an earlier step makes it. */
  readonly basis?: Basis
  readonly after?: Json
  readonly changes?: readonly Change[]
  /** The record is as the write would leave it: the write is not sent, unless a later step needs its answer. */
  readonly unchanged?: true
  /** Its check found it done already: it is not sent, and an apply asks the check again. */
  readonly found?: true
  /** Why before and after are not known. */
  readonly reason?: string
  readonly undo?: readonly PlanData[]
  /** Why a part of a flow cannot be undone, which names no undo itself. */
  readonly noUndo?: string
  /** A read that tells whether the step is done, and the members that its record then has. */
  readonly check?: { readonly read: PlanData; readonly match?: JsonObject }
  /** Why a file cannot hold the check that the step has: it is a function, reads another tenant, or holds a secret. */
  readonly checkLost?: 'function' | 'tenant' | 'secret'
  readonly confirm?: string
  readonly tags?: readonly string[]
  /**
   * Where values belong that only earlier steps bring about, or, in `undo`, the step itself. Any other text, whatever it
   * looks like, is meant literally.
   */
  readonly placeholders?: readonly Placeholder[]
}

/** A wait of a plan file. */
export interface PlannedWait {
  readonly id: string
  readonly effect: 'wait'
  /** Milliseconds from the step's beginning, where no time is named. */
  readonly ms: number
  readonly until?: string
  readonly notAfter?: string
  readonly plan?: undefined
}

/** What a write does to its record, as far as the catalogue tells. */
export type PlannedAction = 'create' | 'update' | 'delete' | 'unknown'

/** One place of a planned step where a value belongs. The text there names it for people: `{{step.member}}`. */
export interface Placeholder {
  /** JSON pointer into the planned step (RFC 6901). */
  readonly at: string
  readonly step: string
  /** Member of the step's answer, with dots for depth; empty for the answer itself. */
  readonly member: string
  /** The part of the text there, from the first character to the one after the last; all of it when left out. */
  readonly part?: readonly [number, number]
}

/**
 * A state of the tenant, secrets hidden. Whether a secret has changed is therefore not seen: a digest that stands in the
 * file, salted or not, would let its readers guess passwords and short secrets at leisure, and plan files are
 * made to be handed round for review. `show` and `apply` name what is not compared.
 */
export interface Basis {
  readonly read: PlanData
  /** Domain of the tenant that was read, where it is not the one of the plan. */
  readonly tenant?: string
  /** `null` where there was nothing. */
  readonly state: Json
  readonly hash: string
}

/** What the runbook said while it was planned. */
export interface SaidText {
  /** Number of planned steps before it. */
  readonly at: number
  /** Secrets hidden. */
  readonly text: string
}

/** What `tenantlab plan` writes: exactly what `tenantlab apply` does. */
export interface PlanFile {
  readonly format: 'tenantlab-plan'
  readonly version: 3
  readonly runbook: string
  readonly tenant: string
  readonly at: string
  readonly who: string
  readonly params?: Json
  readonly steps: readonly PlannedStep[]
  /** For its reviewer; absent where the runbook said nothing. */
  readonly said?: readonly SaidText[]
  /** Over everything above. */
  readonly hash: string
}
