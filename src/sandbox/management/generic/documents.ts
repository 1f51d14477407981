import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, Tenant } from '../../contract.ts'
import type { Connection } from '../../tenant/index.ts'
import { refuse } from '../answer.ts'
import { collection, compact, isoNow, objectOf, parameter, pick, without } from '../records.ts'
import { DIRECTORY_MAPPING, SCIM_MAPPING } from './mappings.ts'

/** What is special about one document, such as settings. */
export interface DocumentRules {
  /** What is read before anything was written; `undefined` where there is nothing then. */
  readonly starts?: (call: ManagementCall) => JsonObject | undefined
  /** `errorCode` where nothing is there. */
  readonly missing?: string
  /** What is said where nothing is there. */
  readonly absent?: string
  /** Members whose own members a PATCH changes one by one, at every depth. */
  readonly merged?: readonly string[]
  /** Whether PUT keeps what it does not name. */
  readonly putKeeps?: boolean
  readonly timestamps?: boolean
  /** Finishes a document before it is stored. */
  readonly makes?: (call: ManagementCall, document: JsonObject) => JsonObject
  /** What answers show of it. */
  readonly shows?: (document: JsonObject) => JsonObject
}

const always = (document: JsonObject) => (): JsonObject => document

const stages: JsonObject = {
  'pre-login': { max_attempts: 100, rate: 864_000 },
  'pre-user-registration': { max_attempts: 50, rate: 1200 },
  'pre-custom-token-exchange': { max_attempts: 10, rate: 600_000 },
}

const CAPTCHA: JsonObject = {
  active_provider_id: 'auth_challenge',
  simple_captcha: {},
  auth_challenge: { fail_open: false },
  recaptcha_v2: { site_key: '' },
  recaptcha_enterprise: { site_key: '', project_id: '' },
  hcaptcha: { site_key: '' },
  friendly_captcha: { site_key: '' },
  arkose: { site_key: '', client_subdomain: 'client-api', verify_subdomain: 'verify-api', fail_open: false },
}

/** Settings of captcha providers without their secrets and keys. */
function shownCaptcha(document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => {
      const provider = objectOf(value)
      return [name, provider === undefined ? value : without(provider, 'secret', 'api_key')]
    }),
  )
}

/** What an e-mail provider shows of its credentials: where mail goes, never how it is let in. */
const SHOWN_CREDENTIALS = ['smtp_host', 'smtp_port', 'smtp_user', 'region', 'domain', 'tenantId', 'clientId']

function shownEmailProvider(document: JsonObject): JsonObject {
  const credentials = objectOf(document['credentials'])
  return credentials === undefined ? document : { ...document, credentials: pick(credentials, ...SHOWN_CREDENTIALS) }
}

/** Push providers show that they are set, not with what. */
function shownPushProvider(document: JsonObject): JsonObject {
  return without(document, 'server_key', 'server_credentials', 'p12')
}

function connectionOf(call: ManagementCall): Connection {
  const found = call.tenant.tables.connections.get(parameter(call, 'id'))
  return found ?? refuse(404, 'The connection does not exist', 'inexistent_connection')
}

/** Provisioning of a connection: it always names its connection, and starts with the default mapping. */
function scim(call: ManagementCall, document: JsonObject): JsonObject {
  const connection = connectionOf(call)
  const now = isoNow(call.tenant)
  return compact({
    user_id_attribute: 'externalId',
    mapping: [...SCIM_MAPPING],
    created_at: now,
    ...document,
    updated_on: now,
    tenant_name: call.tenant.domain.split('.')[0],
    connection_id: connection.id,
    connection_name: connection.name,
    strategy: connection.strategy,
  })
}

function directory(call: ManagementCall, document: JsonObject): JsonObject {
  const connection = connectionOf(call)
  return compact({
    mapping: [...DIRECTORY_MAPPING],
    synchronize_automatically: false,
    synchronize_groups: 'off',
    ...document,
    connection_id: connection.id,
    connection_name: connection.name,
    strategy: connection.strategy,
  })
}

/** A screen that nobody changed is drawn by Auth0. */
function rendering(call: ManagementCall): JsonObject {
  return screenDefaults(call.tenant, parameter(call, 'prompt'), parameter(call, 'screen'))
}

export function screenDefaults(tenant: Tenant, prompt: string, screen: string): JsonObject {
  return {
    tenant: tenant.domain.split('.')[0] ?? '',
    prompt,
    screen,
    rendering_mode: 'standard',
    context_configuration: [],
    default_head_tags_disabled: false,
    head_tags: [],
    filters: null,
    use_page_template: false,
  }
}

const empty = { starts: always({}) }
const selected = (provider: string): DocumentRules => ({ starts: always({ provider }) })
const relyingParty = { starts: always({ userVerification: 'preferred', overrideRelyingParty: false }) }

/** Documents by the path template of their operations. */
const documents: Readonly<Record<string, DocumentRules>> = {
  '/attack-protection/bot-detection': {
    starts: always({
      bot_detection_level: 'medium',
      challenge_password_policy: 'never',
      challenge_passwordless_policy: 'never',
      challenge_password_reset_policy: 'never',
      allowlist: [],
      monitoring_mode_enabled: false,
    }),
  },
  '/attack-protection/breached-password-detection': {
    starts: always({
      enabled: false,
      shields: [],
      admin_notification_frequency: [],
      method: 'standard',
      stage: { 'pre-user-registration': { shields: [] }, 'pre-change-password': { shields: [] } },
    }),
    merged: ['stage'],
  },
  '/attack-protection/brute-force-protection': {
    starts: always({
      enabled: true,
      shields: ['block', 'user_notification'],
      allowlist: [],
      mode: 'count_per_identifier_and_ip',
      max_attempts: 10,
    }),
  },
  '/attack-protection/captcha': { starts: always(CAPTCHA), merged: Object.keys(CAPTCHA), shows: shownCaptcha },
  '/attack-protection/phone-provider-protection': { starts: always({ type: 'none' }) },
  '/attack-protection/suspicious-ip-throttling': {
    starts: always({ enabled: true, shields: ['admin_notification', 'block'], allowlist: [], stage: stages }),
    merged: ['stage'],
  },
  '/branding': { starts: always({ colors: { primary: '#0059d6', page_background: '#000000' } }), merged: ['colors'] },
  '/branding/themes/default': {
    starts: defaultTheme,
    missing: 'theme_not_found',
    absent: 'There was an error retrieving branding settings: invalid theme ID',
  },
  '/branding/templates/universal-login': { missing: 'inexistent_templates_universal_login' },
  '/connections/{id}/directory-provisioning': { makes: directory, timestamps: true },
  '/connections/{id}/directory-provisioning/default-mapping': {
    starts: always({ mapping: [...DIRECTORY_MAPPING] }),
  },
  '/connections/{id}/scim-configuration': { makes: scim, absent: 'Not Found' },
  '/connections/{id}/scim-configuration/default-mapping': {
    starts: always({ mapping: [...SCIM_MAPPING] }),
  },
  '/emails/provider': {
    missing: 'inexistent_email_provider',
    absent: 'There is not a configured email provider',
    shows: shownEmailProvider,
  },
  '/guardian/settings': {
    starts: always({
      display_remember_me_checkbox: true,
      remember_me_default_value: false,
      mfa_session_inactivity_timeout: 7,
      mfa_session_overall_timeout: 30,
    }),
  },
  '/guardian/factors/duo/settings': empty,
  '/guardian/factors/email/settings': { starts: always({ otp_length: 6, otp_expiration_time: 300 }) },
  '/guardian/factors/phone/settings': { starts: always({ otp_length: 6, otp_expiration_time: 300 }) },
  '/guardian/factors/webauthn-platform/settings': relyingParty,
  '/guardian/factors/webauthn-roaming/settings': relyingParty,
  '/guardian/factors/phone/message-types': { starts: always({ message_types: ['sms'] }) },
  '/guardian/factors/phone/selected-provider': selected('auth0'),
  '/guardian/factors/sms/selected-provider': selected('auth0'),
  '/guardian/factors/push-notification/selected-provider': selected('guardian'),
  '/guardian/factors/push-notification/providers/apns': { ...empty, shows: shownPushProvider },
  '/guardian/factors/push-notification/providers/fcm': { ...empty, shows: shownPushProvider },
  '/guardian/factors/push-notification/providers/fcmv1': { ...empty, shows: shownPushProvider },
  '/guardian/factors/push-notification/providers/sns': empty,
  '/guardian/factors/phone/providers/twilio': empty,
  '/guardian/factors/sms/providers/twilio': empty,
  '/guardian/factors/phone/templates': {
    starts: always({
      enrollment_message: '{{code}} is your verification code to enroll.',
      verification_message: '{{code}} is your verification code.',
    }),
  },
  '/keys/custom-signing': { starts: always({ keys: [] }) },
  '/prompts': { starts: always({ universal_login_experience: 'new', identifier_first: false }) },
  '/prompts/mfa-push': empty,
  '/prompts/{prompt}/custom-text/{language}': empty,
  '/prompts/{prompt}/partials': empty,
  '/prompts/{prompt}/screen/{screen}/rendering': { starts: rendering },
  '/risk-assessments/settings': { starts: always({ enabled: false }) },
  '/risk-assessments/settings/new-device': { starts: always({ remember_for: 30 }) },
  '/self-service-profiles/{id}/custom-text/{language}/{page}': empty,
  '/supplemental-signals': { starts: always({ akamai_enabled: false }) },
}

/** SMS and phone are one factor: their templates and providers are read under either name. */
for (const part of ['selected-provider', 'providers/twilio']) {
  const rules = documents[`/guardian/factors/phone/${part}`]
  if (rules !== undefined && documents[`/guardian/factors/sms/${part}`] === undefined)
    Object.assign(documents, { [`/guardian/factors/sms/${part}`]: rules })
}

/** The default theme is the one that was made last. */
function defaultTheme(call: ManagementCall): JsonObject | undefined {
  return [...collection(call.tenant, '/api/v2/branding/themes').values()].at(-1)
}

/** The rules of the document at a path template. */
export function documentRules(template: string): DocumentRules {
  return documents[template.replace('/api/v2', '')] ?? {}
}
