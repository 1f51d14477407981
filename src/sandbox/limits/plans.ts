import { limitWindows, type PublishedLimit, publishedLimits } from '../../catalogue/index.ts'
import type { SandboxPlan } from '../types.ts'
import type { BucketSize } from './bucket.ts'

/** Limits of one plan: the two APIs' global buckets, then buckets by rate key. */
export interface PlanLimits {
  /** Absent where Management endpoints have buckets of their own and the rest share the one called `management`. */
  readonly management?: BucketSize
  readonly authentication?: BucketSize
  /** Buckets of endpoints, by the catalogue's rate key. */
  readonly endpoints: Readonly<Record<string, BucketSize>>
}

const plans: readonly SandboxPlan[] = ['free', 'essentials', 'enterprise', 'enterprise-dev']

/**
 * The published limits of a plan, as buckets.
 *
 * @throws TypeError for a plan that the sandbox does not know.
 */
export function planLimits(plan: SandboxPlan): PlanLimits {
  if (!plans.includes(plan)) {
    const known = plans.join(', ')
    throw new TypeError(`There is no rate-limit plan ${String(plan)}. Use one of ${known}, or { burst, perSecond }.`)
  }
  const { management, authentication, endpoints } = publishedLimits[plan]
  const own = Object.fromEntries(Object.entries(endpoints).map(([key, limit]) => [key, bucketSize(limit)]))
  const shared = bucketSize(management)
  return management.covers === 'global'
    ? { management: shared, authentication: bucketSize(authentication), endpoints: own }
    : { authentication: bucketSize(authentication), endpoints: { ...own, management: shared } }
}

/** Where more come back in a minute than the bucket holds, they come by the second. */
function bucketSize({ burst, count, per }: PublishedLimit): BucketSize {
  if (per === 'minute' && count > burst) return { burst, refill: count / 60, window: limitWindows.second }
  return { burst, refill: count, window: limitWindows[per] }
}

/** Limits from a bucket a user chose. */
export function ownLimits(size: {
  burst: number
  perSecond: number
  authentication?: { burst: number; perSecond: number }
}): PlanLimits {
  const { authentication: other } = size
  return {
    management: perSecond(size),
    ...(other ? { authentication: perSecond(other) } : {}),
    endpoints: {},
  }
}

function perSecond({ burst, perSecond: refill }: { burst: number; perSecond: number }): BucketSize {
  return { burst, refill, window: limitWindows.second }
}
