import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { login, manage, send, start, token } from './bench.ts'

const MINUTE = 60_000
const client = (tenant: Sandbox) => ({ client_id: tenant.options.clientId })

describe('passwordless', () => {
  const grant = 'http://auth0.com/oauth/grant-type/passwordless/otp'

  it.each([
    ['sms', { phone_number: '+15005550077' }, '+15005550077'],
    ['email', { email: 'someone@example.com', send: 'code' }, 'someone@example.com'],
  ])('signs a new address up by %s code, once', async (connection, fields, username) => {
    const tenant = await start()
    const started = await send(tenant, 'POST', '/passwordless/start', {
      body: { ...client(tenant), connection, ...fields },
    })
    expect(started.body).toMatchObject({ _id: expect.any(String) })
    const otp = tenant.outbox.last().code ?? ''
    const fine = { realm: connection, username, otp, scope: 'openid' }
    expect((await token(tenant, grant, { ...fine, otp: '000000x' })).body.error).toBe('invalid_grant')
    const done = await token(tenant, grant, fine)
    expect(decodeJwt(done.body.id_token).sub).toMatch(new RegExp(`^${connection}\\|`))
    expect((await token(tenant, grant, fine)).status).toBe(403)
  })

  it('sends a link unless a code is asked for, and forgets the code after three minutes', async () => {
    const tenant = await start({ seed: 'link', clock: 'fixed' })
    const body = { ...client(tenant), connection: 'email', email: 'someone@example.com' }
    await send(tenant, 'POST', '/passwordless/start', { body })
    const message = tenant.outbox.last('email')
    expect(message.url).toContain(`https://${tenant.domain}/passwordless/verify_redirect?`)
    tenant.clock.advance(3 * MINUTE)
    const late = { realm: 'email', username: body.email, otp: message.code ?? '' }
    expect((await token(tenant, grant, late)).status).toBe(403)
  })

  it('checks connection and application', async () => {
    const tenant = await start()
    const ask = (body: object) => send(tenant, 'POST', '/passwordless/start', { body })
    expect((await ask({ ...client(tenant), connection: 'pigeon' })).status).toBe(400)
    expect((await ask({ ...client(tenant), connection: 'sms' })).body.error_description).toBe(
      'Missing required parameter: phone_number',
    )
    expect((await ask({ client_id: 'nobody', connection: 'sms', phone_number: '+1' })).status).toBe(401)
  })
})

describe('device', () => {
  const grant = 'urn:ietf:params:oauth:grant-type:device_code'
  const begin = (tenant: Sandbox) =>
    send(tenant, 'POST', '/oauth/device/code', { form: { ...client(tenant), scope: 'openid' } })

  it('waits for the person, slows down hasty polls, and gives the tokens once', async () => {
    const tenant = await start({ seed: 'device', clock: 'fixed' })
    const { body } = await begin(tenant)
    expect(body).toMatchObject({
      expires_in: 900,
      interval: 5,
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
    })
    const poll = () => token(tenant, grant, { device_code: body.device_code })
    const pending = await poll()
    expect([pending.status, pending.body.error]).toEqual([403, 'authorization_pending'])
    const hasty = await poll()
    expect([hasty.status, hasty.body.error]).toEqual([429, 'slow_down'])
    tenant.clock.advance(5000)
    tenant.outbox.approve()
    expect((await poll()).body.id_token).toBeDefined()
    expect((await poll()).body.error).toBe('invalid_grant')
  })

  it('ends when refused, and expires once', async () => {
    const tenant = await start({ seed: 'refused', clock: 'fixed' })
    const first = (await begin(tenant)).body.device_code
    tenant.outbox.reject()
    expect((await token(tenant, grant, { device_code: first })).body.error).toBe('access_denied')
    const second = (await begin(tenant)).body.device_code
    tenant.clock.advance(15 * MINUTE)
    expect((await token(tenant, grant, { device_code: second })).body.error).toBe('expired_token')
    expect((await token(tenant, grant, { device_code: second })).body.error).toBe('invalid_grant')
  })
})

describe('authorize', () => {
  const callback = 'https://app.example.com/callback'
  const authorize = (tenant: Sandbox, more: Record<string, string> = {}) => {
    const query = { ...client(tenant), response_type: 'code', redirect_uri: callback, state: 's1', ...more }
    return send(tenant, 'GET', `/authorize?${new URLSearchParams(query)}`)
  }

  it('sends the hinted person back with a code that PKCE guards', async () => {
    const tenant = await start({ signInByLoginHint: true })
    const verifier = 'v'.repeat(43)
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const login_hint = tenant.seed.users[1]?.email ?? ''
    const more = { login_hint, code_challenge, code_challenge_method: 'S256', scope: 'openid', nonce: 'n1' }
    const codeOf = async () => {
      const back = new URL((await authorize(tenant, more)).headers.get('location') ?? '')
      expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([callback, 's1'])
      return back.searchParams.get('code') ?? ''
    }
    const wrong = await token(tenant, 'authorization_code', { code: await codeOf(), redirect_uri: callback })
    expect([wrong.status, wrong.body.error_description]).toEqual([403, 'Failed to verify code verifier'])
    const fields = { code: await codeOf(), redirect_uri: callback, code_verifier: verifier }
    const done = await token(tenant, 'authorization_code', fields)
    expect(decodeJwt(done.body.id_token)).toMatchObject({ nonce: 'n1', sub: tenant.seed.users[1]?.user_id })
    const again = await token(tenant, 'authorization_code', fields)
    expect([again.status, again.body.error_description]).toEqual([403, 'Invalid authorization code'])
  })

  it('shows a page to a stranger, and is honest about what it lacks', async () => {
    const tenant = await start()
    expect((await authorize(tenant)).headers.get('location')).toMatch(/^\/u\/login\?state=/)
    const location = (await authorize(tenant, { prompt: 'none' })).headers.get('location') ?? ''
    expect(new URL(location).searchParams.get('error')).toBe('login_required')
    expect((await authorize(tenant, { redirect_uri: 'https://evil.example/' })).status).toBe(400)
    const native = { client_id: tenant.seed.clients[2]?.client_id ?? '' }
    const implicit = (await authorize(tenant, { response_type: 'token', ...native })).headers.get('location') ?? ''
    expect(new URLSearchParams(new URL(implicit).hash.slice(1)).get('error')).toBe('unauthorized_client')
    const strange = (await authorize(tenant, { response_type: 'magic' })).headers.get('location') ?? ''
    expect(new URL(strange).searchParams.get('error')).toBe('unsupported_response_type')
  })
})

describe('pushed authorization request', () => {
  it('is used by its name, once, within half a minute', async () => {
    const tenant = await start({ seed: 'par', clock: 'fixed' })
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const login_hint = tenant.seed.users[1]?.email ?? ''
    const form = {
      client_id,
      client_secret,
      response_type: 'code',
      redirect_uri: 'https://app.example.com/callback',
      login_hint,
    }
    const push = () => send(tenant, 'POST', '/oauth/par', { form })
    const { body, status } = await push()
    expect([status, body.expires_in]).toEqual([201, 30])
    const go = (request_uri: string) =>
      send(tenant, 'GET', `/authorize?${new URLSearchParams({ client_id, request_uri })}`)
    expect((await go(body.request_uri)).status).toBe(302)
    expect((await go(body.request_uri)).status).toBe(400)
    const late = (await push()).body.request_uri
    tenant.clock.advance(30_000)
    expect((await go(late)).body.error).toBe('invalid_request_uri')
    expect((await send(tenant, 'POST', '/oauth/par', { form: { ...form, client_secret: 'x' } })).status).toBe(401)
  })
})

describe('backchannel', () => {
  const grant = 'urn:openid:params:grant-type:ciba'
  const begin = (tenant: Sandbox, more: Record<string, string> = {}) => {
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const sub = tenant.seed.users[1]?.user_id
    const login_hint = JSON.stringify({ format: 'iss_sub', iss: `https://${tenant.domain}/`, sub })
    const form = { client_id, client_secret, login_hint, scope: 'openid', binding_message: 'pay 5 EUR', ...more }
    return send(tenant, 'POST', '/bc-authorize', { form })
  }

  it('waits for consent on another device', async () => {
    const tenant = await start({ seed: 'ciba', clock: 'fixed' })
    const { body } = await begin(tenant)
    expect(body).toMatchObject({ expires_in: 300, interval: 5 })
    const poll = () => token(tenant, grant, { auth_req_id: body.auth_req_id })
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } })
    const hasty = await poll()
    expect([hasty.status, hasty.body.error, hasty.headers.get('retry-after')]).toEqual([429, 'slow_down', '5'])
    tenant.outbox.approve()
    expect(decodeJwt((await poll()).body.id_token).sub).toBe(tenant.seed.users[1]?.user_id)
    expect((await poll()).body.error).toBe('invalid_grant')
  })

  it('ends when refused or expired, and checks its fields', async () => {
    const tenant = await start({ seed: 'no', clock: 'fixed' })
    const refused = (await begin(tenant)).body.auth_req_id
    tenant.outbox.reject()
    expect(await token(tenant, grant, { auth_req_id: refused })).toMatchObject({
      status: 400,
      body: { error: 'access_denied' },
    })
    const late = (await begin(tenant, { requested_expiry: '60' })).body.auth_req_id
    tenant.clock.advance(MINUTE)
    expect((await token(tenant, grant, { auth_req_id: late })).body.error).toBe('access_denied')
    expect((await begin(tenant, { login_hint: 'someone' })).status).toBe(400)
    expect((await begin(tenant, { scope: 'email' })).body.error).toBe('invalid_scope')
    expect((await begin(tenant, { binding_message: '<b>' })).status).toBe(400)
  })
})

describe('database connections', () => {
  const connection = 'Username-Password-Authentication'
  const signup = (tenant: Sandbox, fields: object) =>
    send(tenant, 'POST', '/dbconnections/signup', { body: { ...client(tenant), connection, ...fields } })

  it('signs up a user who can then log in', async () => {
    const tenant = await start()
    const account = { email: 'New.User@example.com', password: 'Long-enough-1!' }
    const made = await signup(tenant, { ...account, user_metadata: { plan: 'a' } })
    expect(made.body).toMatchObject({ _id: expect.any(String), email: 'new.user@example.com', email_verified: false })
    expect(JSON.stringify(made.body)).not.toContain(account.password)
    const done = await token(tenant, 'password', { username: account.email, password: account.password })
    expect(done.status).toBe(200)
    expect(await signup(tenant, account)).toMatchObject({
      status: 400,
      body: { name: 'BadRequestError', code: 'invalid_signup', description: 'Invalid sign up' },
    })
  })

  it('refuses a weak password', async () => {
    const tenant = await start()
    const weak = await signup(tenant, { email: 'weak@example.com', password: 'short' })
    expect(weak).toMatchObject({ status: 400, body: { code: 'invalid_password' } })
  })

  it('mails a link to change the password, and tells nobody whether the address exists', async () => {
    const tenant = await start()
    const ask = (email = '') =>
      send(tenant, 'POST', '/dbconnections/change_password', { body: { ...client(tenant), connection, email } })
    const known = await ask(tenant.seed.users[1]?.email)
    expect(known.headers.get('content-type')).toContain('text/plain')
    expect((await ask('nobody@example.com')).body).toBe(known.body)
    expect(tenant.outbox.email).toHaveLength(1)
    expect(tenant.outbox.last('email').url).toContain(`https://${tenant.domain}/`)
  })
})

describe('links of mails', () => {
  const pathOf = (url = '') => url.slice(url.indexOf('/u/'))

  it('verify an address once', async () => {
    const tenant = await start()
    const user_id = tenant.seed.users[0]?.user_id ?? ''
    const { ticket } = (await manage(tenant, 'POST', '/tickets/email-verification', { user_id })).body
    expect((await send(tenant, 'GET', pathOf(ticket))).status).toBe(200)
    expect((await manage(tenant, 'GET', `/users/${encodeURIComponent(user_id)}`)).body.email_verified).toBe(true)
    expect((await send(tenant, 'GET', pathOf(ticket))).status).toBe(400)
  })

  it('change a password, if it is strong enough', async () => {
    const tenant = await start()
    const user_id = tenant.seed.users[1]?.user_id
    const { ticket } = (await manage(tenant, 'POST', '/tickets/password-change', { user_id })).body
    const path = pathOf(ticket)
    expect((await send(tenant, 'GET', path)).status).toBe(200)
    expect((await send(tenant, 'POST', path, { form: { password: 'weak' } })).status).toBe(400)
    expect((await send(tenant, 'POST', path, { form: { password: 'Another-one-2!' } })).status).toBe(200)
    expect((await login(tenant, 1)).status).toBe(403)
    expect((await login(tenant, 1, { password: 'Another-one-2!' })).status).toBe(200)
  })
})

describe('logout', () => {
  it('returns to allowed addresses only', async () => {
    const tenant = await start()
    const returnTo = 'https://app.example.com/signed-out'
    const out = (query: Record<string, string>) => send(tenant, 'GET', `/v2/logout?${new URLSearchParams(query)}`)
    const back = await out({ ...client(tenant), returnTo })
    expect([back.status, back.headers.get('location')]).toEqual([302, returnTo])
    expect((await out(client(tenant))).headers.get('location')).toBe(returnTo)
    expect((await out({ returnTo })).status).toBe(400)
    expect((await out({ returnTo: 'https://www.example.com/signed-out' })).status).toBe(302)
  })

  it('checks the hints of OpenID Connect logout against each other', async () => {
    const tenant = await start()
    const { body } = await login(tenant, 1, { scope: 'openid' })
    const post_logout_redirect_uri = 'https://app.example.com/signed-out'
    const out = (query: Record<string, string>) => send(tenant, 'GET', `/oidc/logout?${new URLSearchParams(query)}`)
    const fine = { id_token_hint: body.id_token, post_logout_redirect_uri, state: 'z' }
    expect((await out(fine)).headers.get('location')).toBe(`${post_logout_redirect_uri}?state=z`)
    expect((await out({ ...fine, client_id: tenant.seed.clients[1]?.client_id ?? '' })).status).toBe(400)
    expect((await out({ ...fine, logout_hint: 'other' })).status).toBe(400)
  })
})

describe('log events', () => {
  it('tell of logins, failures and second factors', async () => {
    const tenant = await start()
    await login(tenant, 0)
    await login(tenant, 1)
    await login(tenant, 1, { password: 'wrong' })
    const logs = await manage(tenant, 'GET', '/logs?per_page=100')
    const types = logs.body.map((each: { type: string }) => each.type)
    expect(types).toEqual(expect.arrayContaining(['mfar', 's', 'sepft', 'fp', 'fepft']))
  })
})
