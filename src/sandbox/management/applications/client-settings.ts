import type { JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import { assign, objectOf, stringOf } from '../records.ts'

/** Settings whose members PATCH changes one by one; every other member of an application is replaced whole. */
const MERGED = [
  'jwt_configuration',
  'mobile',
  'native_social_login',
  'refresh_token',
  'session_transfer',
  'signed_request_object',
  'token_vault_privileged_access',
]

/** Kinds of applications that Auth0 made after OIDC conformance became the rule. */
const CONFORMANT: readonly string[] = ['express_configuration', 'resource_server']

function grantTypes(type: string | undefined): readonly string[] {
  if (type === 'resource_server') return []
  if (type === 'express_configuration') return ['authorization_code', 'client_credentials']
  const login = ['authorization_code', 'implicit', 'refresh_token']
  return type === 'spa' || type === 'native' ? login : [...login, 'client_credentials']
}

/** Refresh tokens never expire unless an application says so; then the lifetimes count. */
function refreshTokens(type: string | undefined, sent: JsonObject | undefined): JsonObject {
  const rotating = sent?.['rotation_type'] === 'rotating'
  const expiring = rotating || sent?.['expiration_type'] === 'expiring'
  const long = type === 'non_interactive' && !expiring
  return {
    rotation_type: 'non-rotating',
    expiration_type: expiring ? 'expiring' : 'non-expiring',
    leeway: 0,
    token_lifetime: long ? 31_557_600 : 2_592_000,
    infinite_token_lifetime: !expiring,
    infinite_idle_token_lifetime: !expiring,
    idle_token_lifetime: long ? 2_592_000 : 1_296_000,
    ...sent,
  }
}

/** Kinds that Auth0 made for itself sign with RS256 and have no lifetime; all others the other way round. */
function tokenSettings(own: boolean, sent: JsonObject | undefined): JsonObject {
  if (sent !== undefined) return { secret_encoded: false, ...sent }
  return { ...(own ? { alg: 'RS256' } : { lifetime_in_seconds: 36_000 }), secret_encoded: false }
}

const SESSION_TRANSFER: JsonObject = {
  can_create_session_transfer_token: false,
  allowed_authentication_methods: [],
  enforce_device_binding: 'ip',
  allow_refresh_token: false,
  enforce_online_refresh_tokens: true,
  enforce_cascade_revocation: true,
}

/** An application through which Okta configures a tenant's organizations. */
const EXPRESS_CONFIGURATION: JsonObject = {
  callbacks: ['https://system-admin.okta.com/admin/app/generic/oauth20redirect'],
  organization_usage: 'require',
  client_authentication_methods: { private_key_jwt: { credentials: [] } },
}

/** A new application: what was sent, and what Auth0 adds for its type. */
export function newClient(tenant: Tenant, body: JsonObject): JsonObject {
  const type = stringOf(body['app_type'])
  const own = CONFORMANT.includes(type ?? '')
  const transfer = objectOf(body['session_transfer'])
  return {
    tenant: tenant.domain.split('.')[0] ?? '',
    global: false,
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: own,
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    callback_url_template: false,
    encrypted: true,
    ...(type === 'spa' || type === 'native' ? { token_endpoint_auth_method: 'none' } : {}),
    grant_types: grantTypes(type),
    signing_keys: [],
    ...(body['is_first_party'] === false ? { third_party_security_mode: 'permissive' } : {}),
    ...(type === 'express_configuration' ? EXPRESS_CONFIGURATION : {}),
    ...assign({}, body),
    jwt_configuration: tokenSettings(own, objectOf(body['jwt_configuration'])),
    refresh_token: refreshTokens(type, objectOf(body['refresh_token'])),
    ...(transfer === undefined ? {} : { session_transfer: { ...SESSION_TRANSFER, ...transfer } }),
  }
}

/** Tokens that begin to expire are not infinite any more, and the other way round. */
function lifetimes(before: JsonObject, sent: JsonObject): JsonObject {
  const type = sent['expiration_type'] ?? before['expiration_type']
  if (type === before['expiration_type']) return {}
  const infinite = type !== 'expiring'
  return { infinite_token_lifetime: infinite, infinite_idle_token_lifetime: infinite }
}

/** An application after PATCH. */
export function changedClient(client: JsonObject, body: JsonObject): JsonObject {
  const changed: Record<string, JsonObject[string]> = { ...assign(client, body) }
  for (const field of MERGED) {
    const sent = objectOf(body[field])
    if (sent === undefined) continue
    const before = objectOf(client[field]) ?? (field === 'session_transfer' ? SESSION_TRANSFER : {})
    changed[field] = assign(before, field === 'refresh_token' ? { ...lifetimes(before, sent), ...sent } : sent)
  }
  return changed
}
