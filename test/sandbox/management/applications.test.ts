import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

describe('tenant settings', () => {
  const update = (body: object) => b.call('tenants.settings.update', { body: body as never })

  it('replaces default_token_quota whole and clears it with null', async () => {
    const both = {
      clients: { client_credentials: { per_day: 200, per_hour: 100 } },
      organizations: { client_credentials: { per_day: 5 } },
    }
    expect((await update({ default_token_quota: both })).body.default_token_quota).toEqual(both)
    const one = { clients: { client_credentials: { per_day: 1 } } }
    expect((await update({ default_token_quota: one })).body.default_token_quota).toEqual(one)
    const { body } = await update({ default_token_quota: null })
    expect(body).not.toHaveProperty('default_token_quota')
    expect(body.friendly_name).toBe('Tenantlab Demo')
  })

  it('keeps flags that the body does not name, and shows named fields', async () => {
    const { body } = await update({ flags: { enable_sso: true } })
    expect(body.flags).toMatchObject({ enable_sso: true, enable_custom_domain_in_emails: true })
    const get = await b.call('tenants.settings.get', { query: { fields: 'friendly_name' } })
    expect(get.body).toEqual({ friendly_name: 'Tenantlab Demo' })
  })
})

describe('clients', () => {
  it('creates with an id of 32 characters and a secret, merges client_metadata, replaces the quota', async () => {
    const made = await b.call('clients.create', {
      body: { name: 'New', app_type: 'non_interactive', client_metadata: { a: '1', b: '2' } },
    })
    expect(made.status).toBe(201)
    expect(made.body.client_id).toMatch(/^\w{32}$/)
    expect(made.body.client_secret).toMatch(/^[\w-]{64}$/)
    const params = { id: made.body.client_id }
    const update = (body: object) => b.call('clients.update', { params, body: body as never })
    expect((await update({ client_metadata: { a: null, c: '3' } })).body.client_metadata).toEqual({ b: '2', c: '3' })
    const quota = { client_credentials: { enforce: false, per_hour: 10 } }
    expect((await update({ token_quota: quota })).body.token_quota).toEqual(quota)
    expect((await update({ token_quota: null })).body).not.toHaveProperty('token_quota')
    expect(
      await update({ client_metadata: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v'])) }),
    ).toMatchObject(failed(400, /maximum 10/))
    expect((await b.call('clients.delete', { params })).status).toBe(204)
    expect((await b.call('clients.delete', { params })).status).toBe(204)
    expect(await b.call('clients.get', { params })).toMatchObject(
      failed(404, 'The client does not exist', 'inexistent_client'),
    )
  })

  it('hides secrets without read:client_keys and refuses to name or change them', async () => {
    const params = { id: b.client }
    const scopes = ['read:clients']
    expect((await b.call('clients.get', { params, scopes })).body).not.toHaveProperty('client_secret')
    expect((await b.call('clients.get', { params })).body).toHaveProperty('client_secret')
    expect((await b.call('clients.list', { scopes })).body[0]).not.toHaveProperty('client_secret')
    expect(await b.call('clients.get', { params, scopes, query: { fields: 'client_secret' } })).toMatchObject(
      failed(403, /client_secret/, 'insufficient_scope'),
    )
    const change = await b.call('clients.update', {
      params,
      scopes: ['update:clients'],
      body: { client_secret: 'x'.repeat(48) },
    })
    expect(change).toMatchObject(failed(403, /update:client_keys/, 'insufficient_scope'))
  })

  it('rotates the secret', async () => {
    const before = b.tenant.tables.clients.get(b.client)?.['client_secret']
    const { body, status } = await b.call('clients.rotateSecret', { params: { id: b.client } })
    expect(status).toBe(200)
    expect(body.client_secret).not.toBe(before)
    expect(b.tenant.tables.clients.get(b.client)?.['client_secret']).toBe(body.client_secret)
  })

  it('keeps at most two credentials and never shows the key', async () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString()
    const params = { client_id: b.client }
    const create = (key: string) =>
      b.call('clients.credentials.create', { params, body: { credential_type: 'public_key', name: 'k', pem: key } })
    expect(await create('not a key')).toMatchObject(failed(400, /pem/))
    const made = await create(pem)
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^cred_\w{22}$/), alg: 'RS256' } })
    expect(JSON.stringify(made.body)).not.toContain('BEGIN PUBLIC KEY')
    await create(pem)
    expect((await create(pem)).status).toBe(403)
    const one = { ...params, credential_id: made.body.id }
    expect(
      (await b.call('clients.credentials.update', { params: one, body: { expires_at: '2030-01-01T00:00:00.000Z' } }))
        .status,
    ).toBe(200)
    expect((await b.call('clients.credentials.delete', { params: one })).status).toBe(204)
    expect((await b.call('clients.credentials.list', { params })).body).toHaveLength(1)
  })
})

describe('client grants and resource servers', () => {
  it('grants an existing API to an existing application, once', async () => {
    const machine = b.lab.seed.clients[1]?.client_id ?? ''
    const body = { client_id: machine, audience: 'https://items.example.com/', scope: ['read:items'] }
    const made = await b.call('clientGrants.create', { body })
    expect(made).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^cgr_/), subject_type: 'client' },
    })
    expect((await b.call('clientGrants.create', { body })).status).toBe(409)
    const params = { id: made.body.id }
    expect(await b.call('clientGrants.update', { params, body: { scope: ['fly:planes'] } })).toMatchObject(
      failed(400, /fly:planes/),
    )
    expect((await b.call('clientGrants.update', { params, body: { scope: [] } })).body.scope).toEqual([])
    expect((await b.call('clientGrants.list', { query: { client_id: machine } })).body).toHaveLength(2)
    expect((await b.call('clientGrants.delete', { params })).status).toBe(204)
    expect((await b.call('clientGrants.create', { body: { ...body, audience: 'https://none' } })).status).toBe(404)
  })

  it('finds an API by id and by identifier, changes with 200 as recorded, keeps identifiers unique', async () => {
    const body = { identifier: 'https://more.example.com/', name: 'More', scopes: [{ value: 'a' }] }
    const made = await b.call('resourceServers.create', { body })
    expect(made).toMatchObject({ status: 201, body: { token_lifetime: 86_400, signing_alg: 'RS256' } })
    expect((await b.call('resourceServers.create', { body })).status).toBe(409)
    expect((await b.call('resourceServers.get', { params: { id: body.identifier } })).body).toEqual(made.body)
    const changed = await b.call('resourceServers.update', {
      params: { id: made.body.id },
      body: { token_lifetime: 60 },
    })
    expect(changed).toMatchObject({ status: 200, body: { token_lifetime: 60 } })
    expect(
      await b.call('resourceServers.update', {
        params: { id: made.body.id },
        body: { scopes: [{ value: 'a' }, { value: 'a' }] },
      }),
    ).toMatchObject(failed(400, /more than once/))
    expect((await b.call('resourceServers.delete', { params: { id: made.body.id } })).status).toBe(204)
    expect((await b.call('resourceServers.delete', { params: { id: made.body.id } })).status).toBe(204)
  })
})

describe('connections', () => {
  it('T9 replaces options, keeps names and realms unique, deletes with its users and tells when', async () => {
    const body = { name: 'more', strategy: 'auth0', options: { requires_username: true, passwordPolicy: 'low' } }
    const made = await b.call('connections.create', { body })
    expect(made).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^con_\w{16}$/), realms: ['more'], enabled_clients: [] },
    })
    expect((await b.call('connections.create', { body })).status).toBe(409)
    expect((await b.call('connections.create', { body: { ...body, name: 'x', realms: ['more'] } })).status).toBe(409)
    const params = { id: made.body.id }
    const changed = await b.call('connections.update', { params, body: { options: { passwordPolicy: 'fair' } } })
    expect(changed.body.options).toMatchObject({ passwordPolicy: 'fair', brute_force_protection: true })
    expect(changed.body.options).not.toHaveProperty('requires_username')
    expect(changed.body.enabled_clients).toEqual([])
    const user = await b.call('users.create', {
      body: { connection: 'more', email: 'm@example.com', password: 'Right-1-Password' },
    })
    expect(await b.call('connections.delete', { params })).toMatchObject({
      status: 202,
      body: { deleted_at: expect.stringMatching(/^\d{4}-/) },
    })
    expect((await b.call('users.get', { params: { id: user.body.user_id } })).status).toBe(404)
    expect((await b.call('connections.delete', { params })).status).toBe(204)
  })

  it('lists and changes the applications of a connection, 204 for the change', async () => {
    const params = { id: b.connection }
    const list = async () =>
      (await b.call('connections.clients.get', { params })).body.clients.map(
        (one: { client_id: string }) => one.client_id,
      )
    expect(await list()).toContain(b.client)
    expect(
      (await b.call('connections.clients.update', { params, body: [{ client_id: b.client, status: false }] })).status,
    ).toBe(204)
    expect(await list()).not.toContain(b.client)
    expect(
      (await b.call('clients.connections.get', { params: { id: b.client } })).body.connections.map(
        (one: { name: string }) => one.name,
      ),
    ).not.toContain('Username-Password-Authentication')
    expect(
      (await b.call('connections.clients.update', { params, body: [{ client_id: 'none', status: true }] })).status,
    ).toBe(400)
  })
})

describe('roles', () => {
  it('creates with 200, deletes with 200 and then 404, and refuses a second one of the name', async () => {
    const made = await b.call('roles.create', { body: { name: 'auditor' } })
    expect(made).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^rol_\w{16}$/), name: 'auditor' } })
    expect((await b.call('roles.create', { body: { name: 'auditor' } })).status).toBe(409)
    const params = { id: made.body.id }
    expect((await b.call('roles.users.assign', { params, body: { users: [b.user] } })).status).toBe(200)
    expect((await b.call('roles.users.list', { params })).body).toMatchObject([{ user_id: b.user }])
    expect(await b.call('roles.users.list', { params, scopes: ['read:roles'] })).toMatchObject(
      failed(403, /all of: read:users, read:roles/),
    )
    expect((await b.call('roles.list', { query: { name_filter: 'AUDIT' } })).body).toHaveLength(1)
    expect((await b.call('roles.delete', { params })).status).toBe(200)
    expect((await b.call('roles.delete', { params })).status).toBe(404)
    expect((await b.call('users.roles.list', { params: { id: b.user } })).body).toEqual([])
  })

  it('refuses permissions that their API does not have', async () => {
    const params = { id: b.lab.seed.roles[0]?.id ?? '' }
    const add = (permission_name: string, resource_server_identifier = 'https://items.example.com/') =>
      b.call('roles.permissions.add', {
        params,
        body: { permissions: [{ permission_name, resource_server_identifier }] },
      })
    expect((await add('read:items')).status).toBe(201)
    expect((await add('fly:planes')).status).toBe(400)
    expect((await add('read:items', 'https://none')).status).toBe(404)
    const removed = await b.call('roles.permissions.delete', {
      params,
      body: {
        permissions: [{ permission_name: 'read:items', resource_server_identifier: 'https://items.example.com/' }],
      },
    })
    expect(removed.status).toBe(204)
  })
})
