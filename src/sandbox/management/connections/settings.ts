import type { Json, JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import { objectOf, stringOf } from '../records.ts'

/** Directories of enterprises: they have a button on the login page or not. */
const ENTERPRISE = [
  'ad',
  'adfs',
  'auth0-adldap',
  'google-apps',
  'ip',
  'office365',
  'oidc',
  'okta',
  'pingfederate',
  'samlp',
  'sharepoint',
  'waad',
]
/** Those whose administrators get a link to set the connection up. */
const WITH_TICKET = ['ad', 'adfs', 'google-apps', 'pingfederate', 'samlp', 'waad']
/** Those that show their name where no display name was given. */
const NAMED = ['oidc', 'okta', 'waad']
const PASSWORDLESS = ['email', 'sms']
/** Connections of kinds that were there before connections had purposes: they tell none. */
const WITHOUT_PURPOSES = [
  'ad',
  'adfs',
  'apple',
  'facebook',
  'github',
  'linkedin',
  'oauth1',
  'pingfederate',
  'salesforce',
  'salesforce-community',
  'salesforce-sandbox',
  'waad',
  'windowslive',
  'wordpress',
]

/** What a new connection has beside what was sent. */
export function connectionDefaults(tenant: Tenant, body: JsonObject): JsonObject {
  const strategy = stringOf(body['strategy']) ?? ''
  const purposes = !PASSWORDLESS.includes(strategy) && !WITHOUT_PURPOSES.includes(strategy)
  const ticket = `https://${tenant.domain}/p/${strategy}/${tenant.random.text(8)}`
  return {
    is_domain_connection: false,
    ...(ENTERPRISE.includes(strategy) ? { show_as_button: false } : {}),
    ...(purposes ? { authentication: { active: true }, connected_accounts: { active: false } } : {}),
    ...(NAMED.includes(strategy) ? { display_name: body['name'] ?? '' } : {}),
    ...(WITH_TICKET.includes(strategy) ? { provisioning_ticket_url: ticket } : {}),
  }
}

/** The options of a connection: what was sent, and what Auth0 adds for its strategy. */
export function connectionOptions(strategy: string, sent: JsonObject): JsonObject {
  switch (strategy) {
    case 'auth0':
      return databaseOptions(sent)
    case 'ad':
    case 'auth0-adldap':
      return { brute_force_protection: true, ...sent, ips: sent['ips'] ?? null }
    case 'email':
    case 'sms':
      return { brute_force_protection: true, ...sent }
    case 'google-oauth2':
      return { email: true, ...sent, scope: sent['scope'] ?? googleScopes(sent) }
    case 'google-apps':
      return { email: true, profile: true, ...sent, scope: sent['scope'] ?? ['email', 'profile'] }
    case 'facebook':
      return { ...sent, scope: sent['scope'] ?? '' }
    case 'windowslive':
      return { signin: true, ...sent, scope: sent['scope'] ?? [] }
    case 'github':
    case 'linkedin':
    case 'salesforce':
    case 'salesforce-community':
    case 'salesforce-sandbox':
      return { ...sent, scope: sent['scope'] ?? [] }
    case 'okta':
      return oktaOptions(sent)
    default:
      return sent
  }
}

/** A database has a policy, passkeys off and protection on; `password_options` stands in the place of the older policy. */
function databaseOptions(sent: JsonObject): JsonObject {
  const methods = objectOf(sent['authentication_methods'])
  const password = { enabled: true, api_behavior: 'required', signup_behavior: 'allow' }
  return {
    mfa: { active: true, return_enroll_settings: true },
    ...(sent['password_options'] === undefined ? { passwordPolicy: 'good' } : {}),
    passkey_options: { challenge_ui: 'both', local_enrollment_enabled: true, progressive_enrollment_enabled: true },
    strategy_version: 2,
    brute_force_protection: true,
    ...sent,
    authentication_methods: {
      ...methods,
      password: { ...password, ...objectOf(methods?.['password']) },
      passkey: { enabled: false, ...objectOf(methods?.['passkey']) },
    },
  }
}

function googleScopes(sent: JsonObject): readonly string[] {
  const apis = ['calendar', 'contacts', 'drive', 'gmail', 'tasks', 'youtube']
  const asked = apis.filter((api) => sent[api] === true).map((api) => `https://www.googleapis.com/auth/${api}`)
  return [...(sent['profile'] === true ? ['profile'] : []), ...asked, 'email']
}

/** Okta's endpoints follow from its domain where they are not given. */
function oktaOptions(sent: JsonObject): JsonObject {
  const domain = stringOf(sent['domain'])
  if (domain === undefined) return { type: 'back_channel', ...sent }
  const server = `https://${domain}/oauth2/v1`
  const given = (name: string, fallback: string): Json => sent[name] ?? fallback
  return {
    type: 'back_channel',
    ...sent,
    issuer: given('issuer', `https://${domain}`),
    authorization_endpoint: given('authorization_endpoint', `${server}/authorize`),
    token_endpoint: given('token_endpoint', `${server}/token`),
    userinfo_endpoint: given('userinfo_endpoint', `${server}/userinfo`),
    jwks_uri: given('jwks_uri', `${server}/keys`),
  }
}
