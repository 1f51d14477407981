import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

const newUser = (more: object = {}) => ({
  connection: 'Username-Password-Authentication',
  email: 'New@Example.com',
  password: 'Right-1-Password',
  ...more,
})

describe('POST /users', () => {
  it('answers 201 with the defaults, a lower-case address and no private key', async () => {
    const { status, body } = await b.call('users.create', { body: newUser() })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email: 'new@example.com',
      email_verified: false,
      nickname: 'new',
      name: 'new@example.com',
      identities: [{ connection: 'Username-Password-Authentication', provider: 'auth0', isSocial: false }],
    })
    expect(body.user_id).toBe(`auth0|${body.identities[0].user_id}`)
    expect(Object.keys(body).filter((key) => key.startsWith('$'))).toEqual([])
    expect(JSON.stringify(body)).not.toContain('Right-1-Password')
  })

  it('prefixes a given user_id with the provider', async () => {
    const { body } = await b.call('users.create', { body: newUser({ user_id: 'abc' }) })
    expect(body.user_id).toBe('auth0|abc')
  })

  it.each([
    ['an unknown connection', { connection: 'nowhere' }, 400, 'The connection does not exist.'],
    ['a username without requires_username', { username: 'jane' }, 400, /Cannot set username/],
    ['no password', { password: undefined }, 400, /password/],
    ['a weak password', { password: 'weak' }, 400, 'PasswordStrengthError: Password is too weak'],
    ['a key with a dot in metadata', { user_metadata: { 'a.b': 1 } }, 400, /cannot contain/],
    ['a reserved key in app_metadata', { app_metadata: { identities: [] } }, 400, /reserved/],
    ['an id with blanks', { user_id: 'a b' }, 400, /user_id/],
  ])('refuses %s', async (_what, more, status, message) => {
    const body = Object.fromEntries(Object.entries(newUser(more)).filter(([, value]) => value !== undefined))
    expect(await b.call('users.create', { body })).toMatchObject(failed(status, message))
  })

  it('refuses a disabled connection and one that is neither database nor passwordless', async () => {
    const connection = b.tenant.tables.connections.get(b.connection) ?? {}
    b.tenant.tables.connections.set(b.connection, { ...connection, $disabled: true })
    expect(await b.call('users.create', { body: newUser() })).toMatchObject(failed(400, /disabled/))
    await b.call('connections.create', { body: { name: 'corp', strategy: 'samlp' } })
    expect(await b.call('users.create', { body: newUser({ connection: 'corp' }) })).toMatchObject(
      failed(400, /neither/),
    )
  })

  it('answers 409 for a second user with the same address, whatever its case', async () => {
    await b.call('users.create', { body: newUser() })
    const again = await b.call('users.create', { body: newUser({ email: 'NEW@example.com' }) })
    expect(again).toMatchObject(failed(409, 'The user already exists.', 'auth0_idp_error'))
  })

  it('mails a verification link on the chosen domain, unless verified or told not to', async () => {
    await b.call('users.create', { body: newUser(), linkDomain: 'login.acme.example' })
    expect(b.mails().at(-1)).toMatchObject({
      to: 'new@example.com',
      customDomain: 'login.acme.example',
      url: expect.stringMatching(/^https:\/\/login\.acme\.example\/u\/email-verification\?ticket=\w+#$/),
    })
    const sent = b.mails().length
    await b.call('users.create', { body: newUser({ email: 'a@example.com', verify_email: false }) })
    await b.call('users.create', { body: newUser({ email: 'b@example.com', email_verified: true }) })
    expect(b.mails().length).toBe(sent)
  })
})

describe('PATCH /users/{id}', () => {
  const patch = (body: object, more: object = {}) =>
    b.call('users.update', { params: { id: b.other }, body: body as never, ...more })

  it('merges metadata on the first level, null deletes a key, {} clears', async () => {
    await patch({ user_metadata: { a: 1, nested: { x: 1, y: 2 } } })
    expect((await patch({ user_metadata: { b: 2, nested: { x: 9 } } })).body.user_metadata).toEqual({
      a: 1,
      b: 2,
      nested: { x: 9 },
    })
    expect((await patch({ user_metadata: { a: null } })).body.user_metadata).toEqual({ b: 2, nested: { x: 9 } })
    expect((await patch({ user_metadata: {} })).body.user_metadata).toEqual({})
  })

  it.each([
    ['password', 'email'],
    ['password', 'email_verified'],
    ['username', 'email'],
    ['username', 'email_verified'],
    ['username', 'password'],
  ])('refuses %s together with %s', async (one, other) => {
    const value = (name: string) =>
      name === 'email_verified' ? true : name === 'email' ? 'z@example.com' : 'Right-1-Password'
    expect(await patch({ [one]: value(one), [other]: value(other) })).toMatchObject(
      failed(400, `Cannot update ${one} and ${other} simultaneously.`, 'invalid_body'),
    )
  })

  it('resets email_verified when the address changes, and sends a link when asked', async () => {
    const { body } = await patch(
      { email: 'Changed@example.com', verify_email: true },
      { linkDomain: 'id.globex.example' },
    )
    expect(body).toMatchObject({ email: 'changed@example.com', email_verified: false })
    expect(b.mails().at(-1)?.url).toMatch(/^https:\/\/id\.globex\.example\//)
  })

  it('unsets root fields with null and refuses null elsewhere and unknown keys', async () => {
    await patch({ given_name: 'U' })
    expect((await patch({ given_name: null })).body).not.toHaveProperty('given_name')
    expect(await patch({ email: null })).toMatchObject(failed(400, /null/, 'invalid_body'))
    expect(await patch({ favourite: 1 })).toMatchObject(failed(400, /Additional properties not allowed: favourite/))
    expect(await patch({})).toMatchObject(failed(400, /Too few properties/))
  })

  it('answers 404 for an unknown user and 400 for an address that another user has', async () => {
    expect(await b.call('users.update', { params: { id: 'auth0|none' }, body: { name: 'x' } })).toMatchObject(
      failed(404, 'The user does not exist.', 'inexistent_user'),
    )
    expect(await patch({ email: b.lab.seed.users[0]?.email })).toMatchObject(failed(400, /already exists/))
  })

  it('changes a password within the policy, lifts the admin block and ends sessions', async () => {
    await patch({ blocked: true })
    b.tenant.tables.sessions.set('s1', { id: 's1', user_id: b.other })
    expect(await patch({ password: 'x' })).toMatchObject(failed(400, 'PasswordStrengthError: Password is too weak'))
    const { body, status } = await patch({ password: 'Another-2-Password' })
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('blocked')
    expect(body.last_password_reset).toEqual(expect.any(String))
    expect(b.tenant.tables.sessions.size).toBe(0)
    expect(b.tenant.tables.users.get(b.other)?.['$password']).toBe('Another-2-Password')
  })

  it('remembers earlier passwords where the connection says so', async () => {
    const connection = b.tenant.tables.connections.get(b.connection) ?? {}
    b.tenant.tables.connections.set(b.connection, {
      ...connection,
      options: { password_history: { enable: true, size: 2 } },
    })
    await patch({ password: 'first' })
    await patch({ password: 'second' })
    expect(await patch({ password: 'first' })).toMatchObject(
      failed(400, 'PasswordHistoryError: Password has previously been used'),
    )
    await patch({ password: 'third' })
    expect((await patch({ password: 'first' })).status).toBe(200)
  })

  it('keeps a token of one user to that user and its metadata', async () => {
    const scopes = ['update:current_user_metadata']
    expect(await patch({ user_metadata: { a: 1 } }, { scopes, claims: { sub: b.user } })).toMatchObject({ status: 403 })
    expect((await patch({ user_metadata: { a: 1 } }, { scopes, claims: { sub: b.other } })).status).toBe(200)
    expect(await patch({ name: 'x' }, { scopes, claims: { sub: b.other } })).toMatchObject(
      failed(403, /scope/, 'insufficient_scope'),
    )
  })

  it('refuses profile fields that an enterprise connection syncs', async () => {
    b.tenant.tables.users.set('samlp|1', {
      user_id: 'samlp|1',
      identities: [{ connection: 'corp', provider: 'samlp', user_id: '1', isSocial: false }],
    })
    await b.call('connections.create', { body: { name: 'corp', strategy: 'samlp' } })
    const call = (body: object) => b.call('users.update', { params: { id: 'samlp|1' }, body: body as never })
    expect(await call({ name: 'x' })).toMatchObject(failed(400, /cannot be updated: name/))
    expect(await call({ email: 'x@example.com' })).toMatchObject(failed(400, /does not support setting email/))
    expect(await call({ email_verified: true })).toMatchObject(failed(400, /email_verified/))
    expect((await call({ user_metadata: { a: 1 } })).status).toBe(200)
  })
})

describe('reading and deleting users', () => {
  it('reads by id and by address with fields', async () => {
    const get = await b.call('users.get', { params: { id: b.user }, query: { fields: 'email,name' } })
    expect(Object.keys(get.body).sort()).toEqual(['email', 'name'])
    const less = await b.call('users.get', {
      params: { id: b.user },
      query: { fields: 'identities', include_fields: 'false' },
    })
    expect(less.body).not.toHaveProperty('identities')
    const email = b.lab.seed.users[0]?.email ?? ''
    expect((await b.call('users.listUsersByEmail', { query: { email } })).body).toHaveLength(1)
    expect((await b.call('users.listUsersByEmail', { query: { email: email.toUpperCase() } })).body).toEqual([])
    expect(await b.call('users.get', { params: { id: 'auth0|none' } })).toMatchObject(
      failed(404, 'The user does not exist.', 'inexistent_user'),
    )
  })

  it('shows tokens of identities only to callers that may read them', async () => {
    const user = b.tenant.tables.users.get(b.user) ?? {}
    b.tenant.tables.users.set(b.user, {
      ...user,
      identities: [{ provider: 'auth0', user_id: '1', connection: 'x', access_token: 't' }],
    })
    const hidden = await b.call('users.get', { params: { id: b.user }, scopes: ['read:users'] })
    expect(hidden.body.identities[0]).not.toHaveProperty('access_token')
    const shown = await b.call('users.get', { params: { id: b.user }, scopes: ['read:users', 'read:user_idp_tokens'] })
    expect(shown.body.identities[0].access_token).toBe('t')
  })

  it('deletes with 204, known or unknown, and takes memberships along', async () => {
    expect((await b.call('users.delete', { params: { id: b.user } })).status).toBe(204)
    expect((await b.call('users.delete', { params: { id: b.user } })).status).toBe(204)
    const members = await b.call('organizations.members.list', { params: { id: b.organization } })
    expect(members.body).toEqual([])
  })
})

describe('identities', () => {
  const second = async () =>
    (await b.call('users.create', { body: newUser({ user_id: 'second', user_metadata: { gone: true } }) })).body
      .user_id as string

  it('links by provider and id, the secondary disappears with its metadata, and comes back without it', async () => {
    const id = await second()
    const linked = await b.call('users.identities.link', {
      params: { id: b.user },
      body: { provider: 'auth0', user_id: id },
    })
    expect(linked.status).toBe(201)
    expect(linked.body).toHaveLength(2)
    expect(linked.body[1]).toMatchObject({ user_id: 'second', profileData: { email: 'new@example.com' } })
    expect(JSON.stringify(linked.body)).not.toContain('$password')
    expect((await b.call('users.get', { params: { id } })).status).toBe(404)
    const again = await b.call('users.identities.link', {
      params: { id: b.other },
      body: { provider: 'auth0', user_id: 'second' },
    })
    expect(again).toMatchObject({ status: 409 })

    const params = { id: b.user, provider: 'auth0', user_id: 'second' }
    const left = await b.call('users.identities.delete', { params })
    expect(left).toMatchObject({ status: 200 })
    expect(left.body).toHaveLength(1)
    const freed = await b.call('users.get', { params: { id } })
    expect(freed.body).toMatchObject({ email: 'new@example.com', user_id: id })
    expect(freed.body).not.toHaveProperty('user_metadata')
  })

  it('needs connection to change fields of a secondary identity', async () => {
    const id = await second()
    await b.call('connections.create', { body: { name: 'more', strategy: 'auth0' } })
    const other = (await b.call('users.create', { body: newUser({ connection: 'more', user_id: 'third' }) })).body
      .user_id
    await b.call('users.identities.link', { params: { id }, body: { provider: 'auth0', user_id: other } })
    const changed = await b.call('users.update', { params: { id }, body: { email_verified: true, connection: 'more' } })
    expect(changed.body.email_verified).toBe(false)
    expect(changed.body.identities[1].profileData.email_verified).toBe(true)
    expect(
      await b.call('users.update', { params: { id }, body: { email_verified: true, connection: 'elsewhere' } }),
    ).toMatchObject(failed(400, /identity/))
  })

  it('refuses the same identity, an unknown secondary, an empty body and the main identity', async () => {
    const link = (body: object) => b.call('users.identities.link', { params: { id: b.user }, body: body as never })
    expect(await link({ provider: 'auth0', user_id: b.user })).toMatchObject(failed(400, /same/))
    expect(await link({ provider: 'auth0', user_id: 'none' })).toMatchObject(failed(400, /does not exist/))
    expect(await link({})).toMatchObject(failed(400, /Too few/))
    expect(await link({ link_with: 'x' })).toMatchObject(failed(400, /JSON Web Token/))
    const params = { id: b.user, provider: 'auth0', user_id: b.user.split('|')[1] ?? '' }
    expect(await b.call('users.identities.delete', { params })).toMatchObject(failed(400, /Main identity/))
  })

  it('takes an ID token of the same issuer that was made for the calling application', async () => {
    const id = await second()
    const token = (claims: object) =>
      [{ alg: 'RS256' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
        .concat('.signature')
    const iss = `https://${b.tenant.domain}/`
    const link = (claims: object) =>
      b.call('users.identities.link', { params: { id: b.user }, body: { link_with: token(claims) } })
    expect(await link({ iss: 'https://elsewhere/', sub: id, aud: b.client })).toMatchObject(failed(400, /issuer/))
    expect(await link({ iss, sub: id, aud: 'another' })).toMatchObject(failed(400, /another application/))
    expect(await link({ iss, sub: id, aud: b.client })).toMatchObject({ status: 201 })
  })
})

describe('roles, permissions and organizations of a user', () => {
  it('assigns roles with 204 and shows the sources of permissions', async () => {
    const role = b.lab.seed.roles[0]?.id ?? ''
    const permission = { resource_server_identifier: 'https://items.example.com/', permission_name: 'read:items' }
    const params = { id: b.user }
    expect(
      await b.call('roles.permissions.add', { params: { id: role }, body: { permissions: [permission] } }),
    ).toMatchObject({ status: 201 })
    expect(await b.call('users.roles.assign', { params, body: { roles: [role] } })).toMatchObject({ status: 204 })
    expect(await b.call('users.permissions.create', { params, body: { permissions: [permission] } })).toMatchObject({
      status: 201,
    })
    const held = await b.call('users.permissions.list', { params })
    expect(held.body).toHaveLength(1)
    expect(held.body[0]).toMatchObject({ ...permission, resource_server_name: 'Example API' })
    expect(held.body[0].sources.map((source: { source_type: string }) => source.source_type)).toEqual([
      'DIRECT',
      'ROLE',
    ])
    expect((await b.call('users.permissions.delete', { params, body: { permissions: [permission] } })).status).toBe(204)
    expect((await b.call('users.roles.delete', { params, body: { roles: [role] } })).status).toBe(204)
    expect((await b.call('users.permissions.list', { params })).body).toEqual([])
    expect(
      (await b.call('users.organizations.list', { params, query: { include_totals: 'true' } })).body,
    ).toMatchObject({ total: 2, start: 0, limit: 50 })
    expect(await b.call('users.roles.assign', { params, body: { roles: ['rol_none'] } })).toMatchObject({ status: 404 })
  })
})

describe('authentication methods', () => {
  const params = () => ({ id: b.other })

  it('adds, lists under `authenticators`, changes and deletes', async () => {
    const made = await b.call('users.authenticationMethods.create', {
      params: params(),
      body: { type: 'phone', phone_number: '+15005550009' },
    })
    expect(made).toMatchObject({ status: 201, body: { type: 'phone', phone_number: '+15005550009' } })
    const list = await b.call('users.authenticationMethods.list', {
      params: params(),
      query: { include_totals: 'true' },
    })
    expect(list.body).toMatchObject({ total: 1, authenticators: [{ type: 'phone', confirmed: true }] })
    const again = await b.call('users.authenticationMethods.create', {
      params: params(),
      body: { type: 'phone', phone_number: '+15005550009' },
    })
    expect(again).toMatchObject({ status: 409 })
    const one = { ...params(), authentication_method_id: made.body.id }
    expect(
      (await b.call('users.authenticationMethods.update', { params: one, body: { name: 'Work' } })).body.name,
    ).toBe('Work')
    expect((await b.call('users.authenticationMethods.delete', { params: one })).status).toBe(204)
    expect((await b.call('users.authenticationMethods.get', { params: one })).status).toBe(404)
  })

  it('gives a new recovery code only to users that have something enrolled', async () => {
    expect(await b.call('users.regenerateRecoveryCode', { params: params() })).toMatchObject({ status: 404 })
    await b.call('users.authenticationMethods.create', {
      params: params(),
      body: { type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXP' },
    })
    const { body, status } = await b.call('users.regenerateRecoveryCode', { params: params() })
    expect(status).toBe(200)
    expect(body.recovery_code).toMatch(/^[A-Z0-9]{24}$/)
    const types = (await b.call('users.authenticationMethods.list', { params: params() })).body.map(
      (one: { type: string }) => one.type,
    )
    expect(types).toEqual(['totp', 'recovery-code'])
  })

  it('replaces everything with PUT, except for a user with a passkey', async () => {
    const set = () =>
      b.call('users.authenticationMethods.set', { params: params(), body: [{ type: 'email', email: 'x@example.com' }] })
    expect((await set()).body).toMatchObject([{ type: 'email', email: 'x@example.com' }])
    await b.call('users.authenticationMethods.create', {
      params: params(),
      body: { type: 'passkey', key_id: 'k', public_key: 'p' },
    })
    expect(await set()).toMatchObject({ status: 403 })
    expect((await b.call('users.authenticationMethods.deleteAll', { params: params() })).status).toBe(204)
    expect((await set()).status).toBe(200)
  })
})

describe('user blocks', () => {
  it('lists and lifts brute-force blocks by id and by identifier', async () => {
    const block = { blocked_for: [{ identifier: 'user-one@example.com', ip: '203.0.113.1' }] }
    b.tenant.tables.userBlocks.set(b.user, block)
    expect((await b.call('userBlocks.list', { params: { id: b.user } })).body).toEqual(block)
    expect(
      (await b.call('userBlocks.listByIdentifier', { query: { identifier: 'user-one@example.com' } })).body,
    ).toEqual(block)
    expect(
      (await b.call('userBlocks.deleteByIdentifier', { query: { identifier: 'user-one@example.com' } })).status,
    ).toBe(204)
    expect((await b.call('userBlocks.list', { params: { id: b.user } })).body).toEqual({ blocked_for: [] })
  })
})
