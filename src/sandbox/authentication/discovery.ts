import { RESPONSE_MODES, RESPONSE_TYPES } from './browser/index.ts'
import type { AuthenticationEndpoint } from './call.ts'

/** `GET /.well-known/openid-configuration`, the endpoints and abilities as the host in use has them. */
export const discovery: AuthenticationEndpoint = ({ issuer }) => ({
  status: 200,
  json: {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    device_authorization_endpoint: `${issuer}oauth/device/code`,
    userinfo_endpoint: `${issuer}userinfo`,
    mfa_challenge_endpoint: `${issuer}mfa/challenge`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
    pushed_authorization_request_endpoint: `${issuer}oauth/par`,
    backchannel_authentication_endpoint: `${issuer}bc-authorize`,
    backchannel_token_delivery_modes_supported: ['poll'],
    registration_endpoint: `${issuer}oidc/register`,
    revocation_endpoint: `${issuer}oauth/revoke`,
    end_session_endpoint: `${issuer}oidc/logout`,
    scopes_supported: ['openid', 'profile', 'offline_access', 'name', 'nickname', 'email', 'email_verified', 'picture'],
    response_types_supported: [...RESPONSE_TYPES],
    response_modes_supported: [...RESPONSE_MODES],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['HS256', 'RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'PS256'],
    claims_supported: [
      'amr',
      'aud',
      'auth_time',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'nickname',
      'org_id',
      'org_name',
      'picture',
      'sid',
      'sub',
      'updated_at',
    ],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  },
})

/** `GET /.well-known/jwks.json`, the keys that tokens of this tenant are signed with now, next, or until they expire. */
export const jwks: AuthenticationEndpoint = async ({ core }) => ({
  status: 200,
  json: { keys: (await core.signingKeys.published()).map((key) => key.jwk) },
})
