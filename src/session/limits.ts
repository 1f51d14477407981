import { attachLook } from '../display/index.ts'
import type { BucketState } from '../pipeline/index.ts'
import type { QuotaState, RateLimitState } from '../plan/index.ts'

/** One bucket of the tenant's rate limit, as this process sees it. */
export interface LimitBucket extends RateLimitState {
  /** `management`, `management.users.read`, `authentication.token`, … */
  readonly rateKey: string
  /** Plans that wait for a slot. */
  readonly queued: number
  readonly inFlight: number
  /** Requests per second that a hidden second limit of the server seems to allow. */
  readonly perSecond?: number
}

/** What `auth0.limits()` tells: rate-limit buckets and token quotas, as the server's headers told them last. */
export interface Limits {
  readonly buckets: readonly LimitBucket[]
  readonly quotas: {
    readonly client: readonly QuotaState[]
    readonly organization: readonly QuotaState[]
    /** The rate limit of the token endpoint. */
    readonly rateLimit?: RateLimitState
  }
}

/** The state of the limiter and the token source in one, with its look. */
export function limitsOf(buckets: readonly BucketState[], quotas: Limits['quotas']): Limits {
  const limits: Limits = {
    buckets: buckets.map(({ rateKey, limit, remaining, resetAt, inFlight, waiting, learnedPerSecond }) => ({
      rateKey,
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(resetAt !== undefined && { resetAt }),
      queued: waiting,
      inFlight,
      ...(learnedPerSecond !== undefined && { perSecond: learnedPerSecond }),
    })),
    quotas,
  }
  return attachLook(limits, { kind: 'limits' })
}
