import { describe, expect, it } from 'vitest'
import { manage, managementToken, send, start, token } from './bench.ts'

const DAY = 86_400_000
const bearer = (value: string) => ({ headers: { authorization: `Bearer ${value}` } })
const settings = '/api/v2/tenants/settings'

describe('bearer', () => {
  it('answers each fault of the token with its own words', async () => {
    const tenant = await start({ seed: 'bearer', clock: 'fixed' })
    const good = await managementToken(tenant)
    const unauthorized = (message: string) => ({
      status: 401,
      body: { statusCode: 401, error: 'Unauthorized', message, attributes: { error: message } },
    })
    expect(await send(tenant, 'GET', settings)).toMatchObject(unauthorized('Missing authentication'))
    expect(await send(tenant, 'GET', settings, bearer('nonsense'))).toMatchObject(unauthorized('Invalid token'))
    const [head, payload] = good.split('.')
    expect(await send(tenant, 'GET', settings, bearer(`${head}.${payload}.AAAA`))).toMatchObject(
      unauthorized('Invalid signature received for JSON Web Token validation'),
    )
    expect(await send(tenant, 'GET', settings, { headers: { authorization: 'Token x' } })).toMatchObject({
      status: 400,
      body: { message: 'Bad HTTP authentication header format' },
    })
    const other = await token(tenant, 'client_credentials', { audience: tenant.seed.api.identifier })
    expect(await send(tenant, 'GET', settings, bearer(other.body.access_token))).toMatchObject(
      unauthorized(`Bad audience: ${tenant.seed.api.identifier}`),
    )
    tenant.clock.advance(DAY)
    expect(await send(tenant, 'GET', settings, bearer(good))).toMatchObject(
      unauthorized('Expired token received for JSON Web Token validation'),
    )
  })

  it('knows loopback and the canonical domain as one host', async () => {
    const tenant = await start()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const body = { grant_type: 'client_credentials', client_id, client_secret, audience: `${tenant.url}/api/v2/` }
    const headers = { 'content-type': 'application/json' }
    const issued = await fetch(`${tenant.url}/oauth/token`, { method: 'POST', headers, body: JSON.stringify(body) })
    const { access_token } = (await issued.json()) as { access_token: string }
    const authorization = `Bearer ${access_token}`
    expect((await fetch(`${tenant.url}${settings}`, { headers: { authorization } })).status).toBe(200)
    const canonical = await token(tenant, 'client_credentials', { audience: `https://${tenant.domain}/api/v2/` })
    const other = { authorization: `Bearer ${canonical.body.access_token}` }
    expect((await fetch(`${tenant.url}${settings}`, { headers: other })).status).toBe(200)
  })

  it('ties a token to the domain that issued it, and accepts both identifiers of the API', async () => {
    const tenant = await start()
    const origin = `https://${tenant.seed.customDomains[0]?.domain}`
    for (const audience of [`https://${tenant.domain}/api/v2/`, `${origin}/api/v2/`]) {
      const issued = await token(tenant, 'client_credentials', { audience }, origin)
      const { headers } = bearer(issued.body.access_token)
      expect((await send(tenant, 'GET', settings, { headers, origin })).status).toBe(200)
      expect((await send(tenant, 'GET', settings, { headers })).status).toBe(401)
    }
  })
})

describe('scope', () => {
  it('names the scopes that would do', async () => {
    const tenant = await start()
    const job = tenant.seed.clients[1]
    const issued = await token(tenant, 'client_credentials', {
      client_id: job?.client_id ?? '',
      client_secret: job?.client_secret ?? '',
      audience: `https://${tenant.domain}/api/v2/`,
    })
    const { headers } = bearer(issued.body.access_token)
    const refused = await send(tenant, 'POST', '/api/v2/roles', { headers, body: { name: '' } })
    expect([refused.status, refused.body]).toEqual([
      403,
      {
        statusCode: 403,
        error: 'Forbidden',
        message: 'Insufficient scope, expected any of: create:roles',
        errorCode: 'insufficient_scope',
      },
    ])
    expect((await send(tenant, 'GET', '/api/v2/users', { headers })).status).toBe(200)
  })

  it('lets a user read their own profile alone', async () => {
    const tenant = await start()
    const [first, second] = tenant.seed.users
    const issued = await token(tenant, 'password', {
      username: second?.email ?? '',
      password: second?.password ?? '',
      audience: `https://${tenant.domain}/api/v2/`,
      scope: 'read:current_user read:users',
    })
    expect(issued.body.scope).toBe('read:current_user')
    const read = (id = '') =>
      send(tenant, 'GET', `/api/v2/users/${encodeURIComponent(id)}`, bearer(issued.body.access_token))
    expect((await read(second?.user_id)).status).toBe(200)
    expect((await read(first?.user_id)).status).toBe(403)
  })
})

describe('validation', () => {
  it.each([
    ['POST', '/network-acls', {}, "Payload validation error: 'Missing required property: description'."],
    [
      'PATCH',
      '/tenants/settings',
      { friendly_name: 7 },
      "Payload validation error: 'Expected type string but found type integer' on property friendly_name.",
    ],
    [
      'POST',
      '/network-acls',
      { description: 'x', active: true, rule: { scope: 'tenant', action: { block: true }, match: { asns: [1, 1] } } },
      "Payload validation error: 'Array items are not unique (indexes 0 and 1)' on property rule.match.asns.",
    ],
    [
      'POST',
      '/users',
      { connection: 'Username-Password-Authentication', nope: 1 },
      "Payload validation error: 'Additional properties not allowed: nope'.",
    ],
  ])('%s %s', async (method, path, body, message) => {
    const tenant = await start({ unknown: 'refuse' })
    const answer = await manage(tenant, method, path, body)
    expect([answer.status, answer.body]).toEqual([
      400,
      { statusCode: 400, error: 'Bad Request', message, errorCode: 'invalid_body' },
    ])
  })

  it('checks the query, the JSON and the size', async () => {
    const tenant = await start()
    const query = await manage(tenant, 'GET', '/users?per_page=9999')
    expect([query.status, query.body.errorCode]).toEqual([400, 'invalid_query_string'])
    expect((await manage(tenant, 'GET', '/users?per_page=1&include_totals=true')).body).toMatchObject({ limit: 1 })
    const big = await manage(tenant, 'PATCH', '/tenants/settings', { friendly_name: 'x'.repeat(1_100_000) })
    expect(big.status).toBe(413)
    expect(big.body.message).toBe('Payload content length greater than maximum allowed: 1048576.')
  })

  it('answers 404 for a path that the API does not have', async () => {
    const tenant = await start()
    expect((await manage(tenant, 'GET', '/nothing')).status).toBe(404)
  })
})

describe('Auth0-Custom-Domain', () => {
  const ticket = (tenant: Awaited<ReturnType<typeof start>>, domain?: string) =>
    manage(
      tenant,
      'POST',
      '/tickets/password-change',
      { user_id: tenant.seed.users[1]?.user_id },
      domain === undefined ? {} : { 'auth0-custom-domain': domain },
    )

  it('chooses the domain of the link, and the canonical one when absent', async () => {
    const tenant = await start()
    const domain = tenant.seed.customDomains[1]?.domain ?? ''
    expect((await ticket(tenant, domain)).body.ticket).toMatch(`https://${domain}/`)
    expect(tenant.requests.at(-1)?.customDomain).toEqual({ domain, verdict: 'used' })
    expect((await ticket(tenant)).body.ticket).toMatch(`https://${tenant.domain}/`)
  })

  it('refuses an unknown or malformed domain with 400', async () => {
    const tenant = await start()
    const unknown = await ticket(tenant, 'login.other.example')
    expect([unknown.status, unknown.body.message]).toEqual([400, 'The custom domain does not exist for the tenant.'])
    const malformed = await ticket(tenant, 'a b')
    expect(malformed.body.message).toBe('The auth0-custom-domain HTTP header has an invalid format.')
    expect(tenant.requests.at(-1)?.customDomain?.verdict).toBe('refused')
  })

  it('answers 409 without a default domain, unless the header chooses', async () => {
    const tenant = await start({ defaultDomain: null })
    const conflict = await ticket(tenant)
    expect([conflict.status, conflict.body]).toEqual([
      409,
      {
        statusCode: 409,
        error: 'Conflict',
        message: 'The tenant has multiple verified custom domains.',
        errorCode: 'custom_domain_conflict',
      },
    ])
    expect((await ticket(tenant, tenant.seed.customDomains[0]?.domain)).status).toBe(201)
    const id = encodeURIComponent(tenant.seed.users[1]?.user_id ?? '')
    expect((await manage(tenant, 'PATCH', `/users/${id}`, { nickname: 'two' })).status).toBe(200)
    expect(
      (await manage(tenant, 'PATCH', `/users/${id}`, { email: 'new@example.com', verify_email: true })).status,
    ).toBe(409)
  })

  it('uses the default domain that was set', async () => {
    const domain = 'login.acme.example'
    const tenant = await start({ defaultDomain: domain })
    expect((await ticket(tenant)).body.ticket).toMatch(`https://${domain}/`)
    await expect(start({ defaultDomain: 'other.example' })).rejects.toThrow('is no domain of this tenant')
  })

  it('is ignored elsewhere, and noted', async () => {
    const tenant = await start()
    const answer = await manage(tenant, 'GET', '/users', undefined, { 'auth0-custom-domain': 'other.example' })
    expect(answer.status).toBe(200)
    expect(tenant.requests.at(-1)?.customDomain).toEqual({ domain: 'other.example', verdict: 'ignored' })
  })
})

describe('network ACLs', () => {
  it('stand before everything else', async () => {
    const tenant = await start()
    const rule = { action: { block: true }, scope: 'authentication', match: { geo_country_codes: ['XX'] } }
    await manage(tenant, 'POST', '/network-acls', { description: 'no XX', active: true, rule })
    const headers = { 'sandbox-client-country': 'XX' }
    expect((await send(tenant, 'GET', '/.well-known/jwks.json', { headers })).status).toBe(403)
    expect((await send(tenant, 'GET', '/.well-known/jwks.json')).status).toBe(200)
  })
})
