import type { JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import { stringOf } from '../records.ts'

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
