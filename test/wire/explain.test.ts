import { describe, expect, it } from 'vitest'
import { type Json, type PlanData, secretSlot } from '../../src/plan/index.ts'
import { explain, rowOf, type WireEnvironment } from '../../src/wire/index.ts'
import { environment, planOf } from './plans.ts'

const explained = (fields: Omit<PlanData, 'v'>, over?: WireEnvironment) => {
  const plan = planOf(fields)
  return explain(plan, rowOf(plan), over)
}

describe('explain', () => {
  it('tells route, address, scopes, headers, body, verdict, retry and bucket', () => {
    const body = { default_token_quota: { clients: { client_credentials: { per_day: 200 } } } }
    const line = explained(
      { op: 'tenants.settings.update', body },
      { ...environment, customDomain: 'login.example.com' },
    )
    expect(line).toMatchObject({
      route: 'PATCH /api/v2/tenants/settings',
      url: 'https://tenant.example.auth0.com/api/v2/tenants/settings',
      operation: 'tenants.settings.update',
      effect: 'write',
      scopes: ['update:tenant_settings'],
      body,
      customDomain: { verdict: 'removed', domain: 'login.example.com' },
      retry: expect.stringMatching(/^Sent again/),
      rateKey: 'management',
      documentation: expect.stringMatching(/^https:\/\/auth0\.com\/docs\//),
    })
    expect(line.headers).toEqual({
      accept: 'application/json',
      'user-agent': 'tenantlab/9.9.9',
      'content-type': 'application/json',
      authorization: '«secret»',
    })
    expect(line.warnings.join(' ')).toContain('replaced whole')
    expect(line.paging).toBeUndefined()
  })

  it('shows a plan that no session is bound to with an open domain', () => {
    const line = explained({ op: 'users.get', params: { id: 'auth0|1' } })
    expect(line.url).toBe('https://{domain}/api/v2/users/auth0%7C1')
    expect(line.customDomain.verdict).toBe('none')
  })

  it('shows the custom domain where it is sent', () => {
    const line = explained(
      { op: 'users.create', body: { connection: 'c' }, options: { customDomain: 'id.example.com' } },
      environment,
    )
    expect(line.headers['auth0-custom-domain']).toBe('id.example.com')
  })

  it('hides secrets in the query, the headers and the body, slots and values alike', () => {
    const canary = 'canary-value'
    const body = { username: 'u', password: canary, mfa_token: secretSlot('mfa_token') as unknown as Json }
    const login = explained({ op: 'authentication.token', body, bearer: secretSlot('token') }, environment)
    expect(login.body).toEqual({ username: 'u', password: '«secret»', mfa_token: { $secret: 'mfa_token' } })
    expect(login.headers.authorization).toBe('«secret»')
    const raw = explained({ op: 'raw', route: `GET /authorize?client_id=a&access_token=${canary}` }, environment)
    expect(raw.url).toBe('https://tenant.example.auth0.com/authorize?client_id=a&access_token=«secret»')
    expect(JSON.stringify([login, raw])).not.toContain(canary)
  })

  it('warns where an application is missing, and where paging ends', () => {
    const grant = { op: 'authentication.token', body: { grant_type: 'client_credentials' } }
    expect(explained(grant, environment).warnings.join(' ')).toContain('needs an application')
    expect(explained(grant, { ...environment, client: { clientId: 'a' } }).warnings.join(' ')).not.toContain(
      'application',
    )
    expect(explained({ op: 'connections.list' }, environment).warnings.join(' ')).toContain('1000')
    expect(explained({ op: 'connections.list' }, environment).paging).toBe('both')
  })

  it('C27 says how old an answer may be, and which operation reads the record itself', () => {
    const ages = (fields: Omit<PlanData, 'v'>) => explained(fields, environment).warnings.join(' ')
    const search = explained({ op: 'users.list', query: { q: 'email:a@example.com' } }, environment)
    expect(search.reads).toBe('index')
    expect(search.warnings.join(' ')).toMatch(
      /may be 10 seconds old.*users\.listUsersByEmail and users\.get read the record itself/,
    )
    expect(ages({ op: 'organizations.members.list', params: { id: 'org_1' } })).toMatch(/may be 10 seconds old/)
    expect(ages({ op: 'organizations.discoveryDomains.list', params: { id: 'org_1' } })).toMatch(
      /organizations\.discoveryDomains\.get reads the record itself/,
    )
    expect(ages({ op: 'raw', route: 'GET /api/v2/users?q=x' })).toMatch(/may be 10 seconds old/)
    const store = explained({ op: 'users.get', params: { id: 'auth0|1' } }, environment)
    expect(store.reads).toBe('store')
    expect(store.warnings.join(' ')).not.toMatch(/seconds old/)
    expect(explained({ op: 'roles.create', body: { name: 'r' } }, environment).reads).toBeUndefined()
  })
})
