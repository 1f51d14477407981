import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

describe('organizations', () => {
  it('creates with 201, enables connections, and refuses a second one of the name', async () => {
    const body = { name: 'initech', display_name: 'Initech', enabled_connections: [{ connection_id: b.connection }] }
    const made = await b.call('organizations.create', { body })
    expect(made).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^org_\w{16}$/), enabled_connections: [{ connection: { strategy: 'auth0' } }] },
    })
    expect(await b.call('organizations.create', { body })).toMatchObject(
      failed(409, 'An organization with the same name already exists.', 'organization_conflict'),
    )
  })

  it.each([
    ['a capital', { name: 'Initech' }],
    ['the id prefix', { name: 'org_initech' }],
    ['a dash at the end', { name: 'initech-' }],
    ['more than 50 characters', { name: 'x'.repeat(51) }],
    ['one of two colours', { name: 'initech', branding: { colors: { primary: '#000000' } } }],
    ['a logo over http', { name: 'initech', branding: { logo_url: 'http://example.com/x.png' } }],
    [
      '26 metadata keys',
      { name: 'initech', metadata: Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`k${i}`, 'v'])) },
    ],
  ])('refuses %s', async (_what, body) => {
    expect(await b.call('organizations.create', { body })).toMatchObject(
      failed(400, /^Payload validation error/, 'invalid_body'),
    )
  })

  it('reads by id and by name', async () => {
    const byName = await b.call('organizations.getByName', { params: { name: 'acme' } })
    expect((await b.call('organizations.get', { params: { id: byName.body.id } })).body).toEqual(byName.body)
    expect(await b.call('organizations.getByName', { params: { name: 'none' } })).toMatchObject(
      failed(404, 'No organization found by that id or name'),
    )
  })

  it('sets a token quota whole and takes it away with null, metadata replaces', async () => {
    const update = (body: object) =>
      b.call('organizations.update', { params: { id: b.organization }, body: body as never })
    const quota = { client_credentials: { enforce: true, per_day: 200, per_hour: 100 } }
    expect((await update({ token_quota: quota })).body.token_quota).toEqual(quota)
    expect((await update({ token_quota: { client_credentials: { per_day: 5 } } })).body.token_quota).toEqual({
      client_credentials: { per_day: 5 },
    })
    expect((await update({ token_quota: null })).body).not.toHaveProperty('token_quota')
    await update({ metadata: { a: '1' } })
    expect((await update({ metadata: { b: '2' } })).body.metadata).toEqual({ b: '2' })
    expect(await update({ name: 'globex' })).toMatchObject(failed(409, /same name/))
    expect((await update({ name: 'acme' })).status).toBe(200)
  })

  it('deletes with 204 once, then 404', async () => {
    expect((await b.call('organizations.delete', { params: { id: b.organization } })).status).toBe(204)
    expect((await b.call('organizations.delete', { params: { id: b.organization } })).status).toBe(404)
  })
})

describe('members', () => {
  const params = () => ({ id: b.organization })

  it('adds at most ten with 204, lists them, removes with a body', async () => {
    expect(
      (await b.call('organizations.members.create', { params: params(), body: { members: [b.other] } })).status,
    ).toBe(204)
    const list = await b.call('organizations.members.list', { params: params(), query: { include_totals: 'true' } })
    expect(list.body).toMatchObject({ total: 2, members: [{ user_id: b.user }, { user_id: b.other }] })
    expect(list.body.members[0]).not.toHaveProperty('roles')
    const eleven = Array.from({ length: 11 }, (_, index) => `auth0|${index}`)
    expect(await b.call('organizations.members.create', { params: params(), body: { members: eleven } })).toMatchObject(
      failed(400, /maximum 10/),
    )
    expect(
      (await b.call('organizations.members.delete', { params: params(), body: { members: [b.other] } })).status,
    ).toBe(204)
    expect(
      (await b.call('organizations.members.list', { params: params(), query: { take: '5' } })).body.members,
    ).toHaveLength(1)
  })

  it('shows roles only when asked and allowed', async () => {
    const role = b.lab.seed.roles[0]?.id ?? ''
    const member = { ...params(), user_id: b.user }
    expect(
      (await b.call('organizations.members.roles.assign', { params: member, body: { roles: [role] } })).status,
    ).toBe(204)
    const query = { fields: 'user_id,roles' }
    expect(
      await b.call('organizations.members.list', { params: params(), query, scopes: ['read:organization_members'] }),
    ).toMatchObject(failed(403, /read:organization_member_roles/, 'insufficient_scope'))
    const scopes = ['read:organization_members', 'read:organization_member_roles']
    const shown = await b.call('organizations.members.list', { params: params(), query, scopes })
    expect(shown.body).toEqual([{ user_id: b.user, roles: [{ id: role, name: 'reader' }] }])
    const stranger = { ...params(), user_id: b.other }
    expect((await b.call('organizations.members.roles.list', { params: stranger })).status).toBe(404)
  })

  it('answers 409 for the fifty-first role of a member', async () => {
    const roles: string[] = []
    for (let index = 0; index < 51; index += 1) {
      const { body } = await b.call('roles.create', { body: { name: `role ${index}` } })
      roles.push(body.id)
    }
    const member = { ...params(), user_id: b.user }
    expect(await b.call('organizations.members.roles.assign', { params: member, body: { roles } })).toMatchObject({
      status: 409,
    })
    expect(
      (await b.call('organizations.members.roles.assign', { params: member, body: { roles: roles.slice(1) } })).status,
    ).toBe(204)
  })
})

describe('invitations', () => {
  const params = () => ({ id: b.organization })
  const invite = (more: object = {}, linkDomain?: string) =>
    b.call('organizations.invitations.create', {
      params: params(),
      body: {
        inviter: { name: 'Admin' },
        invitee: { email: 'guest@example.com' },
        client_id: b.client,
        ...more,
      } as never,
      ...(linkDomain === undefined ? {} : { linkDomain }),
    })

  it('answers 200, with a link of the application and seven days of life', async () => {
    const { body, status } = await invite({}, 'login.acme.example')
    expect(status).toBe(200)
    expect(body.id).toMatch(/^uinv_\w{16}$/)
    const url = new URL(body.invitation_url)
    expect(url.origin + url.pathname).toBe('https://app.example.com/login')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      invitation: body.ticket_id,
      organization: b.organization,
      organization_name: 'acme',
    })
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(604_800_000)
    expect(b.mails().at(-1)).toMatchObject({
      to: 'guest@example.com',
      customDomain: 'login.acme.example',
      url: body.invitation_url,
    })
  })

  it('takes a lifetime, sends no mail when told not to, and disappears when it expires', async () => {
    const sent = b.mails().length
    const { body } = await invite({ ttl_sec: 60, send_invitation_email: false })
    expect(b.mails().length).toBe(sent)
    const list = await b.call('organizations.invitations.list', { params: params(), query: { include_totals: 'true' } })
    expect(list.body).toEqual({ start: 0, limit: 50, invitations: [body] })
    b.tenant.clock.advance(61_000)
    expect((await b.call('organizations.invitations.list', { params: params() })).body).toEqual([])
    expect(
      (await b.call('organizations.invitations.get', { params: { ...params(), invitation_id: body.id } })).status,
    ).toBe(404)
  })

  it('refuses an unknown application, connection and role, and passwordless or foreign connections', async () => {
    expect(await invite({ client_id: 'none' })).toMatchObject(failed(400, /client does not exist/, 'invalid_body'))
    expect(await invite({ roles: ['rol_none'] })).toMatchObject(failed(400, /roles do not exist/, 'invalid_body'))
    expect(await invite({ connection_id: 'con_none' })).toMatchObject(
      failed(400, /connection does not exist/, 'invalid_body'),
    )
    const sms = [...b.tenant.tables.connections.values()].find((one) => one['strategy'] === 'sms')?.['id']
    expect(await invite({ connection_id: sms })).toMatchObject(failed(400, /Passwordless/, 'invalid_body'))
    const { body } = await b.call('connections.create', { body: { name: 'more', strategy: 'auth0' } })
    expect(await invite({ connection_id: body.id })).toMatchObject(failed(400, /not enabled/, 'invalid_body'))
    expect((await invite({ connection_id: b.connection })).status).toBe(200)
  })

  it('needs an application that supports organizations and a login route', async () => {
    await b.call('clients.update', { params: { id: b.client }, body: { organization_usage: 'deny' } })
    expect(await invite()).toMatchObject(failed(400, /organizations/, 'invalid_body'))
    await b.call('clients.update', {
      params: { id: b.client },
      body: { organization_usage: 'require', initiate_login_uri: null },
    })
    const route = (uri: string | null) => b.call('tenants.settings.update', { body: { default_redirection_uri: uri } })
    await route('https://login.example.com/')
    expect((await invite()).body.invitation_url).toMatch(/^https:\/\/login\.example\.com\/\?invitation=/)
    await route(null)
    expect(await invite()).toMatchObject(failed(400, /^A default login route is required/, 'invalid_body'))
  })

  it('answers 404 for an unknown organization and 400 beyond a thousand', async () => {
    const call = {
      params: { id: 'org_none' },
      body: { inviter: { name: 'A' }, invitee: { email: 'a@b.c' }, client_id: b.client },
    }
    expect(await b.call('organizations.invitations.create', call)).toMatchObject({ status: 404 })
    expect(await b.call('organizations.invitations.list', { params: params(), query: { page: '20' } })).toMatchObject(
      failed(400, /1000/, 'invalid_paging'),
    )
  })
})

describe('connections, grants and discovery domains of an organization', () => {
  const params = () => ({ id: b.organization })

  it('enables, changes and disables a connection', async () => {
    const { body } = await b.call('connections.create', { body: { name: 'more', strategy: 'auth0' } })
    const added = await b.call('organizations.enabledConnections.add', {
      params: params(),
      body: { connection_id: body.id },
    })
    expect(added).toMatchObject({
      status: 201,
      body: { connection_id: body.id, connection: { name: 'more', strategy: 'auth0' } },
    })
    const again = await b.call('organizations.enabledConnections.add', {
      params: params(),
      body: { connection_id: body.id },
    })
    expect(again.status).toBe(409)
    const one = { ...params(), connectionId: body.id }
    const changed = await b.call('organizations.enabledConnections.update', {
      params: one,
      body: { assign_membership_on_login: true },
    })
    expect(changed.body.assign_membership_on_login).toBe(true)
    expect((await b.call('organizations.enabledConnections.list', { params: params() })).body).toHaveLength(2)
    expect((await b.call('organizations.enabledConnections.delete', { params: one })).status).toBe(204)
    expect((await b.call('organizations.enabledConnections.get', { params: one })).status).toBe(404)
  })

  it('associates grants that allow organizations, once', async () => {
    const grants = [...b.tenant.tables.clientGrants.values()]
    const allowed = grants.find((grant) => grant['organization_usage'] === 'allow')?.['id']
    const denied = grants.find((grant) => grant['organization_usage'] === undefined)?.['id']
    const add = (grant_id: unknown) =>
      b.call('organizations.clientGrants.create', { params: params(), body: { grant_id } as never })
    expect(await add(allowed)).toMatchObject({ status: 201, body: { id: allowed } })
    expect((await add(allowed)).status).toBe(409)
    expect(await add(denied)).toMatchObject(failed(400, /organization_usage/))
    expect((await add('cgr_none')).status).toBe(404)
    expect((await b.call('organizations.clientGrants.list', { params: params() })).body).toHaveLength(1)
    const found = await b.call('clients.list', { query: { q: `client_grant.organization_id:${b.organization}` } })
    expect(found.body.map((client: { client_id: string }) => client.client_id)).toEqual([b.client])
  })

  it('keeps a discovery domain once', async () => {
    const create = () =>
      b.call('organizations.discoveryDomains.create', { params: params(), body: { domain: 'Acme.Example' } })
    const { body, status } = await create()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      domain: 'acme.example',
      status: 'pending',
      verification_host: '_auth0-domain.acme.example',
    })
    expect((await create()).status).toBe(409)
    const byName = await b.call('organizations.discoveryDomains.getByName', {
      params: { ...params(), discovery_domain: 'acme.example' },
    })
    expect(byName.body.id).toBe(body.id)
    expect((await b.call('organizations.discoveryDomains.list', { params: params() })).body).toEqual({
      domains: [body],
    })
  })
})
