import type { SandboxPlan } from '../types.ts'
import type { BucketSize } from './bucket.ts'

/** Limits of one plan: the two APIs' global buckets, then buckets by rate key. */
export interface PlanLimits {
  /** Absent where Management endpoints have buckets of their own and the rest share the one called `management`. */
  readonly management?: BucketSize
  readonly authentication?: BucketSize
  /** Buckets of endpoints, by the catalogue's rate key or the Authentication API's path. */
  readonly endpoints: Readonly<Record<string, BucketSize>>
}

const perSecond = (burst: number, refill = burst): BucketSize => ({ burst, refill, window: 1000 })
const perHour = (burst: number, refill = burst): BucketSize => ({ burst, refill, window: 3_600_000 })
const perDay = (burst: number, refill = burst): BucketSize => ({ burst, refill, window: 86_400_000 })

/** Where more come back in a minute than the bucket holds, they come by the second. */
const perMinute = (burst: number, refill = burst): BucketSize =>
  refill > burst ? { burst, refill: refill / 60, window: 1000 } : { burst, refill, window: 60_000 }

const AUTHENTICATION = {
  '/userinfo': perMinute(10, 5),
  '/dbconnections/change_password': perMinute(10, 1),
  '/passwordless/start': perHour(50),
  '/oidc/register': perSecond(5),
}
const MANAGEMENT = {
  'management.connections.status': perSecond(100, 15),
  'management.keys.signing.write': perDay(5),
  'management.customDomains.write': perMinute(5),
}
const ORGANIZATION_PARTS = {
  'management.organizations.members.read': perMinute(40, 500),
  'management.organizations.members.write': perMinute(20, 200),
  'management.organizations.memberRoles.read': perMinute(20, 200),
  'management.organizations.memberRoles.write': perMinute(20, 200),
  'management.organizations.clientGrants.read': perMinute(10, 100),
  'management.organizations.clientGrants.write': perMinute(5, 150),
}
const MODEST = {
  'management.emailTemplates.read': perMinute(10, 50),
  'management.emailTemplates.write': perMinute(5, 25),
  'management.emails.provider.read': perMinute(5, 25),
  'management.emails.provider.write': perMinute(5, 25),
}

const ESSENTIALS: PlanLimits = {
  authentication: perSecond(25),
  endpoints: {
    ...AUTHENTICATION,
    ...MANAGEMENT,
    ...ORGANIZATION_PARTS,
    ...MODEST,
    '/oauth/device/code': perSecond(5),
    management: perMinute(10, 150),
    'management.users.read': perMinute(40, 500),
    'management.users.write': perMinute(20, 200),
    'management.users.delete': perMinute(20, 200),
    'management.logs.read': perMinute(10, 100),
    'management.clients.read': perMinute(5, 100),
    'management.connections.read': perMinute(5, 50),
    'management.organizations.list': perMinute(5, 50),
    'management.organizations.byId': perMinute(20, 200),
    'management.organizations.byName': perMinute(10, 100),
    'management.organizations.write': perMinute(5, 25),
    'management.organizations.connections.read': perMinute(5, 50),
    'management.organizations.connections.write': perMinute(5, 25),
    'management.deviceCredentials.write': perMinute(5, 100),
    'management.prompts.partials': perMinute(5),
    'management.tokenExchangeProfiles.read': perMinute(20, 200),
    'management.tokenExchangeProfiles.write': perMinute(5, 100),
  },
}

const ENTERPRISE_ENDPOINTS = {
  ...AUTHENTICATION,
  ...MANAGEMENT,
  ...ORGANIZATION_PARTS,
  '/oauth/device/code': perSecond(5),
  'management.organizations.list': perMinute(10, 100),
  'management.organizations.byId': perMinute(10, 100),
  'management.organizations.byName': perMinute(20, 200),
  'management.organizations.write': perMinute(5, 150),
  'management.organizations.invitations.read': perMinute(20, 200),
  'management.organizations.invitations.write': perMinute(20, 200),
  'management.organizations.connections.read': perMinute(10, 100),
  'management.organizations.connections.write': perMinute(5, 150),
  'management.emailTemplates.read': perMinute(15, 150),
  'management.emailTemplates.write': perMinute(10, 100),
  'management.emails.provider.read': perMinute(15, 150),
  'management.emails.provider.write': perMinute(10, 100),
  'management.prompts.partials': perMinute(5),
  'management.tokenExchangeProfiles.read': perMinute(20, 200),
  'management.tokenExchangeProfiles.write': perMinute(5, 100),
}

/** The published numbers (burst and sustained) of the plans the sandbox knows. */
export const PLANS: Readonly<Record<SandboxPlan, PlanLimits>> = {
  free: {
    management: perSecond(2),
    authentication: perMinute(300),
    endpoints: {
      ...AUTHENTICATION,
      ...MANAGEMENT,
      ...MODEST,
      '/oauth/token': perSecond(30),
      '/.well-known/jwks.json': perSecond(20),
    },
  },
  essentials: ESSENTIALS,
  enterprise: { management: perSecond(50, 16), authentication: perSecond(100), endpoints: ENTERPRISE_ENDPOINTS },
  'enterprise-dev': { management: perSecond(10, 2), authentication: perSecond(100), endpoints: ENTERPRISE_ENDPOINTS },
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
