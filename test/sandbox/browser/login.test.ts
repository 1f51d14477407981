import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { manage, send, start, token } from '../bench.ts'
import { authorizeUrl, CALLBACK, type Seen, signIn, Visitor } from './visitor.ts'

const codeOf = ({ url }: Seen): string => url.searchParams.get('code') ?? ''
const exchange = (tenant: Sandbox, seen: Seen, more: Record<string, string> = {}) =>
  token(tenant, 'authorization_code', { code: codeOf(seen), redirect_uri: CALLBACK, ...more })
const configure = (tenant: Sandbox, changes: object) =>
  manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, changes)

describe('T19 a login in a browser', () => {
  it('T19 signs a person in by identifier and password, and sends them back with a code', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const page = await visitor.go(authorizeUrl(tenant, { login_hint: 'someone@example.com', nonce: 'n1' }))
    expect(page.html).toContain('value="someone@example.com"')
    const { email: username = '', password = '', user_id } = tenant.seed.users[1] ?? {}
    const wrong = await visitor.submit(page, { username, password: 'wrong' }, 'name="password"')
    expect([wrong.status, wrong.html]).toEqual([400, expect.stringContaining('Wrong email or password.')])
    const back = await visitor.submit(wrong, { username, password }, 'name="password"')
    expect(`${back.url.origin}${back.url.pathname}`).toBe(CALLBACK)
    expect(back.url.searchParams.get('state')).toBe('s1')
    const { body } = await exchange(tenant, back)
    expect(decodeJwt(body.id_token)).toMatchObject({ sub: user_id, nonce: 'n1' })
    const logs = (await manage(tenant, 'GET', '/logs?per_page=100')).body.map((each: { type: string }) => each.type)
    expect(logs).toEqual(expect.arrayContaining(['fp', 's', 'seacft']))
  })

  it('T19 remembers the browser: prompt none, login, select_account, and max_age', async () => {
    const tenant = await start({ clock: 'fixed' })
    const visitor = new Visitor(tenant)
    const silent = () => visitor.go(authorizeUrl(tenant, { prompt: 'none' }))
    expect((await silent()).url.searchParams.get('error')).toBe('login_required')
    const first = await exchange(tenant, await signIn(visitor, tenant, 1))
    const again = await exchange(tenant, await silent())
    expect(decodeJwt(again.body.id_token).sid).toBe(decodeJwt(first.body.id_token).sid)
    expect((await visitor.go(authorizeUrl(tenant, { prompt: 'login' }))).url.pathname).toBe('/u/login')
    const chooser = await visitor.go(authorizeUrl(tenant, { prompt: 'select_account' }))
    expect(chooser.url.pathname).toBe('/u/account')
    expect(codeOf(await visitor.submit(chooser, { action: 'continue' }))).not.toBe('')
    const other = await visitor.go(authorizeUrl(tenant, { prompt: 'select_account' }))
    expect((await visitor.submit(other, { action: 'other' })).url.pathname).toBe('/u/login')

    tenant.clock.advance(60_000)
    const fresh = await exchange(tenant, await visitor.go(authorizeUrl(tenant, { max_age: '60' })))
    expect(decodeJwt(fresh.body.id_token).auth_time).toBe(Math.floor((tenant.clock.now() - 60_000) / 1000))
    tenant.clock.advance(1000)
    expect((await visitor.go(authorizeUrl(tenant, { max_age: '60' }))).url.pathname).toBe('/u/login')
    const stale = await visitor.go(authorizeUrl(tenant, { max_age: '0', prompt: 'none' }))
    expect(stale.url.searchParams.get('error')).toBe('login_required')
    expect((await visitor.go(authorizeUrl(tenant, { max_age: 'soon' }))).url.searchParams.get('error')).toBe(
      'invalid_request',
    )
    tenant.clock.advance(73 * 3_600_000)
    expect((await silent()).url.searchParams.get('error')).toBe('login_required')
  })

  it('T19 signs a new person up, and mails those who forgot their password', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const page = await visitor.go(authorizeUrl(tenant, { screen_hint: 'signup' }))
    expect(page.url.pathname).toBe('/u/signup')
    const account = { email: 'New@example.com', password: 'Long-enough-1!' }
    const weak = await visitor.submit(page, { ...account, password: 'short' })
    expect(weak.status).toBe(400)
    const { body } = await exchange(tenant, await visitor.submit(weak, account))
    expect(decodeJwt(body.id_token)).toMatchObject({ email: 'new@example.com', email_verified: false })
    const login = await new Visitor(tenant).go(authorizeUrl(tenant))
    const forgetful = new Visitor(tenant)
    const start_ = await forgetful.go(authorizeUrl(tenant))
    expect(login.html).toContain('Sign up')
    const ask = await forgetful.go(`/u/reset-request?${start_.url.searchParams}`)
    await forgetful.submit(ask, { email: account.email })
    const { pathname, search } = new URL(tenant.outbox.last('email').url ?? '')
    const reset = await forgetful.go(pathname + search)
    const unequal = { password: 'Another-one-2!', confirm_password: 'Another-one-3!' }
    expect((await forgetful.submit(reset, unequal)).html).toContain('not the same')
    const done = await forgetful.submit(reset, { password: 'Another-one-2!', confirm_password: 'Another-one-2!' })
    expect(done.html).toContain('Password changed')
  })

  it('T19 asks for consent where an application is not the tenant’s own, once for the same scopes', async () => {
    const tenant = await start()
    await configure(tenant, { is_first_party: false })
    const visitor = new Visitor(tenant)
    const page = await signIn(visitor, tenant, 1)
    expect(page.url.pathname).toBe('/u/consent')
    const denied = await visitor.submit(page, { action: 'decline' })
    expect(denied.url.searchParams.get('error')).toBe('access_denied')
    const silent = await visitor.go(authorizeUrl(tenant, { prompt: 'none' }))
    expect(silent.url.searchParams.get('error')).toBe('login_required')
    const again = await signIn(visitor, tenant, 1)
    expect(codeOf(await visitor.submit(again, { action: 'accept' }))).not.toBe('')
    expect(codeOf(await visitor.go(authorizeUrl(tenant, { prompt: 'none' })))).not.toBe('')
    const more = authorizeUrl(tenant, { prompt: 'none', scope: 'openid profile email phone' })
    expect((await visitor.go(more)).url.searchParams.get('error')).toBe('consent_required')
    expect((await visitor.go(authorizeUrl(tenant, { prompt: 'consent' }))).url.pathname).toBe('/u/consent')
  })

  it('T19 has people pick their organization where the application requires one, and checks the one it names', async () => {
    const tenant = await start()
    const [acme, globex] = tenant.seed.organizations.map((each) => each.id)
    const members = { members: [tenant.seed.users[1]?.user_id] }
    await configure(tenant, { organization_usage: 'require', organization_require_behavior: 'post_login_prompt' })
    const lonely = await signIn(new Visitor(tenant), tenant, 1)
    expect(lonely.url.searchParams.get('error')).toBe('access_denied')
    await manage(tenant, 'POST', `/organizations/${acme}/members`, members)
    const visitor = new Visitor(tenant)
    const picker = await signIn(visitor, tenant, 1)
    expect(picker.url.pathname).toBe('/u/organization')
    expect(picker.html).not.toContain(globex)
    const { body } = await exchange(tenant, await visitor.submit(picker, { organization: acme ?? '' }))
    expect(decodeJwt(body.id_token).org_id).toBe(acme)
    const named = await exchange(tenant, await signIn(new Visitor(tenant), tenant, 1, { organization: 'acme' }))
    expect(decodeJwt(named.body.access_token === '' ? '' : named.body.id_token).org_id).toBe(acme)
    const foreign = await signIn(new Visitor(tenant), tenant, 1, { organization: globex ?? '' })
    expect(foreign.url.searchParams.get('error')).toBe('access_denied')
    const unknown = await new Visitor(tenant).go(authorizeUrl(tenant, { organization: 'org_nothing' }))
    expect(unknown.url.searchParams.get('error')).toBe('invalid_request')
  })

  it('T19 stands in for a social provider: a seeded person, a new one, or nobody', async () => {
    const tenant = await start()
    const made = await manage(tenant, 'POST', '/connections', {
      name: 'google-oauth2',
      strategy: 'google-oauth2',
      enabled_clients: [tenant.options.clientId],
    })
    expect(made.status).toBe(201)
    const visitor = new Visitor(tenant)
    const page = await visitor.go(authorizeUrl(tenant))
    expect(page.html).toContain('Continue with Google')
    const social = await visitor.go(authorizeUrl(tenant, { connection: 'google-oauth2' }))
    expect(social.url.pathname).toBe('/u/social')
    expect((await visitor.submit(social, { action: 'cancel' }, 'cancel')).html).toContain('cancelled')
    const email = tenant.seed.users[0]?.email ?? ''
    const first = await exchange(tenant, await visitor.submit(social, { email }, `value="${email}"`))
    expect(decodeJwt(first.body.id_token)).toMatchObject({ email, sub: expect.stringMatching(/^google-oauth2\|/) })
    const other = new Visitor(tenant)
    const again = await other.go(authorizeUrl(tenant, { connection: 'google-oauth2' }))
    const second = await exchange(tenant, await other.submit(again, { email }, `value="${email}"`))
    expect(decodeJwt(second.body.id_token).sub).toBe(decodeJwt(first.body.id_token).sub)
  })

  it.each([
    ['email', 'someone@example.com'],
    ['sms', '+15005550088'],
  ])('T19 signs in without a password by %s', async (connection, address) => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const page = await visitor.go(authorizeUrl(tenant, { connection }))
    expect(page.url.pathname).toBe('/u/passwordless')
    expect((await visitor.submit(page, { address: 'nonsense' })).status).toBe(400)
    const asked = await visitor.submit(page, { address })
    expect((await visitor.submit(asked, { code: '000000x' })).status).toBe(400)
    const { body } = await exchange(tenant, await visitor.submit(asked, { code: tenant.outbox.last().code ?? '' }))
    expect(decodeJwt(body.id_token).sub).toMatch(new RegExp(`^${connection}\\|`))
  })

  it('T21 follows a magic link to where the application wanted it', async () => {
    const tenant = await start()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const authParams = { redirect_uri: CALLBACK, scope: 'openid email', state: 'from-link', response_type: 'code' }
    const body = { client_id, client_secret, connection: 'email', email: 'link@example.com', authParams }
    await send(tenant, 'POST', '/passwordless/start', { body })
    const visitor = new Visitor(tenant)
    const back = await visitor.go(tenant.outbox.last('email').url ?? '')
    expect(back.url.searchParams.get('state')).toBe('from-link')
    expect(decodeJwt((await exchange(tenant, back)).body.id_token).email).toBe('link@example.com')
    expect((await visitor.go(tenant.outbox.last('email').url ?? '')).status).toBe(403)
    expect(codeOf(await visitor.go(authorizeUrl(tenant, { prompt: 'none' })))).not.toBe('')
  })

  it('T21 accepts an invitation: the new person becomes a member with roles', async () => {
    const tenant = await start()
    await configure(tenant, { organization_usage: 'allow' })
    const organization = tenant.seed.organizations[0]?.id ?? ''
    const roles = tenant.seed.roles.map((each) => each.id)
    const email = 'guest@example.com'
    const { body } = await manage(tenant, 'POST', `/organizations/${organization}/invitations`, {
      inviter: { name: 'Admin' },
      invitee: { email },
      client_id: tenant.options.clientId,
      roles,
    })
    const { searchParams } = new URL(body.invitation_url)
    const invitation = { invitation: searchParams.get('invitation') ?? '', organization }
    const visitor = new Visitor(tenant)
    const page = await visitor.go(authorizeUrl(tenant, invitation))
    expect(page.html).toContain(`value="${email}"`)
    const back = await exchange(tenant, await visitor.submit(page, { email, password: 'Long-enough-1!' }))
    expect(decodeJwt(back.body.id_token)).toMatchObject({ org_id: organization, email_verified: true })
    const members = await manage(tenant, 'GET', `/organizations/${organization}/members?fields=roles,email`)
    const guest = members.body.find((each: { email: string }) => each.email === email)
    expect(guest.roles).toHaveLength(roles.length)
  })

  it('T19 lets nobody else go on with a login: other browsers, other sites, old cookies', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const page = await visitor.go(authorizeUrl(tenant))
    const { email: username = '', password = '' } = tenant.seed.users[1] ?? {}
    const other = new Visitor(tenant)
    await other.go(authorizeUrl(tenant))
    expect((await other.go(page.url.href)).status).toBe(400)
    expect((await other.submit(page, { username, password }, 'name="password"')).status).toBe(400)
    const forged = { state: page.url.searchParams.get('state') ?? '', username, password }
    expect((await visitor.go('/u/login', forged)).status).toBe(403)
    const foreign = { ...forged, csrf_token: /name="csrf_token" value="([^"]+)"/.exec(page.html)?.[1] ?? '' }
    expect((await visitor.go('/u/login', foreign, { origin: 'https://evil.example' })).status).toBe(403)
    const before = visitor.cookies
    expect(codeOf(await visitor.submit(page, { username, password }, 'name="password"'))).not.toBe('')
    expect(visitor.cookies).not.toBe(before)
    const thief = await visitor.go(authorizeUrl(tenant, { prompt: 'none' }), undefined, { cookie: before })
    expect(thief.url.searchParams.get('error')).toBe('login_required')
  })

  it('T19 draws pages that run no script, load nothing and sit in no frame', async () => {
    const tenant = await start()
    const page = await new Visitor(tenant).go(authorizeUrl(tenant, { login_hint: '"><script>alert(1)</script>' }))
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain(`form-action 'self' ${new URL(CALLBACK).origin}`)
    expect(page.html).not.toContain('<script')
    expect(page.html).toContain('<html lang="en">')
    for (const [, id] of page.html.matchAll(/<input id="([^"]+)"/g)) expect(page.html).toContain(`<label for="${id}">`)
  })
})

describe('T19 the answer of /authorize', () => {
  const withImplicit = (tenant: Sandbox) =>
    configure(tenant, { grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'] })

  it('T19 comes in the query, the fragment, a form, or a message to the window', async () => {
    const tenant = await start()
    await configure(tenant, { web_origins: ['https://app.example.com'] })
    const visitor = new Visitor(tenant)
    await signIn(visitor, tenant, 1)
    const ask = (response_mode: string) => visitor.go(authorizeUrl(tenant, { response_mode, prompt: 'none' }))
    expect(codeOf(await ask('query'))).not.toBe('')
    expect(new URLSearchParams((await ask('fragment')).url.hash.slice(1)).get('code')).not.toBeNull()
    const form = await ask('form_post')
    expect(form.html).toContain(`action="${CALLBACK}"`)
    expect(form.html).toMatch(/name="code" value="[^"]{20,}"/)
    expect(form.html).toContain('name="state" value="s1"')
    const message = await ask('web_message')
    expect(message.html).toContain('"type":"authorization_response"')
    expect(message.html).toContain('"https://app.example.com"')
    const hostile = await visitor.go(
      authorizeUrl(tenant, { response_mode: 'web_message', prompt: 'none', state: '</script><script>x' }),
    )
    expect(hostile.html).not.toContain('</script><script>x')
    expect((await ask('pigeon')).url.searchParams.get('error')).toBe('invalid_request')
  })

  it('T19 refuses a window of an origin that the application does not list', async () => {
    const tenant = await start()
    await configure(tenant, { callbacks: [CALLBACK, 'https://*.wild.example/callback'], web_origins: [] })
    const answer = await new Visitor(tenant).go(
      authorizeUrl(tenant, { response_mode: 'web_message', redirect_uri: 'https://a.wild.example/callback' }),
    )
    expect(answer.html).toContain('invalid_request')
  })

  it.each([
    ['id_token', ['id_token']],
    ['token', ['access_token', 'expires_in', 'token_type']],
    ['token id_token', ['access_token', 'id_token']],
    ['code id_token', ['code', 'id_token']],
    ['code token', ['code', 'access_token']],
    ['code token id_token', ['code', 'access_token', 'id_token']],
  ])('T19 holds what response_type=%s asks for', async (response_type, names) => {
    const tenant = await start()
    await withImplicit(tenant)
    const back = await signIn(new Visitor(tenant), tenant, 1, { response_type, nonce: 'n-7' })
    const values = new URLSearchParams(back.url.hash.slice(1))
    expect([...values.keys()]).toEqual(expect.arrayContaining(names))
    const id_token = values.get('id_token')
    if (id_token === null) return
    const claims = decodeJwt(id_token)
    expect(claims).toMatchObject({ nonce: 'n-7', aud: tenant.options.clientId, email: tenant.seed.users[1]?.email })
    expect(claims.at_hash !== undefined).toBe(values.has('access_token'))
    expect(claims.c_hash !== undefined).toBe(values.has('code'))
  })

  it('T19 refuses tokens in the query, an ID token without nonce, and grants that the application lacks', async () => {
    const tenant = await start()
    const ask = async (more: Record<string, string>) => {
      const { url } = await new Visitor(tenant).go(authorizeUrl(tenant, more))
      return url.searchParams.get('error') ?? new URLSearchParams(url.hash.slice(1)).get('error')
    }
    await configure(tenant, { grant_types: ['authorization_code', 'client_credentials'] })
    expect(await ask({ response_type: 'id_token', nonce: 'n' })).toBe('unauthorized_client')
    await withImplicit(tenant)
    expect(await ask({ response_type: 'id_token' })).toBe('invalid_request')
    expect(await ask({ response_type: 'token', response_mode: 'query' })).toBe('invalid_request')
    expect(await ask({ prompt: 'none login' })).toBe('invalid_request')
    expect(await ask({ prompt: 'always' })).toBe('invalid_request')
    expect(await ask({ audience: 'https://nothing.example/' })).toBe('access_denied')
  })
})

describe('T21 addresses that an application allows', () => {
  it.each([
    ['https://*.example.org/cb', 'https://a.example.org/cb', true],
    ['https://*.example.org/cb', 'https://a.b.example.org/cb', false],
    ['https://*.example.org/cb', 'https://example.org/cb', false],
    ['https://*.example.org/cb', 'https://evil.test/.example.org/cb', false],
    ['https://*.example.org/cb', 'https://a.example.org/cb?x=1', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb', true],
    ['http://[::1]/cb', 'http://[::1]:4000/cb', true],
    ['http://localhost/cb', 'http://localhost:4000/cb', true],
    ['http://localhost:3000/cb', 'http://localhost:4000/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/other', false],
    ['http://example.org/cb', 'http://example.org:81/cb', false],
    ['com.example.app://callback', 'com.example.app://callback', true],
    ['https://{organization_name}.example.org/cb', 'https://acme.example.org/cb', true],
    ['https://{organization_name}.example.org/cb', 'https://globex.example.org/cb', false],
  ])('T21 %s and %s: %s', async (entry, redirect_uri, fits) => {
    const tenant = await start({ signInByLoginHint: true })
    await configure(tenant, { callbacks: [entry] })
    const organization: Record<string, string> = entry.includes('{') ? { organization: 'acme' } : {}
    const seen = await new Visitor(tenant).go(authorizeUrl(tenant, { redirect_uri, prompt: 'none', ...organization }))
    expect(seen.status).toBe(fits ? 302 : 400)
  })
})

describe('T21 logout', () => {
  it('T21 ends the session, and asks first where no hint says whose it is', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const silent = async () =>
      (await visitor.go(authorizeUrl(tenant, { prompt: 'none' }))).url.searchParams.get('error')
    const { body } = await exchange(tenant, await signIn(visitor, tenant, 1))
    expect(await silent()).toBeNull()
    const returnTo = 'https://app.example.com/signed-out?page=2'
    const out = await visitor.go(`/v2/logout?${new URLSearchParams({ client_id: tenant.options.clientId, returnTo })}`)
    expect(out.url.href).toBe(returnTo)
    expect(await silent()).toBe('login_required')

    await signIn(visitor, tenant, 1)
    const asked = await visitor.go('/oidc/logout')
    expect(asked.html).toContain('Sign out?')
    expect(await silent()).toBeNull()
    expect((await visitor.submit(asked, { confirmed: 'yes' })).status).toBe(302)
    expect(await silent()).toBe('login_required')

    const { id_token } = (await exchange(tenant, await signIn(visitor, tenant, 1))).body
    await visitor.go(`/oidc/logout?${new URLSearchParams({ id_token_hint: id_token })}`)
    expect(await silent()).toBe('login_required')
    const forged = `${body.id_token.slice(0, -8)}AAAAAAAA`
    const refused = await send(tenant, 'GET', `/oidc/logout?${new URLSearchParams({ id_token_hint: forged })}`)
    expect(refused.status).toBe(400)
  })
})
