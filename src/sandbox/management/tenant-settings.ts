import type { Json, JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { reply } from './answer.ts'
import { project } from './projection.ts'
import { assign, bodyOf, numberOf, objectOf, without } from './records.ts'

/** Settings that every tenant has, whatever its seed says. */
export const TENANT_DEFAULTS: JsonObject = {
  acr_values_supported: [],
  allow_organization_name_in_authentication_api: false,
  change_password: { enabled: false },
  client_id_metadata_document_supported: false,
  customize_mfa_in_postlogin_action: false,
  default_audience: '',
  dynamic_client_registration_security_mode: 'permissive',
  ephemeral_session_lifetime: 72,
  flags: {
    allow_changing_enable_sso: false,
    disable_impersonation: true,
    disable_management_api_sms_obfuscation: true,
    enable_public_signup_user_exists_error: true,
    enable_sso: true,
    new_universal_login_experience_enabled: true,
    universal_login: true,
    revoke_refresh_token_grant: false,
    disable_clickjack_protection_headers: false,
  },
  guardian_mfa_page: { enabled: false },
  idle_ephemeral_session_lifetime: 24,
  oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
  phone_consolidated_experience: false,
  pushed_authorization_requests_supported: false,
  resource_parameter_profile: 'audience',
  session_cookie: { mode: 'persistent' },
  sessions: { oidc_logout_prompt_enabled: true },
  universal_login: { colors: { primary: '#0059d6', page_background: '#000000' } },
}

/** Lifetimes that a body may give in minutes; a tenant keeps them in hours. */
const LIFETIMES = [
  'session_lifetime',
  'idle_session_lifetime',
  'ephemeral_session_lifetime',
  'idle_ephemeral_session_lifetime',
]

/** Settings whose members a body changes one by one. */
const MERGED = ['flags', 'universal_login']

function settingsOf(call: ManagementCall): JsonObject {
  const own = call.tenant.tables.documents.get('tenant') ?? {}
  const flags = { ...objectOf(TENANT_DEFAULTS['flags']), ...objectOf(own['flags']) }
  return { ...TENANT_DEFAULTS, ...own, flags }
}

const get: ManagementHandler = (call) => reply(200, project(call, settingsOf(call)))

/**
 * PATCH /tenants/settings: each root key replaces as a whole, `null` clears it; flags and page colors keep those that
 * the body does not name.
 * Page: https://auth0.com/docs/get-started/tenant-settings
 */
const update: ManagementHandler = (call) => {
  const body = inHours(bodyOf(call))
  const settings = settingsOf(call)
  const changed: Record<string, Json> = { ...assign(settings, body) }
  for (const key of MERGED) {
    const sent = objectOf(body[key])
    if (sent !== undefined) changed[key] = assign(objectOf(settings[key]) ?? {}, sent)
  }
  call.tenant.tables.documents.set('tenant', changed)
  return reply(200, project(call, without(settingsOf(call), 'sandbox_versions_available')))
}

function inHours(body: JsonObject): JsonObject {
  const changed: Record<string, Json> = { ...body }
  for (const name of LIFETIMES) {
    const minutes = numberOf(body[`${name}_in_minutes`])
    if (minutes === undefined) continue
    changed[name] = minutes / 60
    delete changed[`${name}_in_minutes`]
  }
  return changed
}

export const tenantSettingsHandlers: Readonly<Record<string, ManagementHandler>> = {
  'tenants.settings.get': get,
  'tenants.settings.update': update,
}
