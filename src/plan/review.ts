import type { Change } from './diff-values.ts'
import type { Json } from './json.ts'

/** What a check gives: every concrete request of a flow, looked at before any write is sent. */
export interface Review {
  readonly kind: 'review'
  readonly tenant: string
  /** When it was made, as an ISO date: what it shows was so then. */
  readonly at: string
  /** Every request in the order of the flow; reads were sent, writes were not. */
  readonly requests: readonly ReviewedRequest[]
  readonly reads: number
  /** Writes that would change the tenant. */
  readonly writes: number
  /** Scopes that the requests need, each once. */
  readonly scopes: readonly string[]
  /** Requests that `apply()` sends: what it reads again, and its writes. */
  readonly sends: number
  /**
   * Milliseconds that these requests wait for the tenant's limits at least, by what was known when the review was made.
   * Absent where no limit is known: pass `rateLimit` to `connect()`.
   */
  readonly waits?: number
  /** Over everything above, and in the audit records of an apply. */
  readonly hash: string
  /**
   * Does exactly what was reviewed: reads again what it was based on, and sends nothing where the tenant has changed or is
   * another.
   *
   * @param options `secrets` for writes that send some, by the names of `requests[n].secrets`.
   * @returns How it ended. Not enumerable: a review is its data.
   * @throws DriftError where the tenant has changed since; DecisionError where a secret is missing.
   */
  apply(options?: ApplyOptions): Promise<AppliedReview>
  /** The plan file, as `tenantlab plan -o` writes it. */
  toJSON(): object
}

/** One request of a review. */
export interface ReviewedRequest {
  /** Stable: the journal and the audit records of an apply name it so. */
  readonly id: string
  readonly effect: 'read' | 'write' | 'token' | 'wait'
  /** Method and path. */
  readonly route?: string
  readonly action?: 'create' | 'update' | 'delete' | 'unknown'
  /** What the write would change, element by element; secrets hidden. */
  readonly changes?: readonly Change[]
  /** The record is already as the write would leave it: it is not sent. */
  readonly unchanged?: true
  /** Why before and after are not known. */
  readonly reason?: string
  /** Why the write cannot be undone; absent where it can. */
  readonly noUndo?: string
  /** Names of the secrets that it sends, which no review holds. */
  readonly secrets?: readonly string[]
}

/**
 * Options of `review.apply()`.
 *
 * @example
 * const review = await auth0.users.list().each((each) => auth0.users(each.user_id).update({ blocked: true })).check()
 * await review.apply({ signal: AbortSignal.timeout(60_000) })
 */
export interface ApplyOptions {
  /** Values of secrets by name; environment variables of the same names are read besides. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** How an apply ended. */
export interface AppliedReview {
  readonly status: 'done' | 'failed' | 'stopped' | 'drift'
  /** Writes that were sent. */
  readonly written: number
  /** What each request answered, by its id; secrets hidden. */
  readonly values: Readonly<Record<string, Json>>
  readonly error?: unknown
}
