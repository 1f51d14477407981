import type { SandboxPlan } from '../types.ts'
import type { BucketSize } from './bucket.ts'

/** Limits of one plan: the two APIs' global buckets, then buckets by rate key. */
export interface PlanLimits {
  /** Absent where every Management endpoint has a bucket of its own. */
  readonly management?: BucketSize
  readonly authentication?: BucketSize
  /** Buckets of endpoints, by the catalogue's rate key or the Authentication API's path. */
  readonly endpoints: Readonly<Record<string, BucketSize>>
}

const perSecond = (burst: number, refill = burst): BucketSize => ({ burst, refill, window: 1000 })
const perMinute = (burst: number, refill = burst): BucketSize => ({ burst, refill, window: 60_000 })
const perHour = (burst: number, refill = burst): BucketSize => ({ burst, refill, window: 3_600_000 })

const COMMON: Readonly<Record<string, BucketSize>> = {
  '/userinfo': perMinute(10, 5),
  '/dbconnections/change_password': perMinute(10, 1),
  '/passwordless/start': perHour(50),
  '/oidc/register': perSecond(5),
}

/** The published numbers (burst and sustained) of the plans the sandbox knows. */
export const PLANS: Readonly<Record<SandboxPlan, PlanLimits>> = {
  free: {
    management: perSecond(2),
    authentication: perMinute(300),
    endpoints: { ...COMMON, '/oauth/token': perSecond(30), '/.well-known/jwks.json': perSecond(20) },
  },
  essentials: {
    authentication: perSecond(25),
    endpoints: {
      ...COMMON,
      '/oauth/device/code': perSecond(5),
      management: perMinute(10, 150),
      'management.users.read': perMinute(40, 500),
      'management.users.write': perMinute(20, 200),
      'management.logs.read': perMinute(10, 100),
      'management.clients.read': perMinute(5, 100),
      'management.connections.read': perMinute(5, 50),
      'management.organizations.read': perMinute(5, 50),
      'management.organizations.write': perMinute(5, 25),
    },
  },
  enterprise: {
    management: perSecond(50, 16),
    authentication: perSecond(100),
    endpoints: {
      ...COMMON,
      '/oauth/device/code': perSecond(5),
      'management.organizations.read': perMinute(10, 100),
      'management.organizations.write': perMinute(5, 150),
    },
  },
  'enterprise-dev': {
    management: perSecond(10, 2),
    authentication: perSecond(100),
    endpoints: { ...COMMON, '/oauth/device/code': perSecond(5) },
  },
}

/** Limits from a bucket a user chose. */
export function ownLimits(size: {
  burst: number
  perSecond: number
  authentication?: { burst: number; perSecond: number }
}): PlanLimits {
  const { authentication: other } = size
  return {
    management: perSecond(size.burst, size.perSecond),
    ...(other ? { authentication: perSecond(other.burst, other.perSecond) } : {}),
    endpoints: {},
  }
}
