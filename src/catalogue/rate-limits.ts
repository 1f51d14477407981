/** One published limit: a bucket of `burst` requests, filled with `count` more `per` unit of time, never above `burst`. */
export interface PublishedLimit {
  readonly burst: number
  readonly count: number
  readonly per: LimitWindow
}

export type LimitWindow = 'second' | 'minute' | 'hour' | 'day'

/** Milliseconds of each unit of time. */
export const limitWindows: Readonly<Record<LimitWindow, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** The limits of one Auth0 plan. Rate keys that are not listed draw from their API's bucket alone. */
export interface PublishedLimits {
  /** `global`: every Management request counts. `rest`: those count that have no limit of their own. */
  readonly management: PublishedLimit & { readonly covers: 'global' | 'rest' }
  /** Every request of the Authentication API counts. */
  readonly authentication: PublishedLimit
  /** Limits of their own, by the rate key of the operation's row. */
  readonly endpoints: Readonly<Record<string, PublishedLimit>>
}

/** Names of Auth0's plans whose limits are published. */
export type RateLimitPlan = 'free' | 'essentials' | 'professional' | 'enterprise' | 'enterprise-dev'

const limit = (per: LimitWindow, burst: number, count = burst): PublishedLimit => ({ burst, count, per })

const everyPlan: Readonly<Record<string, PublishedLimit>> = {
  'management.connections.status': limit('second', 100, 15),
  'management.customDomains.write': limit('minute', 5),
  'management.keys.signing.write': limit('day', 5),
  'authentication.userinfo': limit('minute', 10, 5),
  'authentication.changePassword': limit('minute', 10, 1),
  'authentication.passwordless': limit('hour', 50),
  'authentication.register': limit('second', 5),
}

const modestEmail: Readonly<Record<string, PublishedLimit>> = {
  'management.emailTemplates.read': limit('minute', 10, 50),
  'management.emailTemplates.write': limit('minute', 5, 25),
  'management.emails.provider.read': limit('minute', 5, 25),
  'management.emails.provider.write': limit('minute', 5, 25),
}

const paidPlans: Readonly<Record<string, PublishedLimit>> = {
  ...everyPlan,
  'management.prompts.partials': limit('minute', 5),
  'management.tokenExchangeProfiles.read': limit('minute', 20, 200),
  'management.tokenExchangeProfiles.write': limit('minute', 5, 100),
  'management.organizations.members.read': limit('minute', 40, 500),
  'management.organizations.members.write': limit('minute', 20, 200),
  'management.organizations.memberRoles.read': limit('minute', 20, 200),
  'management.organizations.memberRoles.write': limit('minute', 20, 200),
  'management.organizations.clientGrants.read': limit('minute', 10, 100),
  'management.organizations.clientGrants.write': limit('minute', 5, 150),
  'authentication.par': limit('second', 100),
  'authentication.backchannel': limit('minute', 500),
  'authentication.device': limit('second', 5),
  'authentication.globalTokenRevocation': limit('second', 35),
}

const essentials: PublishedLimits = {
  management: { ...limit('minute', 10, 150), covers: 'rest' },
  authentication: limit('second', 25),
  endpoints: {
    ...paidPlans,
    ...modestEmail,
    'management.users.read': limit('minute', 40, 500),
    'management.users.write': limit('minute', 20, 200),
    'management.users.delete': limit('minute', 20, 200),
    'management.logs.read': limit('minute', 10, 100),
    'management.clients.read': limit('minute', 5, 100),
    'management.connections.read': limit('minute', 5, 50),
    'management.organizations.list': limit('minute', 5, 50),
    'management.organizations.byId': limit('minute', 20, 200),
    'management.organizations.byName': limit('minute', 10, 100),
    'management.organizations.write': limit('minute', 5, 25),
    'management.organizations.connections.read': limit('minute', 5, 50),
    'management.organizations.connections.write': limit('minute', 5, 25),
    'management.deviceCredentials.write': limit('minute', 5, 100),
  },
}

const enterpriseEndpoints: Readonly<Record<string, PublishedLimit>> = {
  ...paidPlans,
  'management.organizations.list': limit('minute', 10, 100),
  'management.organizations.byId': limit('minute', 10, 100),
  'management.organizations.byName': limit('minute', 20, 200),
  'management.organizations.write': limit('minute', 5, 150),
  'management.organizations.invitations.read': limit('minute', 20, 200),
  'management.organizations.invitations.write': limit('minute', 20, 200),
  'management.organizations.connections.read': limit('minute', 10, 100),
  'management.organizations.connections.write': limit('minute', 5, 150),
  'management.emailTemplates.read': limit('minute', 15, 150),
  'management.emailTemplates.write': limit('minute', 10, 100),
  'management.emails.provider.read': limit('minute', 15, 150),
  'management.emails.provider.write': limit('minute', 10, 100),
}

/**
 * The rate limits that Auth0 publishes, by plan. The limiter and the embedded tenant read this one table.
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations
 */
export const publishedLimits: Readonly<Record<RateLimitPlan, PublishedLimits>> = {
  free: {
    management: { ...limit('second', 2), covers: 'global' },
    authentication: limit('minute', 300),
    endpoints: {
      ...everyPlan,
      ...modestEmail,
      'authentication.token': limit('second', 30),
      'authentication.jwks': limit('second', 20),
    },
  },
  essentials,
  professional: essentials,
  enterprise: {
    management: { ...limit('second', 50, 16), covers: 'global' },
    authentication: limit('second', 100),
    endpoints: enterpriseEndpoints,
  },
  'enterprise-dev': {
    management: { ...limit('second', 10, 2), covers: 'global' },
    authentication: limit('second', 100),
    endpoints: enterpriseEndpoints,
  },
}
