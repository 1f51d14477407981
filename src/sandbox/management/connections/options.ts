import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../../plan/index.ts'
import { refuseBody } from '../answer.ts'
import { objectOf, stringOf } from '../records.ts'
import { certificateOptions, metadataOptions } from './certificates.ts'

/**
 * The options of a connection: what was sent, and what Auth0 adds for its strategy.
 *
 * @param isNew - Whether the connection is being made; a change gets other defaults for PKCE and databases
 */
export function connectionOptions(strategy: string, sent: JsonObject, isNew = true): JsonObject {
  switch (strategy) {
    case 'auth0':
      return databaseOptions(sent, isNew)
    case 'ad':
    case 'auth0-adldap':
      return { brute_force_protection: true, ...sent, ips: sent['ips'] ?? null }
    case 'adfs':
      return {
        thumbprints: [],
        should_trust_email_verified_connection: 'always_set_emails_as_verified',
        ...adfsEndpoint(sent),
        ...sent,
      }
    case 'waad':
      return { ...azureOptions(sent), ...sent }
    case 'email':
    case 'sms':
      return { brute_force_protection: true, ...sent }
    case 'google-oauth2':
      return { email: true, ...sent, scope: sent['scope'] ?? googleScopes(sent) }
    case 'google-apps':
      return {
        email: true,
        profile: true,
        handle_login_from_social: true,
        ...sent,
        scope: sent['scope'] ?? ['email', 'profile'],
      }
    case 'facebook':
      return { ...sent, scope: sent['scope'] ?? '' }
    case 'windowslive':
      return { signin: true, ...sent, scope: sent['scope'] ?? [] }
    case 'line':
      return { profile: true, ...sent, scope: sent['scope'] ?? ['openid', 'profile'] }
    case 'wordpress':
      return { profile: true, ...sent, scope: ['profile'] }
    case 'linkedin':
      return { profile: true, ...sent, scope: sent['scope'] ?? [] }
    case 'github':
    case 'salesforce':
    case 'salesforce-community':
    case 'salesforce-sandbox':
      return { ...sent, scope: sent['scope'] ?? [] }
    case 'okta':
      return workforceOptions(oktaOptions(sent), 'basic_profile', isNew)
    case 'oidc':
      return workforceOptions({ type: 'front_channel', ...sent }, 'bind_all', isNew)
    case 'pingfederate':
      return certificateOptions(sent)
    case 'samlp':
      return metadataOptions(sent)
    default:
      return sent
  }
}

/** Refuses options of a database that contradict each other: its identifiers are described in one way alone. */
export function checkOptions(strategy: string, sent: JsonObject): void {
  const attributes = objectOf(sent['attributes'])
  if (strategy !== 'auth0' || attributes === undefined) return
  if (sent['requires_username'] === true) refuseBody('Cannot set both options.attributes and options.requires_username')
  if (objectOf(sent['validation']) !== undefined)
    refuseBody('Cannot set both options.attributes and options.validation')
  const each = Object.entries(attributes).map(([name, value]) => [name, objectOf(value) ?? {}] as const)
  if (!each.some(([, attribute]) => objectOf(attribute['identifier'])?.['active'] === true))
    refuseBody('attributes must contain one active identifier')
  const lacking = each.find(
    ([, attribute]) =>
      attribute['profile_required'] === true &&
      attribute['signup'] !== undefined &&
      objectOf(attribute['signup'])?.['status'] !== 'required',
  )
  if (lacking !== undefined) refuseBody(`attribute ${lacking[0]} must also be required on signup`)
}

/** What holds for every provider that is found by OpenID Connect: how claims are mapped, and whether PKCE is used. */
function workforceOptions(options: JsonObject, mapping: string, isNew: boolean): JsonObject {
  return {
    schema_version: 'oidc-V4',
    ...options,
    attribute_map: { mapping_mode: mapping, ...objectOf(options['attribute_map']) },
    connection_settings: { pkce: isNew ? 'auto' : 'disabled', ...objectOf(options['connection_settings']) },
  }
}

function adfsEndpoint(sent: JsonObject): JsonObject {
  const metadata = stringOf(sent['fedMetadataXml'])
  const found =
    metadata === undefined ? undefined : /PassiveRequestorEndpoint>[\s\S]*?<[^>]*Address>([^<]+)</.exec(metadata)
  return found?.[1] === undefined ? {} : { signInEndpoint: found[1].trim() }
}

function azureOptions(sent: JsonObject): JsonObject {
  const protocol = sent['waad_protocol'] ?? (sent['use_wsfed'] === true ? 'ws-federation' : 'openid-connect')
  return {
    identity_api: 'microsoft-identity-platform-v2.0',
    useCommonEndpoint: false,
    waad_common_endpoint: sent['useCommonEndpoint'] ?? false,
    use_wsfed: protocol === 'ws-federation',
    waad_protocol: protocol,
    should_trust_email_verified_connection: 'never_set_emails_as_verified',
    thumbprints: [],
  }
}

const PASSWORD_RULES: Readonly<Record<string, JsonObject>> = {
  complexity: {
    min_length: 15,
    character_types: [],
    character_type_rule: 'all',
    identical_characters: 'allow',
    sequential_characters: 'allow',
    max_length_exceeded: 'error',
  },
  history: { active: false, size: 3 },
  dictionary: { active: false, default: 'en_100k', custom: [] },
  profile_data: {
    active: false,
    blocked_fields: [
      'name',
      'username',
      'nickname',
      'email',
      'phone_number',
      'user_metadata.name',
      'user_metadata.first',
      'user_metadata.last',
    ],
  },
}

/** `password_options` with what it leaves out. */
function passwordOptions(sent: JsonObject): JsonObject {
  const rules = Object.entries(PASSWORD_RULES).map(([name, usual]) => [name, { ...usual, ...objectOf(sent[name]) }])
  return { ...sent, ...Object.fromEntries(rules) }
}

/** Identifiers of a database: an address is unique unless that is said, and proven by a link. */
function attributesOf(sent: JsonObject): JsonObject {
  const email = objectOf(sent['email'])
  return email === undefined ? sent : { ...sent, email: { unique: true, verification_method: 'link', ...email } }
}

/** What scripts of a database are configured with is never shown: a sealed value comes back, and may be written again. */
function sealed(configuration: JsonObject): JsonObject {
  const seal = (value: Json): Json => {
    if (typeof value !== 'string' || value.startsWith(SEAL)) return value
    return SEAL + createHash('sha512').update(value).digest('base64url')
  }
  return Object.fromEntries(Object.entries(configuration).map(([name, value]) => [name, seal(value)]))
}

const SEAL = '2.0$'

/**
 * A database has a policy, passkeys off and protection on; `password_options` stands in the place of the older policy.
 * A change replaces the options, and adds only how people log in.
 */
function databaseOptions(sent: JsonObject, isNew: boolean): JsonObject {
  const methods = objectOf(sent['authentication_methods'])
  const password = { enabled: true, api_behavior: 'required', signup_behavior: 'allow' }
  const rules = objectOf(sent['password_options'])
  const attributes = objectOf(sent['attributes'])
  const configuration = objectOf(sent['configuration'])
  return {
    ...(isNew ? { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2 } : {}),
    brute_force_protection: true,
    ...(isNew && rules === undefined ? { passwordPolicy: 'good' } : {}),
    passkey_options: { challenge_ui: 'both', local_enrollment_enabled: true, progressive_enrollment_enabled: true },
    ...sent,
    ...(configuration === undefined ? {} : { configuration: sealed(configuration) }),
    ...(rules === undefined ? {} : { password_options: passwordOptions(rules) }),
    ...(attributes === undefined ? {} : { attributes: attributesOf(attributes) }),
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
