import type { Json, JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import { factorNames } from '../guardian.ts'
import { collection, objectsOf, stringOf } from '../records.ts'

const stages: JsonObject = {
  'pre-login': { max_attempts: 100, rate: 864_000 },
  'pre-user-registration': { max_attempts: 50, rate: 1200 },
}

/** Settings that every tenant has from its first day, by path. */
const documents: Readonly<Record<string, JsonObject>> = {
  '/attack-protection/bot-detection': {
    bot_detection_level: 'medium',
    challenge_password_policy: 'never',
    challenge_passwordless_policy: 'never',
    challenge_password_reset_policy: 'never',
    allowlist: [],
    monitoring_mode_enabled: false,
  },
  '/attack-protection/breached-password-detection': {
    enabled: false,
    shields: [],
    admin_notification_frequency: [],
    method: 'standard',
    stage: { 'pre-user-registration': { shields: [] }, 'pre-change-password': { shields: [] } },
  },
  '/attack-protection/brute-force-protection': {
    enabled: true,
    shields: ['block', 'user_notification'],
    allowlist: [],
    mode: 'count_per_identifier_and_ip',
    max_attempts: 10,
  },
  '/attack-protection/captcha': {
    active_provider_id: 'auth_challenge',
    auth_challenge: { fail_open: false },
    simple_captcha: {},
  },
  '/attack-protection/phone-provider-protection': { type: 'none' },
  '/attack-protection/suspicious-ip-throttling': {
    enabled: true,
    shields: ['admin_notification', 'block'],
    allowlist: [],
    stage: stages,
  },
  '/branding': { colors: { primary: '#0059d6', page_background: '#000000' } },
  '/prompts': { universal_login_experience: 'new', identifier_first: false, webauthn_platform_first_factor: false },
  '/risk-assessments/settings': { enabled: false },
  '/risk-assessments/settings/new-device': { remember_for: 30 },
  '/supplemental-signals': { akamai_enabled: false },
  '/guardian/factors/duo/settings': {},
  '/guardian/factors/phone/message-types': { message_types: ['sms'] },
  '/guardian/factors/phone/selected-provider': { provider: 'auth0' },
  '/guardian/factors/sms/selected-provider': { provider: 'auth0' },
  '/guardian/factors/push-notification/selected-provider': { provider: 'guardian' },
  '/guardian/factors/phone/templates': {
    enrollment_message: '{{code}} is your verification code to enroll.',
    verification_message: '{{code}} is your verification code.',
  },
  '/keys/custom-signing': { keys: [] },
}

const triggers: readonly (readonly [string, string])[] = [
  ['post-login', 'v3'],
  ['credentials-exchange', 'v2'],
  ['pre-user-registration', 'v2'],
  ['post-user-registration', 'v2'],
  ['post-change-password', 'v2'],
  ['send-phone-message', 'v2'],
  ['custom-email-provider', 'v1'],
  ['password-reset-post-challenge', 'v1'],
  ['custom-token-exchange', 'v1'],
]

/**
 * Puts into a tenant what every tenant has from its first day, where it is not there yet: settings, factors, triggers;
 * and lets the seeded organizations use the database, with the first user as a member of each.
 */
export function seedManagement(tenant: Tenant): void {
  const held = tenant.tables.documents
  for (const [path, document] of Object.entries(documents)) {
    if (!held.has(`/api/v2${path}`)) held.set(`/api/v2${path}`, document)
  }
  if (!held.has('guardian-factors')) held.set('guardian-factors', { factors: factorNames.map(factor) })
  if (!held.has('guardian-policies')) held.set('guardian-policies', { policies: [] })
  for (const [id, version] of triggers) {
    collection(tenant, '/api/v2/actions/triggers').set(id, {
      id,
      version,
      status: 'CURRENT',
      runtimes: ['node18-actions', 'node22'],
      default_runtime: 'node22',
      binding_policy: 'trigger-bound',
    })
  }
  seedOrganizations(tenant)
}

function factor(name: string): JsonObject {
  const enabled: Json = ['sms', 'push-notification', 'otp', 'email', 'recovery-code'].includes(name)
  return { name, enabled, trial_expired: false }
}

/** Organizations are of little use before somebody can log in to them and be invited. */
function seedOrganizations(tenant: Tenant): void {
  const { tables } = tenant
  const database = [...tables.connections.values()].find((connection) => connection['strategy'] === 'auth0')
  const member = [...tables.users.values()].find(
    (user) => objectsOf(user['identities'])[0]?.['connection'] === database?.['name'],
  )
  for (const organization of tables.organizations.keys()) {
    const connection = stringOf(database?.['id'])
    if (connection !== undefined) {
      collection(tenant, 'organization-connections').set(`${organization} ${connection}`, {
        organization_id: organization,
        connection_id: connection,
        assign_membership_on_login: false,
        show_as_button: true,
        is_signup_enabled: false,
      })
    }
    const user = stringOf(member?.['user_id'])
    if (user !== undefined) {
      collection(tenant, 'members').set(`${organization} ${user}`, {
        organization_id: organization,
        user_id: user,
        roles: [],
      })
    }
  }
  for (const [id, client] of tables.clients) {
    const usable = client['global'] !== true && client['initiate_login_uri'] !== undefined
    if (usable && client['organization_usage'] === undefined)
      tables.clients.set(id, { ...client, organization_usage: 'allow' })
  }
}
