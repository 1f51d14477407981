import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { manage, send, start, token } from './bench.ts'

const HOUR = 3_600_000
const management = (tenant: Sandbox) => ({ audience: `https://${tenant.domain}/api/v2/` })
const machine = (tenant: Sandbox, more: Record<string, string> = {}) =>
  token(tenant, 'client_credentials', { ...management(tenant), ...more })

describe('client_credentials', () => {
  it('takes form and JSON, and gives a token that the Management API takes', async () => {
    const tenant = await start()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const body = { grant_type: 'client_credentials', client_id, client_secret, ...management(tenant) }
    const answers = [await send(tenant, 'POST', '/oauth/token', { body }), await machine(tenant)]
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 86_400 })
      expect(answer.body.scope.split(' ')).toContain('update:tenant_settings')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    expect((await manage(tenant, 'GET', '/tenants/settings')).body).toMatchObject({ friendly_name: 'Tenantlab Demo' })
  })

  it('writes the claims of the access-token profile', async () => {
    const tenant = await start({ seed: 'claims', clock: 'fixed' })
    const claims = decodeJwt((await machine(tenant, { scope: 'read:users read:nothing' })).body.access_token)
    const now = tenant.clock.now() / 1000
    expect(claims).toEqual({
      iss: `https://${tenant.domain}/`,
      sub: `${tenant.options.clientId}@clients`,
      aud: `https://${tenant.domain}/api/v2/`,
      iat: now,
      exp: now + 86_400,
      scope: 'read:users',
      gty: 'client-credentials',
      azp: tenant.options.clientId,
    })
  })

  it('authenticates by Basic header too, and by one method only', async () => {
    const tenant = await start()
    const { clientId, clientSecret } = tenant.options
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const form = { grant_type: 'client_credentials', ...management(tenant) }
    const headers = { authorization }
    expect((await send(tenant, 'POST', '/oauth/token', { form, headers })).status).toBe(200)
    const both = { ...form, client_id: clientId, client_secret: clientSecret }
    expect((await send(tenant, 'POST', '/oauth/token', { form: both, headers })).status).toBe(400)
  })

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 'Client authentication failed'],
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client', 'Unknown client.'],
    ['no audience', { audience: '' }, 400, 'invalid_request', 'Missing required parameter: audience'],
    ['an unknown API', { audience: 'https://other/' }, 403, 'access_denied', 'Service not found: https://other/'],
    ['an unknown grant', { grant_type: 'magic' }, 400, 'unsupported_grant_type', 'Grant type not supported'],
    ['no grant', { grant_type: '' }, 400, 'invalid_request', 'Missing required parameter: grant_type'],
  ])('refuses %s', async (_, fields, status, error, error_description) => {
    const tenant = await start()
    const answer = await token(tenant, 'client_credentials', { ...management(tenant), ...(fields as object) })
    expect([answer.status, answer.body]).toEqual([status, { error, error_description }])
  })

  it('refuses a grant type that the application lacks, and an API without a client grant', async () => {
    const tenant = await start()
    const [, job, native] = tenant.seed.clients
    const asNative = { client_id: native?.client_id ?? '', client_secret: '' }
    const public_ = await machine(tenant, asNative)
    expect([public_.status, public_.body]).toEqual([
      403,
      {
        error: 'unauthorized_client',
        error_description: "Grant type 'client_credentials' not allowed for the client.",
      },
    ])
    const asJob = { client_id: job?.client_id ?? '', client_secret: job?.client_secret ?? '' }
    const other = await token(tenant, 'client_credentials', { ...asJob, audience: tenant.seed.api.identifier })
    expect([other.status, other.body.error]).toEqual([403, 'access_denied'])
    expect((await machine(tenant, asJob)).body.scope).toBe('read:clients read:users')
  })

  it('leaves a log event for success and for refusal', async () => {
    const tenant = await start()
    await machine(tenant)
    await machine(tenant, { audience: 'https://other/' })
    const logs = await manage(tenant, 'GET', '/logs?per_page=50')
    const types = logs.body.map((each: { type: string }) => each.type)
    expect(types).toEqual(expect.arrayContaining(['seccft', 'feccft']))
  })
})

describe('private_key_jwt', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

  async function withKey(): Promise<{ tenant: Sandbox; client_id: string }> {
    const tenant = await start()
    const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const made = await manage(tenant, 'POST', '/clients', {
      name: 'Signer',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
      client_authentication_methods: {
        private_key_jwt: { credentials: [{ credential_type: 'public_key', name: 'key', pem, alg: 'RS256' }] },
      },
    })
    expect(made.status).toBe(201)
    const client_id = made.body.client_id
    const grant = { client_id, audience: management(tenant).audience, scope: ['read:users'] }
    expect((await manage(tenant, 'POST', '/client-grants', grant)).status).toBe(201)
    return { tenant, client_id }
  }

  interface Assertion {
    readonly key?: KeyObject
    readonly aud?: string
    readonly seconds?: number
    readonly jti?: string
  }

  async function exchange(tenant: Sandbox, client_id: string, assertion: Assertion) {
    const { aud = `https://${tenant.domain}/`, jti = 'one', key = keys.privateKey, seconds = 60 } = assertion
    const signed = await new SignJWT({ jti })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(key)
    const form = {
      grant_type: 'client_credentials',
      ...management(tenant),
      client_assertion: signed,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    }
    return send(tenant, 'POST', '/oauth/token', { form })
  }

  it('accepts a signed assertion once, within its limits', async () => {
    const { tenant, client_id } = await withKey()
    expect((await exchange(tenant, client_id, {})).status).toBe(200)
    expect((await exchange(tenant, client_id, {})).status).toBe(401)
    expect((await exchange(tenant, client_id, { jti: 'two', seconds: 301 })).status).toBe(401)
    expect((await exchange(tenant, client_id, { jti: 'three', aud: `https://${tenant.domain}` })).status).toBe(401)
    expect((await exchange(tenant, client_id, { jti: 'x'.repeat(65) })).status).toBe(401)
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect((await exchange(tenant, client_id, { jti: 'four', key: stranger })).status).toBe(401)
  })
})

describe('token quota', () => {
  const quota = (per_hour: number, more: object = {}) => ({ client_credentials: { per_hour, ...more } })
  const tenantWide = (tenant: Sandbox, default_token_quota: object) =>
    manage(tenant, 'PATCH', '/tenants/settings', { default_token_quota })

  it('counts against the tenant default, tells in headers, and refuses with 429', async () => {
    const tenant = await start({ seed: 'quota', clock: 'fixed' })
    await tenantWide(tenant, { clients: quota(2, { per_day: 50 }) })
    const first = await machine(tenant)
    expect(first.headers.get('auth0-client-quota-limit')).toBe('b=per_hour;q=2;r=1;t=3600,b=per_day;q=50;r=49;t=54000')
    await machine(tenant)
    const refused = await machine(tenant)
    expect([refused.status, refused.body]).toEqual([
      429,
      { error: 'too_many_requests', error_description: 'Client quota exceeded' },
    ])
    expect(refused.headers.get('retry-after')).toBe('3600')
    expect(refused.headers.get('x-ratelimit-limit')).toBe('2')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(tenant.clock.now() / 1000 + 3600))
    expect(refused.headers.get('auth0-client-quota-limit')).toContain('b=per_hour;q=2;r=0;t=3600')
    tenant.clock.advance(HOUR)
    expect((await machine(tenant)).status).toBe(200)
  })

  it('lets an own quota replace the default as a whole, and null bring the default back', async () => {
    const tenant = await start({ seed: 'own', clock: 'fixed' })
    const job = tenant.seed.clients[1]
    const asJob = { client_id: job?.client_id ?? '', client_secret: job?.client_secret ?? '' }
    await manage(tenant, 'PATCH', `/clients/${job?.client_id}`, { token_quota: quota(5) })
    await tenantWide(tenant, { clients: quota(1, { per_day: 9 }) })
    const own = await machine(tenant, asJob)
    expect(own.headers.get('auth0-client-quota-limit')).toBe('b=per_hour;q=5;r=4;t=3600')
  })

  it('only counts and warns when not enforced', async () => {
    const tenant = await start({ seed: 'soft', clock: 'fixed' })
    await tenantWide(tenant, { clients: quota(2, { enforce: false }) })
    for (let count = 0; count < 3; count += 1) expect((await machine(tenant)).status).toBe(200)
    await tenantWide(tenant, { clients: quota(100) })
    const logs = await manage(tenant, 'GET', '/logs?per_page=100')
    const warnings = logs.body.filter((each: { type: string }) => each.type === 'token_quota_consumption_warning')
    const texts = warnings.map((each: { description: string }) => each.description)
    expect(texts).toContain('100% of client per_hour quota consumed')
  })

  it('counts organization and client together when the token is for an organization', async () => {
    const tenant = await start({ seed: 'organization', clock: 'fixed' })
    const organization = tenant.seed.organizations[0]?.id ?? ''
    await manage(tenant, 'PATCH', `/organizations/${organization}`, { token_quota: quota(1) })
    const ask = () => token(tenant, 'client_credentials', { audience: tenant.seed.api.identifier, organization })
    const given = await ask()
    expect(given.headers.get('auth0-organization-quota-limit')).toBe('b=per_hour;q=1;r=0;t=3600')
    expect(decodeJwt(given.body.access_token)).toMatchObject({ org_id: organization })
    const refused = await ask()
    expect([refused.status, refused.body.error_description]).toEqual([429, 'Organization quota exceeded'])
  })

  it('takes the default organization where the grant requires one, and refuses without any', async () => {
    const tenant = await start()
    const [, job] = tenant.seed.clients
    const asJob = { client_id: job?.client_id ?? '', client_secret: job?.client_secret ?? '' }
    const audience = tenant.seed.api.identifier
    const organization_id = tenant.seed.organizations[1]?.id ?? ''
    const grant = { client_id: asJob.client_id, audience, scope: ['read:items'], organization_usage: 'require' }
    const made = await manage(tenant, 'POST', '/client-grants', grant)
    const ask = (organization = '') => token(tenant, 'client_credentials', { ...asJob, audience, organization })
    expect((await ask()).body.error_description).toBe('Missing required parameter: organization')
    expect((await ask(organization_id)).body.error).toBe('access_denied')
    await manage(tenant, 'POST', `/organizations/${organization_id}/client-grants`, { grant_id: made.body.id })
    expect((await ask(tenant.seed.organizations[1]?.name)).status).toBe(200)
    const default_organization = { organization_id, flows: ['client_credentials'] }
    await manage(tenant, 'PATCH', `/clients/${asJob.client_id}`, { default_organization })
    expect(decodeJwt((await ask()).body.access_token).org_id).toBe(organization_id)
  })

  it('allows organizations by the client grant only', async () => {
    const tenant = await start()
    const denied = await machine(tenant, { organization: tenant.seed.organizations[0]?.name ?? '' })
    expect([denied.status, denied.body.error]).toEqual([403, 'access_denied'])
  })
})
