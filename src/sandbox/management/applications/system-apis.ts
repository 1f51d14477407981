// APIs that Auth0 makes itself: a tenant asks for one by its identifier, and Auth0 says what it is.
import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../../plan/index.ts'
import { managementAudience, type ResourceServer } from '../../tenant/index.ts'
import { refuse } from '../answer.ts'
import { without } from '../records.ts'

const CONNECTED_ACCOUNTS = ['create', 'read', 'delete'].map((verb) => `${verb}:me:connected_accounts`)
const METHODS = ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:me:authentication_methods`)

const MY_ORGANIZATION = [
  ...['read', 'update'].map((verb) => `${verb}:my_org:details`),
  'read:my_org:configuration',
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:domains`),
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:identity_providers`),
  'update:my_org:identity_providers_detach',
  ...['create', 'read', 'delete'].map((verb) => `${verb}:my_org:scim_tokens`),
]

/** `create:me:connected_accounts` with the description 'Create Connected Accounts'. */
function described(value: string): JsonObject {
  const [verb = '', , what = ''] = value.split(':')
  const words = [verb, ...what.split('_')].map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return { value, description: words.join(' ') }
}

/** What both APIs of signed-in users have: tokens for users alone, and short ones. */
const FOR_USERS: JsonObject = {
  allow_offline_access: true,
  skip_consent_for_verifiable_first_party_clients: true,
  subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } },
  token_lifetime: 600,
  token_lifetime_for_web: 600,
  signing_alg: 'RS256',
  is_system: true,
  proof_of_possession: { mechanism: 'dpop', required: false },
}

/**
 * What Auth0 says of an API that it makes itself, by the identifier that a tenant asks for.
 * Pages: https://auth0.com/docs/manage-users/my-account-api ·
 * https://auth0.com/docs/manage-users/my-organization-api
 */
export function systemApi(domain: string, identifier: string): JsonObject | undefined {
  switch (identifier) {
    case `https://${domain}/me/`:
      return {
        ...FOR_USERS,
        name: 'Auth0 My Account API',
        scopes: [...CONNECTED_ACCOUNTS, 'read:me:factors', ...METHODS].map(described),
      }
    case `https://${domain}/my-org/`:
      return { ...FOR_USERS, name: 'Auth0 My Organization API', scopes: MY_ORGANIZATION.map(described) }
    case 'urn:auth0:express-configure':
      return {
        name: 'Okta OIN Express Configuration API',
        scopes: [
          { value: 'express_configure:sso', description: 'Ability to create SSO configurations' },
          { value: 'express_configure:scim', description: 'Ability to create scim configurations' },
        ],
        token_lifetime: 300,
        token_lifetime_for_web: 7200,
        enforce_policies: true,
        is_system: true,
        subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'allow_all' } },
      }
    default:
      return undefined
  }
}

/** What a body may say of a system API when it asks for one: its name and scopes are Auth0's. */
export function ownWords(body: JsonObject): JsonObject {
  return without(body, 'name', 'scopes')
}

/** The name, the scopes and the algorithm of a system API are not a tenant's to change. */
export function refuseSystemChange(server: ResourceServer, body: JsonObject): void {
  if (server.is_system !== true) return
  const fields: JsonObject = server
  const changed = ['name', 'scopes', 'signing_alg'].find(
    (field) => body[field] !== undefined && !isDeepStrictEqual(body[field], fields[field]),
  )
  if (changed !== undefined) refuse(400, `System resource servers cannot change ${changed}.`, 'operation_not_supported')
}

/** The Management API stays; the other system APIs can be taken away and asked for again. */
export function refuseSystemRemoval(domain: string, server: ResourceServer): void {
  if (server.is_system === true && server.identifier === managementAudience(domain))
    refuse(400, 'System resource servers cannot be deleted.', 'operation_not_supported')
}
