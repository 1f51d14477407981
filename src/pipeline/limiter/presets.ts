import type { RateLimitOptions, RateLimitPreset } from '../options.ts'

/** Published limits of an Auth0 plan: of the APIs as a whole, and of endpoints with limits of their own. */
export interface Preset {
  readonly management: RateLimitOptions
  readonly authentication: RateLimitOptions
  readonly endpoints: Readonly<Record<string, RateLimitOptions>>
  /** Whether an endpoint with a limit of its own also counts against its API's. */
  readonly stacked: boolean
}

const perMinute = (burst: number, count: number): RateLimitOptions => ({ burst, perSecond: count / 60 })
const perSecond = (burst: number, count: number): RateLimitOptions => ({ burst, perSecond: count })

const everywhere: Record<string, RateLimitOptions> = {
  'management.connections.status': perSecond(100, 15),
  'management.customDomains.write': perMinute(5, 5),
  'management.keys.signing.write': perSecond(5, 5 / 86_400),
  'authentication.userinfo': perMinute(10, 5),
  'authentication.changePassword': perMinute(10, 1),
  'authentication.passwordless': perSecond(50, 50 / 3600),
  'authentication.jwks': perSecond(20, 20),
  'authentication.register': perSecond(5, 5),
}

const paid: Record<string, RateLimitOptions> = {
  ...everywhere,
  'management.prompts.partials': perMinute(5, 5),
  'management.tokenExchangeProfiles.read': perMinute(20, 200),
  'management.tokenExchangeProfiles.write': perMinute(5, 100),
  'management.organizations.members.read': perMinute(40, 500),
  'management.organizations.members.write': perMinute(20, 200),
  'management.organizations.memberRoles.read': perMinute(20, 200),
  'management.organizations.memberRoles.write': perMinute(20, 200),
  'management.organizations.clientGrants.read': perMinute(10, 100),
  'management.organizations.clientGrants.write': perMinute(5, 150),
  'authentication.par': perSecond(100, 100),
  'authentication.backchannel': perMinute(500, 500),
  'authentication.device': perSecond(5, 5),
  'authentication.globalTokenRevocation': perSecond(35, 35),
}

const essentials: Preset = {
  management: perMinute(10, 150),
  authentication: perSecond(25, 25),
  stacked: false,
  endpoints: {
    ...paid,
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
    'management.emailTemplates.read': perMinute(10, 50),
    'management.emailTemplates.write': perMinute(5, 25),
    'management.emails.provider.read': perMinute(5, 25),
    'management.emails.provider.write': perMinute(5, 25),
  },
}

const enterpriseEndpoints: Record<string, RateLimitOptions> = {
  ...paid,
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
}

/**
 * The limits that Auth0 publishes, by plan.
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations
 */
export const presets: Readonly<Record<RateLimitPreset, Preset>> = {
  free: {
    management: perSecond(2, 2),
    authentication: perMinute(300, 300),
    stacked: true,
    endpoints: {
      ...everywhere,
      'authentication.token': perSecond(30, 30),
      'management.emailTemplates.read': perMinute(10, 50),
      'management.emailTemplates.write': perMinute(5, 25),
      'management.emails.provider.read': perMinute(5, 25),
      'management.emails.provider.write': perMinute(5, 25),
    },
  },
  essentials,
  professional: essentials,
  enterprise: {
    management: perSecond(50, 16),
    authentication: perSecond(100, 100),
    stacked: true,
    endpoints: enterpriseEndpoints,
  },
  'enterprise-dev': {
    management: perSecond(10, 2),
    authentication: perSecond(100, 100),
    stacked: true,
    endpoints: enterpriseEndpoints,
  },
}

/** The limits that bind a rate key, each with the name of the bucket it is drawn from. */
export function ceilingsOf(
  options: RateLimitPreset | RateLimitOptions,
  rateKey: string,
): readonly (readonly [string, RateLimitOptions])[] {
  const api = rateKey.startsWith('authentication') ? 'authentication' : 'management'
  if (typeof options !== 'string') return [[api, options]]
  const preset = presets[options]
  const own = preset.endpoints[rateKey]
  if (own === undefined) return [[api, preset[api]]]
  return preset.stacked
    ? [
        [api, preset[api]],
        [rateKey, own],
      ]
    : [[rateKey, own]]
}
