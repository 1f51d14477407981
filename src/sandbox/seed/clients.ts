import type { JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { newClient } from '../management/index.ts'
import { managementAudience } from '../tenant/index.ts'
import type { SandboxClient } from '../types.ts'

const AUTH0 = 'http://auth0.com/oauth/grant-type'
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
const MAIN_GRANTS = [
  'client_credentials',
  'password',
  `${AUTH0}/password-realm`,
  `${AUTH0}/mfa-otp`,
  `${AUTH0}/mfa-oob`,
  `${AUTH0}/mfa-recovery-code`,
  `${AUTH0}/passwordless/otp`,
  'refresh_token',
  'authorization_code',
  'implicit',
  DEVICE_CODE,
  'urn:openid:params:grant-type:ciba',
]

const TOKENS: JsonObject = { jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 } }

/** Credentials of the main application that the caller brings. */
export interface GivenClient {
  readonly clientId?: string
  readonly clientSecret?: string
}

/** What a new tenant has: the main application, which may do everything at the Management API, and the global one. */
export function seedFirstClients(core: Core, scopes: readonly string[], given: GivenClient): readonly SandboxClient[] {
  const main = addMain(core, given)
  const all = addGlobal(core)
  addGrant(core, main, managementAudience(core.domain), scopes)
  return [main, all]
}

function addMain(core: Core, given: GivenClient): SandboxClient {
  return addClient(
    core,
    {
      name: 'Tenantlab',
      app_type: 'regular_web',
      grant_types: MAIN_GRANTS,
      callbacks: ['https://app.example.com/callback'],
      allowed_logout_urls: ['https://app.example.com/signed-out'],
      initiate_login_uri: 'https://app.example.com/login',
    },
    given,
  )
}

/** The application that stands for all others. */
function addGlobal(core: Core): SandboxClient {
  return addClient(core, { name: 'All Applications', global: true, grant_types: [] })
}

/** The seeded applications, the main one first, with their client grants. */
export function seedClients(
  core: Core,
  managementScopes: readonly string[],
  apiIdentifier: string,
  apiScopes: readonly string[],
  given: GivenClient,
): readonly SandboxClient[] {
  const management = managementAudience(core.domain)
  const main = addMain(core, given)
  const machine = addClient(core, {
    name: 'Read-only job',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  })
  const native = addClient(core, {
    name: 'Native app',
    app_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE, `${AUTH0}/passwordless/otp`],
    callbacks: ['https://app.example.com/callback'],
  })
  const all = addGlobal(core)
  addGrant(core, main, management, managementScopes)
  addGrant(core, main, apiIdentifier, apiScopes, { organization_usage: 'allow', allow_any_organization: true })
  addGrant(core, machine, management, ['read:clients', 'read:users'])
  return [main, machine, native, all]
}

function addClient(core: Core, fields: JsonObject, given: GivenClient = {}): SandboxClient {
  // Drawn in any case: what the caller brings must not change the ids of everything else.
  const drawn = { id: core.random.text(32), secret: core.random.text(64) }
  const client_id = given.clientId ?? drawn.id
  const client_secret = given.clientSecret ?? drawn.secret
  const settings = { oidc_conformant: true, token_endpoint_auth_method: 'client_secret_post', ...TOKENS, ...fields }
  const client = { ...newClient(core, settings), client_id, client_secret }
  core.tables.clients.set(client_id, client)
  return { client_id, client_secret, name: String(fields.name) }
}

function addGrant(
  core: Core,
  client: SandboxClient,
  audience: string,
  scope: readonly string[],
  more: JsonObject = {},
): void {
  const id = `cgr_${core.random.text(16)}`
  core.tables.clientGrants.set(id, {
    id,
    client_id: client.client_id,
    audience,
    scope,
    subject_type: 'client',
    ...more,
  })
}
