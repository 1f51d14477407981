// What an authorization request names: a connection, a signed request; and where mails lead.
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { manage, managementToken, start } from '../bench.ts'
import { authorizeUrl, type Seen, Visitor } from './visitor.ts'

const problemOf = ({ url }: Seen): readonly (string | null)[] =>
  ['error', 'error_description', 'state'].map((name) => url.searchParams.get(name))

describe('T19 a connection that a request names', () => {
  it('has to be there, and to be enabled for the application', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    for (const connection of ['nope', 'username-password-authentication'])
      expect(problemOf(await visitor.go(authorizeUrl(tenant, { connection })))).toEqual([
        'invalid_request',
        'the connection was not found',
        's1',
      ])
    await manage(tenant, 'POST', '/connections', { name: 'staff', strategy: 'auth0', enabled_clients: [] })
    expect(problemOf(await visitor.go(authorizeUrl(tenant, { connection: 'staff' })))[1]).toBe(
      'the connection is not enabled',
    )
    const known = await visitor.go(authorizeUrl(tenant, { connection: tenant.seed.connection.name }))
    expect(known.url.pathname).toBe('/u/login')
    expect((await visitor.go(authorizeUrl(tenant, { connection: '' }))).url.pathname).toBe('/u/login')
  })
})

describe('T19 what is left for later', () => {
  it.each(['a.b.c', ''])('is refused where a request asks for it, not passed over: request=%s', async (request) => {
    const tenant = await start()
    const seen = await new Visitor(tenant).go(authorizeUrl(tenant, { request }))
    expect(problemOf(seen)[0]).toBe('request_not_supported')
  })
})

describe('T21 the link of a mail', () => {
  it.each([
    ['plain HTTP', { tls: false }, (tenant: { url: string }) => tenant.url],
    ['HTTP beside HTTPS', {}, (tenant: { url: string }) => tenant.url],
    ['localhost', { tls: false }, (tenant: { url: string }) => tenant.url.replace('127.0.0.1', 'localhost')],
  ] as const)('leads back where it was asked for: %s', async (_name, options, originOf) => {
    const tenant = await start(options)
    const origin = originOf(tenant)
    const [, user] = tenant.seed.users
    const asked = await fetch(`${origin}/dbconnections/change_password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: tenant.options.clientId,
        email: user?.email,
        connection: tenant.seed.connection.name,
      }),
    })
    expect(asked.status).toBe(200)
    const { url = '' } = tenant.outbox.last('email')
    expect(new URL(url).origin).toBe(origin)
    expect((await fetch(url)).status).toBe(200)
  })
})

describe('T21 the link of a ticket', () => {
  it.each([
    ['/tickets/password-change', (user: string) => ({ user_id: user })],
    ['/tickets/email-verification', (user: string) => ({ user_id: user })],
    ['/guardian/enrollments/ticket', (user: string) => ({ user_id: user })],
  ])('leads where the caller reaches the tenant, or to the custom domain they name: %s', async (path, bodyOf) => {
    const tenant = await start({ tls: false })
    const authorization = `Bearer ${await managementToken(tenant)}`
    const make = async (origin: string, headers: Record<string, string> = {}): Promise<string> => {
      const answer = await fetch(`${origin}/api/v2${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(bodyOf(tenant.seed.users[1]?.user_id ?? '')),
      })
      const body = (await answer.json()) as { ticket?: string; ticket_url?: string }
      return body.ticket ?? body.ticket_url ?? JSON.stringify(body)
    }
    const link = await make(tenant.url)
    expect(new URL(link).origin).toBe(tenant.url)
    expect((await fetch(link, { redirect: 'manual' })).status).toBeLessThan(400)
    const domain = String((await manage(tenant, 'GET', '/custom-domains')).body[0].domain)
    expect(new URL(await make(tenant.url, { 'auth0-custom-domain': domain })).origin).toBe(`https://${domain}`)
    const body = bodyOf(tenant.seed.users[1]?.user_id ?? '')
    const canonical = (await manage(tenant, 'POST', path, body)).body
    expect(new URL(canonical.ticket ?? canonical.ticket_url).origin).toBe(`https://${tenant.domain}`)
  })
})

describe('T19 what an authorization request leaves out', () => {
  const errorOf = ({ url }: Seen) =>
    (url.searchParams.get('error_description') ?? new URLSearchParams(url.hash.slice(1)).get('error_description')) ||
    'none'

  it('T19 takes a parameter without a value as left out', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    for (const name of ['response_mode', 'code_challenge', 'connection', 'invitation', 'prompt', 'max_age'])
      expect([name, (await visitor.go(authorizeUrl(tenant, { [name]: '' }))).url.pathname]).toEqual([name, '/u/login'])
    const tokens = { response_type: 'id_token', nonce: '', response_mode: 'fragment' }
    await manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, {
      grant_types: ['authorization_code', 'implicit', 'client_credentials'],
    })
    expect(errorOf(await visitor.go(authorizeUrl(tenant, tokens)))).toBe('Missing required parameter: nonce')
  })

  it('T20 knows its own audiences by the canonical domain as well', async () => {
    const tenant = await start()
    const { origin } = new URL(tenant.url)
    const visitor = new Visitor(tenant, origin)
    const url = authorizeUrl(tenant, { audience: `https://${tenant.domain}/userinfo` })
    expect((await visitor.go(url)).url.pathname).toBe('/u/login')
  })
})

describe('T6 how an application that requires an organization gets one', () => {
  const require = async (tenant: Sandbox, organization_require_behavior: string | null) => {
    const body = { organization_usage: 'require', organization_require_behavior }
    const { status } = await manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, body)
    expect(status).toBe(200)
  }

  it('T6 refuses a request without one, as Auth0 does unless it is told otherwise', async () => {
    const tenant = await start()
    for (const behavior of ['no_prompt', null]) {
      await require(tenant, behavior)
      const { url } = await new Visitor(tenant).go(authorizeUrl(tenant))
      expect([...url.searchParams].slice(0, 2)).toEqual([
        ['error', 'invalid_request'],
        ['error_description', 'parameter organization is required for this client'],
      ])
    }
    const named = await new Visitor(tenant).go(authorizeUrl(tenant, { organization: 'acme' }))
    expect(named.url.pathname).toBe('/u/login')
  })

  it('T6 asks for its name before the login, where it is told to', async () => {
    const tenant = await start()
    const [acme] = tenant.seed.organizations
    const [, user] = tenant.seed.users
    await manage(tenant, 'POST', `/organizations/${acme?.id}/members`, { members: [user?.user_id] })
    await require(tenant, 'pre_login_prompt')
    const visitor = new Visitor(tenant)
    const asked = await visitor.go(authorizeUrl(tenant))
    expect([asked.url.pathname, asked.html]).toEqual(['/u/organization', expect.stringContaining('Name of your')])
    const unknown = await visitor.submit(asked, { organization_name: '<nobody>' })
    expect([unknown.status, unknown.html]).toEqual([400, expect.stringContaining('There is no organization of this')])
    expect(unknown.html).toContain('value="&lt;nobody&gt;"')
    const login = await visitor.submit(unknown, { organization_name: 'ACME' })
    expect(login.url.pathname).toBe('/u/login')
    const back = await visitor.submit(login, { username: user?.email ?? '', password: user?.password ?? '' })
    expect(back.url.searchParams.get('code')).toMatch(/./)
    const silent = await new Visitor(tenant).go(authorizeUrl(tenant, { prompt: 'none' }))
    expect(silent.url.searchParams.get('error')).toBe('login_required')
  })
})

describe('T6 settings that logins go by', () => {
  it('T6 makes members of those who sign in, where the connection of the organization says so', async () => {
    const tenant = await start()
    const [acme] = tenant.seed.organizations
    const [, user] = tenant.seed.users
    const enabled = `/organizations/${acme?.id}/enabled_connections`
    const { id: connection_id } = tenant.seed.connection
    await manage(tenant, 'DELETE', `${enabled}/${connection_id}`)
    await manage(tenant, 'POST', enabled, { connection_id, assign_membership_on_login: false })
    const members = async () => (await manage(tenant, 'GET', `/organizations/${acme?.id}/members`)).body
    const before = await members()
    const enter = async () => {
      const visitor = new Visitor(tenant)
      const page = await visitor.go(authorizeUrl(tenant, { organization: 'acme' }))
      return visitor.submit(page, { username: user?.email ?? '', password: user?.password ?? '' })
    }
    if (before.some((each: { user_id: string }) => each.user_id === user?.user_id))
      await manage(tenant, 'DELETE', `/organizations/${acme?.id}/members`, { members: [user?.user_id] })
    expect((await enter()).url.searchParams.get('error')).toBe('access_denied')
    await manage(tenant, 'PATCH', `${enabled}/${connection_id}`, { assign_membership_on_login: true })
    expect((await enter()).url.searchParams.get('code')).toMatch(/./)
    expect(await members()).toContainEqual(expect.objectContaining({ user_id: user?.user_id }))
  })

  it('T6 gives tokens to a browser for the lifetime that the API has for browsers', async () => {
    const tenant = await start()
    const api = {
      identifier: 'https://web.example.com/',
      name: 'web',
      token_lifetime: 5000,
      token_lifetime_for_web: 50,
    }
    await manage(tenant, 'POST', '/resource-servers', api)
    const visitor = new Visitor(tenant)
    const asked = { audience: api.identifier, response_type: 'token' }
    const { email: username = '', password = '' } = tenant.seed.users[1] ?? {}
    let page = await visitor.submit(await visitor.go(authorizeUrl(tenant, asked)), { username, password })
    if (page.url.pathname === '/u/consent') page = await visitor.submit(page, { action: 'accept' })
    expect(new URLSearchParams(page.url.hash.slice(1)).get('expires_in')).toBe('50')
  })
})
