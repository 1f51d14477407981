import { rows } from '../../catalogue/index.ts'
import type { JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { connectionOptions, newResourceServer } from '../management/index.ts'
import { managementAudience } from '../tenant/index.ts'
import type { SandboxSeed } from '../types.ts'
import { type GivenClient, seedClients, seedFirstClients } from './clients.ts'
import { seedUsers } from './users.ts'

const HEX = '0123456789abcdef'
const MESSAGE_TYPES = '/api/v2/guardian/factors/phone/message-types'
const SANDBOX_VERSIONS = { sandbox_versions_available: ['22', '18'] }
const API_SCOPES = ['read:items', 'create:items', 'update:items', 'delete:items']

/** Fills a tenant with what a new one has at Auth0: one application, the Management API and the database. */
export function seedEmpty(core: Core, given: GivenClient = {}): SandboxSeed {
  core.tables.documents.set('tenant', { enabled_locales: ['en'], sandbox_version: '22', ...SANDBOX_VERSIONS })
  core.tables.documents.set(MESSAGE_TYPES, { message_types: [] })
  const connection = seedDatabase(core)
  const api = seedManagementApi(core)
  const clients = seedFirstClients(core, managementScopes(), given)
  return { users: [], connection, organizations: [], customDomains: [], clients, api, roles: [] }
}

/** Fills an empty tenant with the data every sandbox starts with, and says what that is. */
export function seedTenant(core: Core, given: GivenClient = {}): SandboxSeed {
  const { random, tables } = core
  const created = {
    created_at: new Date(core.clock.now()).toISOString(),
    updated_at: new Date(core.clock.now()).toISOString(),
  }
  tables.documents.set('tenant', tenantSettings())
  tables.documents.set(MESSAGE_TYPES, { message_types: ['sms', 'voice'] })

  const connection = seedDatabase(core)
  for (const strategy of ['sms', 'email']) {
    const id = `con_${random.text(16)}`
    const options = connectionOptions(strategy, {})
    const record = { id, name: strategy, strategy, options, is_domain_connection: false, realms: [strategy] }
    tables.connections.set(id, record)
  }

  const api = seedApis(core)
  const clients = seedClients(core, managementScopes(), api.identifier, API_SCOPES, given)
  const users = seedUsers(core, connection.name)
  const organizations = [
    ['acme', 'Acme'],
    ['globex', 'Globex'],
  ].map(([name = '', display_name = '']) => {
    const id = `org_${random.text(16)}`
    tables.organizations.set(id, { id, name, display_name, ...created })
    return { id, name, display_name }
  })
  const customDomains = ['login.acme.example', 'id.globex.example'].map((domain, index) => {
    const custom_domain_id = `cd_${random.text(16)}`
    tables.customDomains.set(custom_domain_id, customDomain(custom_domain_id, domain, index === 0))
    return { custom_domain_id, domain }
  })
  const roles = [
    ['reader', 'May read items'],
    ['editor', 'May change items'],
  ].map(([name = '', description = '']) => {
    const id = `rol_${random.text(16)}`
    tables.roles.set(id, { id, name, description })
    return { id, name }
  })
  return { users, connection, organizations, customDomains, clients, api, roles }
}

/** The database that every tenant begins with. */
function seedDatabase(core: Core): SandboxSeed['connection'] {
  const connection = { id: `con_${core.random.text(16)}`, name: 'Username-Password-Authentication' }
  core.tables.connections.set(connection.id, {
    ...connection,
    strategy: 'auth0',
    options: connectionOptions('auth0', {}),
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
    realms: [connection.name],
  })
  return connection
}

/** Every scope that an operation of the Management API names. */
function managementScopes(): readonly string[] {
  const scopes = rows().flatMap((row) => (row.api === 'management' ? row.scopes : []))
  return [...new Set(scopes)].sort()
}

function seedManagementApi(core: Core): SandboxSeed['api'] {
  const scopes = managementScopes()
  const management: JsonObject = {
    id: core.random.text(24, HEX),
    name: 'Auth0 Management API',
    identifier: managementAudience(core.domain),
    scopes: scopes.map((value) => ({ value })),
    is_system: true,
    skip_consent_for_verifiable_first_party_clients: false,
    signing_alg: 'RS256',
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    allow_offline_access: false,
  }
  core.tables.resourceServers.set(String(management.id), management)
  return { id: String(management.id), identifier: String(management.identifier), scopes }
}

function seedApis(core: Core): SandboxSeed['api'] {
  const { random, tables } = core
  seedManagementApi(core)
  const own = newResourceServer(random.text(24, HEX), {
    name: 'Example API',
    identifier: 'https://items.example.com/',
    scopes: API_SCOPES.map((value) => ({ value })),
    allow_offline_access: true,
    // The tenant's own applications get its tokens without a page that asks.
    skip_consent_for_verifiable_first_party_clients: true,
    enforce_policies: false,
    token_dialect: 'access_token',
  })
  tables.resourceServers.set(String(own.id), own)
  return { id: String(own.id), identifier: String(own.identifier), scopes: API_SCOPES }
}

function tenantSettings(): JsonObject {
  return {
    friendly_name: 'Tenantlab Demo',
    support_email: 'support@example.com',
    support_url: 'https://support.example.com',
    picture_url: 'https://www.example.com/logo.png',
    default_directory: 'Username-Password-Authentication',
    session_lifetime: 168,
    idle_session_lifetime: 72,
    enabled_locales: ['en'],
    allowed_logout_urls: ['https://www.example.com/signed-out'],
    flags: { use_scope_descriptions_for_consent: false, enable_custom_domain_in_emails: true },
    sandbox_version: '22',
    ...SANDBOX_VERSIONS,
  }
}

function customDomain(custom_domain_id: string, domain: string, primary: boolean): JsonObject {
  return {
    custom_domain_id,
    domain,
    primary,
    is_default: false,
    status: 'ready',
    type: 'auth0_managed_certs',
    origin_domain_name: `${custom_domain_id.toLowerCase().replace('_', '-')}.edge.tenantlab.local`,
    verification: {
      methods: [{ name: 'CNAME', record: `${custom_domain_id.toLowerCase()}.edge.tenantlab.local`, domain }],
      status: 'verified',
    },
    certificate: { status: 'provisioned', certificate_authority: 'letsencrypt' },
    tls_policy: 'recommended',
    domain_metadata: {},
  }
}
