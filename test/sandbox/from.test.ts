import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { manage, start } from './bench.ts'

/** A folder with these files, which goes with the test. */
function folderWith(files: Readonly<Record<string, object | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-from-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const EXPORT = {
  'tenant.json': { friendly_name: 'Exported', enabled_locales: ['en', 'de'] },
  'clients/Shop.json': { name: 'Shop', app_type: 'spa', callbacks: ['https://shop.example.com/callback'] },
  'resource-servers/Orders.json': {
    name: 'Orders',
    identifier: 'https://orders.example.com/',
    scopes: [{ value: 'read:orders' }],
  },
  'grants/Shop-Orders.json': { client_id: 'Shop', audience: 'https://orders.example.com/', scope: ['read:orders'] },
  'grants/Shop-Management.json': {
    client_id: 'Shop',
    audience: 'https://exported.eu.auth0.com/api/v2/',
    scope: ['read:users'],
  },
  'database-connections/Customers/database.json': {
    name: 'Customers',
    strategy: 'auth0',
    options: { passwordPolicy: 'fair' },
    enabled_clients: ['Shop'],
  },
  'roles/Clerk.json': {
    name: 'Clerk',
    permissions: [{ resource_server_identifier: 'https://orders.example.com/', permission_name: 'read:orders' }],
  },
  'organizations/north.json': {
    name: 'north',
    display_name: 'North',
    connections: [{ name: 'Customers', is_enabled: true, assign_membership_on_login: true }],
  },
  'actions/Add roles.json': {
    name: 'Add roles',
    code: './actions/Add roles/code.js',
    secrets: [{ name: 'API_KEY' }],
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    deployed: true,
  },
  'actions/Add roles/code.js': 'exports.onExecutePostLogin = async () => {}',
  'triggers/triggers.json': { 'post-login': [{ action_name: 'Add roles', display_name: 'Adds roles' }] },
  'emails/welcome_email.json': { template: 'welcome_email', body: './welcome_email.html', from: 'a@example.com' },
  'emails/welcome_email.html': '<p>Welcome</p>',
}

describe('T23 a tenant that begins with what a path names', () => {
  it('T23 takes an export of auth0-deploy-cli, names resolved to ids', async () => {
    const tenant = await start({ from: folderWith(EXPORT) })
    expect(tenant.skipped).toEqual([])
    const read = async (path: string) => (await manage(tenant, 'GET', path)).body
    expect(await read('/tenants/settings')).toMatchObject({ friendly_name: 'Exported' })
    const [shop] = (await read('/clients')).filter((client: { name: string }) => client.name === 'Shop')
    const connections = await read('/connections?name=Customers')
    expect(connections).toMatchObject([{ options: { passwordPolicy: 'fair' }, enabled_clients: [shop.client_id] }])
    const grants = await read(`/client-grants?client_id=${shop.client_id}`)
    expect(grants.map((grant: { audience: string }) => grant.audience).sort()).toEqual(
      [`https://${tenant.domain}/api/v2/`, 'https://orders.example.com/'].sort(),
    )
    const [role] = await read('/roles')
    expect(await read(`/roles/${role.id}/permissions`)).toMatchObject([{ permission_name: 'read:orders' }])
    const [north] = await read('/organizations')
    expect(await read(`/organizations/${north.id}/enabled_connections`)).toMatchObject([
      { connection_id: connections[0].id, assign_membership_on_login: true },
    ])
    expect((await read('/actions/triggers/post-login/bindings')).bindings).toMatchObject([
      { display_name: 'Adds roles' },
    ])
    expect((await read('/actions/actions')).actions).toMatchObject([{ code: EXPORT['actions/Add roles/code.js'] }])
    expect(await read('/email-templates/welcome_email')).toMatchObject({ body: '<p>Welcome</p>' })
    tenant.reset()
    expect(await read('/tenants/settings')).toMatchObject({ friendly_name: 'Exported' })
  })

  it('T23 tells what it could not take, and goes on', async () => {
    const files = {
      'roles/a.json': { name: 'twice' },
      'roles/b.json': { name: 'twice' },
      'roles/c.json': { name: 'c' },
    }
    const tenant = await start({ from: folderWith(files) })
    expect(tenant.skipped).toEqual([expect.stringMatching(/^roles\.create of twice: /)])
    expect((await manage(tenant, 'GET', '/roles')).body).toHaveLength(2)
  })

  it('T23 takes a snapshot that was saved as a file', async () => {
    const first = await start({ seed: 'saved' })
    await manage(first, 'POST', '/roles', { name: 'kept' })
    const folder = folderWith({ 'snapshot.json': JSON.stringify(first.snapshot()) })
    const second = await start({ from: join(folder, 'snapshot.json') })
    expect(second.domain).toBe(first.domain)
    expect((await manage(second, 'GET', '/roles?name_filter=kept')).body).toHaveLength(1)
  })

  it.each([
    ['missing', /There is no file or folder/],
    ['empty', /has no JSON file/],
    ['empty/tenant.yaml', /is YAML/],
    ['other.json', /is not a snapshot/],
    ['broken.json', /cannot be read as JSON/],
  ])('T23 refuses %s', async (name, message) => {
    const folder = folderWith({ 'empty/tenant.yaml': 'tenant: {}', 'other.json': { version: 2 }, 'broken.json': '{' })
    await expect(start({ from: join(folder, name) })).rejects.toThrow(message)
  })
})

describe('T23 an empty tenant', () => {
  it('T23 has what a new one has at Auth0, and no more', async () => {
    const tenant = await start({ empty: true })
    const count = async (path: string) => (await manage(tenant, 'GET', path)).body.length
    for (const path of ['/users', '/roles', '/organizations', '/custom-domains']) expect(await count(path)).toBe(0)
    expect((await manage(tenant, 'GET', '/connections')).body).toMatchObject([{ strategy: 'auth0' }])
    expect((await manage(tenant, 'GET', '/resource-servers')).body).toMatchObject([{ name: 'Auth0 Management API' }])
  })

  it('T23 takes users that are brought, and people that are made', async () => {
    const given = await start({ empty: true, users: [{ email: 'ada@example.com', password: 'Analytical-1843!' }] })
    expect((await manage(given, 'GET', '/users')).body).toMatchObject([{ email: 'ada@example.com' }])
    const made = await start({ empty: true, users: 3, days: 2 })
    expect((await manage(made, 'GET', '/users')).body).toHaveLength(3)
  })
})
