import type { JsonObject } from '../../plan/index.ts'
import { type AuthenticationCall, type AuthenticationEndpoint, AuthenticationFailure, field } from './call.ts'

const GRANTS = ['authorization_code', 'implicit', 'refresh_token']
const METHODS = ['client_secret_post', 'client_secret_basic', 'none']

/**
 * `POST /oidc/register`: an application registers itself. It is a third-party one, so that people are asked for
 * consent. The tenant's flag `enable_dynamic_client_registration` switches this off where it is `false`.
 */
export const register: AuthenticationEndpoint = (call) => {
  const { core } = call
  const flags = core.tables.documents.get('tenant')?.flags as JsonObject | undefined
  if (flags?.enable_dynamic_client_registration === false)
    throw new AuthenticationFailure(403, 'access_denied', 'Dynamic client registration is disabled for this tenant.')
  const redirect_uris = redirectUris(call)
  const method = field(call, 'token_endpoint_auth_method') ?? 'client_secret_post'
  if (!METHODS.includes(method)) throw metadata(`token_endpoint_auth_method must be one of ${METHODS.join(', ')}.`)
  const grant_types = grantTypes(call)
  const client_name = field(call, 'client_name') ?? 'My App'
  const client_id = `tpc_${core.random.text(22)}`
  const client_secret = core.random.text(64)
  core.tables.clients.set(client_id, {
    tenant: core.domain.split('.')[0] ?? '',
    client_id,
    client_secret,
    name: client_name,
    global: false,
    is_first_party: false,
    oidc_conformant: true,
    sso_disabled: false,
    cross_origin_authentication: false,
    callbacks: redirect_uris,
    grant_types,
    token_endpoint_auth_method: method === 'client_secret_basic' ? 'client_secret_basic' : method,
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
  })
  core.log({ type: 'sapi', description: 'Dynamic client registration', client_id, client_name, ip: call.ip })
  const secret: JsonObject = method === 'none' ? {} : { client_secret, client_secret_expires_at: 0 }
  const json = { client_name, client_id, ...secret, redirect_uris, grant_types, token_endpoint_auth_method: method }
  return { status: 201, json, headers: { 'Cache-Control': 'no-store' } }
}

function redirectUris(call: AuthenticationCall): readonly string[] {
  const { redirect_uris } = call.body
  const given = Array.isArray(redirect_uris) ? redirect_uris : []
  const fine = given.length > 0 && given.every((each) => typeof each === 'string' && URL.canParse(each))
  if (fine) return given.map(String)
  throw new AuthenticationFailure(400, 'invalid_redirect_uri', 'redirect_uris must be a list of URLs.')
}

function grantTypes(call: AuthenticationCall): readonly string[] {
  const { grant_types } = call.body
  if (grant_types === undefined) return GRANTS
  const known = Array.isArray(grant_types) && grant_types.every((each) => GRANTS.includes(String(each)))
  if (known) return grant_types.map(String)
  throw metadata(`grant_types of a registered application are among ${GRANTS.join(', ')}.`)
}

function metadata(text: string): AuthenticationFailure {
  return new AuthenticationFailure(400, 'invalid_client_metadata', text)
}
