import type { Json, JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import { factorNames } from '../guardian.ts'
import { seedKeys } from '../keys.ts'
import { collection, objectsOf, stringOf } from '../records.ts'
import { USER_ID } from './rules.ts'

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
  ['custom-phone-provider', 'v1'],
  ['event-stream', 'v1'],
  ['login-post-identifier', 'v1'],
  ['mcp-tool', 'v1'],
  ['password-hash-migration', 'v1'],
  ['post-credential-validation', 'v1'],
  ['signup-post-identifier', 'v1'],
]

/**
 * Puts into a tenant what every tenant has from its first day, where it is not there yet: settings, factors, triggers;
 * and lets the seeded organizations use the database, with the first user as a member of each.
 */
export function seedManagement(tenant: Tenant): void {
  const held = tenant.tables.documents
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
  seedProfileTemplates(tenant)
  seedKeys(tenant)
  seedOrganizations(tenant)
}

/** Profiles that a new one may be made from. */
function seedProfileTemplates(tenant: Tenant): void {
  const connection = {
    id: 'standard',
    display_name: 'Standard',
    template: {
      name: 'Standard',
      organization: { show_as_button: 'required', assign_membership_on_login: 'required' },
      connection_name_prefix_template: 'con-{org_id}',
      enabled_features: ['scim', 'universal_logout'],
    },
  }
  const attributes = {
    id: 'standard',
    display_name: 'Standard',
    template: {
      name: 'Standard',
      user_id: USER_ID,
      user_attributes: {
        email: { label: 'Email', description: 'Address of the user', profile_required: true, auth0_mapping: 'email' },
        name: { label: 'Name', description: 'Full name of the user', profile_required: false, auth0_mapping: 'name' },
      },
    },
  }
  collection(tenant, '/api/v2/connection-profiles/templates').set(connection.id, connection)
  collection(tenant, '/api/v2/user-attribute-profiles/templates').set(attributes.id, attributes)
}

function factor(name: string): JsonObject {
  const enabled: Json = ['sms', 'push-notification', 'otp', 'email', 'recovery-code'].includes(name)
  return { name, enabled, trial_expired: false }
}

/** Organizations are of little use before somebody can log in to them and be invited. */
function seedOrganizations(tenant: Tenant): void {
  const { tables } = tenant
  const database = [...tables.connections.values()].find((connection) => connection.strategy === 'auth0')
  const member = [...tables.users.values()].find(
    (user) => objectsOf(user.identities)[0]?.['connection'] === database?.name,
  )
  for (const organization of tables.organizations.keys()) {
    const connection = stringOf(database?.id)
    if (connection !== undefined) {
      collection(tenant, 'organization-connections').set(`${organization} ${connection}`, {
        organization_id: organization,
        connection_id: connection,
        assign_membership_on_login: false,
        show_as_button: true,
        is_signup_enabled: false,
      })
    }
    const user = stringOf(member?.user_id)
    if (user !== undefined) {
      collection(tenant, 'members').set(`${organization} ${user}`, {
        organization_id: organization,
        user_id: user,
        roles: [],
      })
    }
  }
  for (const [id, client] of tables.clients) {
    const usable = client.global !== true && client.initiate_login_uri !== undefined
    if (usable && client.organization_usage === undefined)
      tables.clients.set(id, { ...client, organization_usage: 'allow' })
  }
}
