import { FormData, fetch } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../../src/sandbox/index.ts'

let tenant: Sandbox
let token = ''

interface Sent {
  readonly body?: unknown
  readonly form?: FormData
  readonly headers?: Readonly<Record<string, string>>
}

async function send(method: string, path: string, { body, form, headers = {} }: Sent = {}) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(path.startsWith('http') ? path : `https://${tenant.domain}/api/v2/${path}`, {
    method,
    dispatcher: tenant.options.dispatcher as never,
    headers: { authorization: `Bearer ${token}`, ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(form === undefined ? {} : { body: form }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('application/json') === true
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers }
}

beforeAll(async () => {
  tenant = await sandbox({ seed: 'sockets', clock: 'fixed' })
  const body = {
    grant_type: 'client_credentials',
    client_id: tenant.options.clientId,
    client_secret: tenant.options.clientSecret,
    audience: `https://${tenant.domain}/api/v2/`,
  }
  token = (await send('POST', `https://${tenant.domain}/oauth/token`, { body })).body.access_token
})
afterAll(() => tenant.close())
let start: ReturnType<Sandbox['snapshot']>
beforeAll(() => {
  start = tenant.snapshot()
})
beforeEach(() => tenant.reset(start))

describe('over real sockets', () => {
  it('imports a multipart file and reads the errors, in both shapes and as 204', async () => {
    const form = (users: string, name = 'users.json'): FormData => {
      const made = new FormData()
      made.set('users', new File([users], name, { type: 'application/json' }))
      made.set('connection_id', tenant.seed.connection.id)
      return made
    }
    const good = await send('POST', 'jobs/users-imports', { form: form('[{"email":"new@example.com"}]') })
    const bad = await send('POST', 'jobs/users-imports', { form: form('[{"email":"x"}]') })
    expect([good.status, bad.status]).toEqual([202, 202])
    tenant.clock.advance(10_000)
    const broken = await send('POST', 'jobs/users-imports', { form: form('[') })
    tenant.clock.advance(10_000)
    expect((await send('GET', `jobs/${good.body.id}`)).body).toMatchObject({
      status: 'completed',
      summary: { inserted: 1 },
    })
    expect(await send('GET', `jobs/${good.body.id}/errors`)).toMatchObject({ status: 204, body: '' })
    expect((await send('GET', `jobs/${bad.body.id}/errors`)).body).toMatchObject([
      { user: { email: 'x' }, errors: [{ code: 'FORMAT' }] },
    ])
    expect((await send('GET', `jobs/${broken.body.id}/errors`)).body).toMatchObject({
      id: broken.body.id,
      status: 'failed',
    })
    const large = await send('POST', 'jobs/users-imports', { form: form(`["${'x'.repeat(512_000)}"]`) })
    expect(large).toMatchObject({
      status: 413,
      body: { message: 'Payload content length greater than maximum allowed: 512000.' },
    })
  })

  it('serves the file of an export on its link, for a minute', async () => {
    const made = await send('POST', 'jobs/users-exports', { body: { format: 'csv', fields: [{ name: 'email' }] } })
    tenant.clock.advance(10_000)
    const { location } = (await send('GET', `jobs/${made.body.id}`)).body
    expect(await send('GET', location)).toMatchObject({
      status: 200,
      body: expect.stringContaining(`"'user-one@example.com"`),
    })
    tenant.clock.advance(61_000)
    expect((await send('GET', location)).status).toBe(404)
  })

  it('sets, reads and clears quotas at three levels', async () => {
    const quota = { client_credentials: { enforce: true, per_day: 200, per_hour: 100 } }
    const settings = await send('PATCH', 'tenants/settings', {
      body: { default_token_quota: { clients: quota, organizations: quota } },
    })
    expect(settings).toMatchObject({
      status: 200,
      body: { default_token_quota: { clients: quota, organizations: quota } },
    })
    for (const path of [`clients/${tenant.options.clientId}`, `organizations/${tenant.seed.organizations[0]?.id}`]) {
      expect((await send('PATCH', path, { body: { token_quota: quota } })).body.token_quota).toEqual(quota)
      expect((await send('PATCH', path, { body: { token_quota: null } })).body).not.toHaveProperty('token_quota')
      expect(await send('PATCH', path, { body: { token_quota: { client_credentials: {} } } })).toMatchObject({
        status: 400,
        body: { errorCode: 'invalid_body' },
      })
    }
  })

  it('puts the custom domain of the header into links, and ignores it where it has no meaning', async () => {
    const headers = { 'auth0-custom-domain': 'login.acme.example' }
    const user_id = tenant.seed.users[0]?.user_id ?? ''
    const ticket = await send('POST', 'tickets/email-verification', { body: { user_id }, headers })
    expect(ticket.body.ticket).toMatch(/^https:\/\/login\.acme\.example\//)
    const enroll = await send('POST', 'guardian/enrollments/ticket', { body: { user_id }, headers })
    expect(enroll.body.ticket_url).toMatch(/^https:\/\/login\.acme\.example\//)
    const invitation = {
      inviter: { name: 'Admin' },
      invitee: { email: 'guest@example.com' },
      client_id: tenant.options.clientId,
    }
    const invited = await send('POST', `organizations/${tenant.seed.organizations[0]?.id}/invitations`, {
      body: invitation,
      headers,
    })
    expect({ status: invited.status, mail: tenant.outbox.last('email').customDomain }).toEqual({
      status: 200,
      mail: 'login.acme.example',
    })
    const patched = await send('PATCH', `users/${encodeURIComponent(user_id)}`, {
      body: { verify_email: true },
      headers,
    })
    expect(patched.status).toBe(200)
    expect(tenant.outbox.last('email').url).toMatch(/^https:\/\/login\.acme\.example\//)
    expect((await send('GET', 'network-acls', { headers: { 'auth0-custom-domain': 'nowhere.example' } })).status).toBe(
      200,
    )
    const unknown = await send('POST', 'tickets/email-verification', {
      body: { user_id },
      headers: { 'auth0-custom-domain': 'nowhere.example' },
    })
    expect(unknown).toMatchObject({
      status: 400,
      body: { message: 'The custom domain does not exist for the tenant.' },
    })
  })

  it('walks through the documented network ACL, and takes DELETE as recorded', async () => {
    const body = {
      description: 'Reject all traffic from imaginary Country',
      active: true,
      priority: 1,
      rule: { action: { block: true }, match: { geo_country_codes: ['IMG'] }, scope: 'management' },
    }
    const made = await send('POST', 'network-acls', { body })
    expect(made.status).toBe(201)
    expect((await send('POST', 'network-acls', { body })).status).toBe(409)
    expect((await send('GET', 'network-acls')).body).toHaveLength(1)
    expect((await send('PATCH', `network-acls/${made.body.id}`, { body: { active: false } })).body.active).toBe(false)
    expect(
      (await send('PUT', `network-acls/${made.body.id}`, { body: { description: 'x', active: true, rule: body.rule } }))
        .body.priority,
    ).toBe(50)
    expect(await send('DELETE', `network-acls/${made.body.id}`)).toMatchObject({
      status: 200,
      body: { code: 204, object: '' },
    })
    expect(await send('POST', 'network-acls', { body: { ...body, priority: 'high' } })).toMatchObject({
      status: 400,
      body: { errorCode: 'invalid_body' },
    })
  })

  it('blocks what an active rule blocks', async () => {
    const rule = { action: { block: true }, match: { hostnames: ['login.acme.example'] }, scope: 'authentication' }
    await send('POST', 'network-acls', { body: { description: 'No logins here', active: true, rule } })
    expect((await send('GET', 'https://login.acme.example/.well-known/jwks.json')).status).toBe(403)
    expect((await send('GET', `https://${tenant.domain}/.well-known/jwks.json`)).status).toBe(200)
  })

  it('pages users by offset with the wrapper, and logs by their Link header', async () => {
    expect((await send('GET', 'users?include_totals=true&per_page=1')).body).toMatchObject({
      start: 0,
      limit: 1,
      length: 1,
      total: 2,
    })
    expect(await send('GET', 'users?page=20&per_page=50')).toMatchObject({
      status: 400,
      body: { errorCode: 'invalid_paging' },
    })
    expect(await send('GET', 'users?per_page=101')).toMatchObject({
      status: 400,
      body: { errorCode: 'invalid_query_string' },
    })
    const found = await send('GET', `users?search_engine=v3&q=${encodeURIComponent('email:"user-one@example.com"')}`)
    expect(found.body).toHaveLength(1)
    await send('PATCH', 'branding', { body: { logo_url: 'https://example.com/logo.png' } })
    const logs = await send('GET', 'logs?take=1')
    const link = /<([^>]+)>; rel="next"/.exec(logs.headers.get('link') ?? '')?.[1] ?? ''
    expect((await send('GET', link)).status).toBe(200)
  })
})
