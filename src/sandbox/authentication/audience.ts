import type { JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { managementAudience } from '../tenant/index.ts'
import { type AuthenticationCall, AuthenticationFailure, field } from './call.ts'

/** The API a token is asked for. */
export type Target =
  | { readonly kind: 'api'; readonly audience: string; readonly api: JsonObject; readonly management: boolean }
  | { readonly kind: 'mfa'; readonly audience: string }
  | { readonly kind: 'userinfo' }

/** Scopes that the MFA API takes. */
export const MFA_SCOPES = ['enroll', 'read:authenticators', 'remove:authenticators'] as const

/** Lifetime in seconds of a token for the MFA API; fixed. */
export const MFA_TOKEN_SECONDS = 600

/** The audience a call asks for: its parameter, `resource` where the tenant allows it, or the tenant's default. */
export function requestedAudience(call: AuthenticationCall): string | undefined {
  const settings = call.core.tables.documents.get('tenant')
  const resource = settings?.resource_parameter_profile === 'compatibility' ? field(call, 'resource') : undefined
  const fallback = typeof settings?.default_audience === 'string' ? settings.default_audience : ''
  return field(call, 'audience') ?? resource ?? (fallback || undefined)
}

/**
 * What an audience stands for. The tenant's own audiences are those of its canonical domain and of the host in use.
 * @throws 403 `access_denied` for an audience that no API has
 */
export function targetOf(core: Core, issuer: string, audience: string | undefined): Target {
  if (audience === undefined || audience === `${issuer}userinfo` || audience === `https://${core.domain}/userinfo`)
    return { kind: 'userinfo' }
  if (audience === `${issuer}mfa/` || audience === `https://${core.domain}/mfa/`) return { kind: 'mfa', audience }
  const management = [managementAudience(core.domain), `${issuer}api/v2/`].includes(audience)
  const identifier = management ? managementAudience(core.domain) : audience
  const api = [...core.tables.resourceServers.values()].find((each) => each.identifier === identifier)
  if (!api) throw new AuthenticationFailure(403, 'access_denied', `Service not found: ${audience}`)
  return { kind: 'api', audience, api, management }
}

/** Scope values that an API declares. */
export function scopesOf(api: JsonObject): readonly string[] {
  const scopes = Array.isArray(api.scopes) ? api.scopes : []
  return scopes.map((each) => String((each as JsonObject).value))
}
