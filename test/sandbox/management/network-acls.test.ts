import { beforeEach, describe, expect, it } from 'vitest'
import { evaluateNetworkAcls } from '../../../src/sandbox/management/index.ts'
import type { AclRequest } from '../../../src/sandbox/management/network/evaluate.ts'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

type Rule = Record<string, unknown>
const acl = (rule: Rule, more: object = {}) => ({
  description: 'A rule',
  active: true,
  rule: { action: { block: true }, scope: 'tenant', ...rule },
  ...more,
})
const create = (rule: Rule, more: object = {}) => b.call('networkAcls.create', { body: acl(rule, more) as never })
const verdict = (request: Partial<AclRequest> = {}) => evaluateNetworkAcls(b.tenant, { path: '/authorize', ...request })

describe('network ACLs', () => {
  it('answers POST with 201 and the object, priority 50 unless given', async () => {
    const made = await create({ match: { geo_country_codes: ['IMG'] }, scope: 'management' })
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^acl_[1-9A-HJ-NP-Za-km-z]{22}$/),
        priority: 50,
        active: true,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    })
    const one = await b.call('networkAcls.get', { params: { id: made.body.id } })
    expect(one.body).toEqual({ ...made.body, tenant_id: 'demo', deleted_at: null })
    const list = await b.call('networkAcls.list', { query: { include_totals: 'true' } })
    expect(list.body).toEqual({ start: 0, limit: 50, total: 1, network_acls: [made.body] })
  })

  it('keeps priorities unique, over POST, PATCH and PUT, active or not', async () => {
    const text = 'A Network ACL with this priority number has already been created.'
    const first = await create({}, { priority: 1, active: false })
    expect(await create({}, { priority: 1 })).toMatchObject(failed(409, text))
    const second = await create({}, { priority: 2 })
    const params = { id: second.body.id }
    expect(await b.call('networkAcls.update', { params, body: { priority: 1 } })).toMatchObject(failed(409, text))
    expect(await b.call('networkAcls.set', { params, body: acl({}, { priority: 1 }) as never })).toMatchObject(
      failed(409, text),
    )
    expect((await b.call('networkAcls.update', { params: { id: first.body.id }, body: { priority: 1 } })).status).toBe(
      200,
    )
  })

  it('changes with PATCH what is given, rule as a whole; PUT sets priority back to 50', async () => {
    const { body } = await create({ match: { asns: [1] } }, { priority: 7 })
    const params = { id: body.id }
    b.tenant.clock.advance(1000)
    const patched = await b.call('networkAcls.update', {
      params,
      body: { rule: { action: { allow: true }, scope: 'authentication' } },
    })
    expect(patched.body).toMatchObject({
      priority: 7,
      description: 'A rule',
      rule: { action: { allow: true }, scope: 'authentication' },
    })
    expect(patched.body.rule).not.toHaveProperty('match')
    expect(patched.body.updated_at > patched.body.created_at).toBe(true)
    const put = await b.call('networkAcls.set', { params, body: acl({}) as never })
    expect(put).toMatchObject({ status: 200, body: { priority: 50, created_at: body.created_at } })
    expect(await b.call('networkAcls.set', { params, body: { description: 'x', active: true } })).toMatchObject(
      failed(400, /rule/),
    )
  })

  it.each<[string, Rule, string | RegExp]>([
    [
      'a redirect without a target',
      { action: { redirect: true } },
      'Payload validation error: Action type of `redirect` requires a `redirect_uri`',
    ],
    ['a target without a redirect', { action: { block: true, redirect_uri: 'https://x' } }, /redirect/],
    ['two effects', { action: { block: true, allow: true } }, /Exactly one/],
    ['no effect', { action: {} }, /Exactly one/],
    [
      'a value twice',
      { match: { geo_country_codes: ['UK', 'UK'] } },
      "Payload validation error: 'Array items are not unique (indexes 0 and 1)' on property rule.match.geo_country_codes.",
    ],
    [
      'twenty-one values',
      { not_match: { asns: Array.from({ length: 21 }, (_, i) => i) } },
      /maximum 20' on property rule.not_match.asns/,
    ],
    ['an address that is none', { match: { ipv4_cidrs: ['10.0.0.0/33'] } }, /ipv4_cidrs\[0\]/],
    ['an IPv6 network among IPv4 ones', { match: { ipv4_cidrs: ['::1'] } }, /ipv4_cidrs\[0\]/],
    ['match_all beside match', { match_all: true, match: { asns: [1] } }, /match_all/],
  ])('refuses %s', async (_what, rule, message) => {
    expect(await create(rule)).toMatchObject(failed(400, message, 'invalid_body'))
  })

  it('refuses a priority outside of 1 to 100 and the eleventh ACL', async () => {
    expect(await create({}, { priority: 0 })).toMatchObject(failed(400, /priority/))
    expect(await create({}, { priority: 101 })).toMatchObject(failed(400, /priority/))
    for (let priority = 1; priority <= 10; priority += 1)
      expect((await create({}, { priority, active: false })).status).toBe(201)
    expect(await create({}, { priority: 11 })).toMatchObject(failed(403, /at most 10/, 'insufficient_entitlement'))
  })

  it('answers DELETE with 200 and the body of recorded traffic, then 404; 400 for an id of another form', async () => {
    const { body } = await create({})
    expect(await b.call('networkAcls.delete', { params: { id: body.id } })).toMatchObject({
      status: 200,
      body: { code: 204, object: '' },
    })
    expect((await b.call('networkAcls.delete', { params: { id: body.id } })).status).toBe(404)
    expect(await b.call('networkAcls.get', { params: { id: 'x' } })).toMatchObject(
      failed(400, "Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'", 'invalid_uri'),
    )
  })
})

describe('evaluation', () => {
  it('passes what no rule matches', async () => {
    await create({ match: { geo_country_codes: ['IMG'] } })
    expect(verdict({ country: 'DE' })).toEqual({ action: 'allow' })
    expect(verdict()).toEqual({ action: 'allow' })
    expect(verdict({ country: 'IMG' })).toMatchObject({ action: 'block' })
  })

  it('takes the first active rule by priority', async () => {
    await create({ action: { block: true }, match: { asns: [1] } }, { priority: 20 })
    const allow = await create({ action: { allow: true }, match: { asns: [1] } }, { priority: 10 })
    await create(
      { action: { redirect: true, redirect_uri: 'https://example.com/no' }, match: { asns: [1] } },
      { priority: 5, active: false },
    )
    expect(verdict({ asn: 1 })).toEqual({ action: 'allow', acl: allow.body.id })
    await b.call('networkAcls.update', { params: { id: allow.body.id }, body: { active: false } })
    expect(verdict({ asn: 1 })).toMatchObject({ action: 'block' })
  })

  it('redirects', async () => {
    await create({
      action: { redirect: true, redirect_uri: 'https://example.com/no' },
      match: { user_agents: ['curl/8'] },
    })
    expect(verdict({ headers: { 'user-agent': 'curl/8' } })).toMatchObject({
      action: 'redirect',
      uri: 'https://example.com/no',
    })
  })

  it.each([
    ['management', '/api/v2/users', true],
    ['management', '/scim/v2/x', true],
    ['management', '/authorize', false],
    ['authentication', '/oauth/token', true],
    ['authentication', '/api/v2/users', false],
    ['tenant', '/api/v2/users', true],
    ['tenant', '/authorize', true],
    ['dynamic_client_registration', '/oidc/register', true],
    ['dynamic_client_registration', '/authorize', false],
  ])('scope %s over %s: %s', async (scope, path, blocked) => {
    await create({ scope, match: { asns: [1] } })
    expect(verdict({ path, asn: 1 }).action).toBe(blocked ? 'block' : 'allow')
  })

  it('joins values by OR and signals by AND, an IPv4 and an IPv6 list by OR', async () => {
    await create({ match: { geo_country_codes: ['DE', 'FR'], asns: [1, 2] } }, { priority: 1 })
    expect(verdict({ country: 'FR', asn: 2 }).action).toBe('block')
    expect(verdict({ country: 'FR', asn: 3 }).action).toBe('allow')
    await create({ match: { ipv4_cidrs: ['203.0.113.0/24'], ipv6_cidrs: ['2001:db8::/32'] } }, { priority: 2 })
    expect(verdict({ ip: '203.0.113.9' }).action).toBe('block')
    expect(verdict({ ip: '2001:db8::1' }).action).toBe('block')
    expect(verdict({ ip: '::ffff:203.0.113.9' }).action).toBe('block')
    expect(verdict({ ip: '198.51.100.1' }).action).toBe('allow')
  })

  it('holds not_match when no value fits, and both sides together', async () => {
    await create({ match: { geo_country_codes: ['US'] }, not_match: { geo_subdivision_codes: ['US-CA', 'US-NY'] } })
    expect(verdict({ country: 'US', subdivision: 'US-TX' }).action).toBe('block')
    expect(verdict({ country: 'US', subdivision: 'US-NY' }).action).toBe('allow')
    expect(verdict({ country: 'CA', subdivision: 'CA-ON' }).action).toBe('allow')
  })

  it.each<[string, Rule, Partial<AclRequest>]>([
    ['hostnames', { hostnames: ['login.acme.example'] }, { headers: { host: 'Login.acme.example:443' } }],
    ['ja3', { ja3_fingerprints: ['a'] }, { ja3: 'a' }],
    ['ja4', { ja4_fingerprints: ['b'] }, { ja4: 'b' }],
    ['curated lists', { auth0_managed: ['auth0.tor'] }, { managedLists: ['auth0.tor'] }],
    ['one address', { ipv4_cidrs: ['203.0.113.7'] }, { ip: '203.0.113.7' }],
    [
      'the peer at the edge',
      { connecting_ipv4_cidrs: ['192.0.2.0/24'] },
      { ip: '203.0.113.7', connectingIp: '192.0.2.1' },
    ],
  ])('looks at %s', async (_what, match, request) => {
    await create({ match })
    expect(verdict(request).action).toBe('block')
    expect(verdict({}).action).toBe('allow')
  })

  it('only counts in monitoring mode, goes on, and logs a summary every ten minutes', async () => {
    const { body } = await create({ action: { block: true, log: true }, match: { asns: [1] } }, { priority: 1 })
    const next = await create(
      { action: { redirect: true, redirect_uri: 'https://example.com/' }, match: { asns: [1] } },
      { priority: 2 },
    )
    expect(verdict({ asn: 1 })).toMatchObject({ action: 'redirect', acl: next.body.id })
    expect(verdict({ asn: 2 }).action).toBe('allow')
    expect((await b.call('logs.list', { query: { q: 'type:acls_summary' } })).body).toEqual([])
    b.tenant.clock.advance(10 * 60 * 1000)
    const [event] = (await b.call('logs.list', { query: { q: 'type:acls_summary' } })).body
    expect(event.details.stats).toEqual([
      {
        acl_id: body.id,
        action: 'log',
        description: 'A rule',
        priority: 1,
        match: { successes: 1 },
        total_request_count: { successes: 2 },
      },
      {
        acl_id: next.body.id,
        action: 'redirect',
        description: 'A rule',
        priority: 2,
        match: { successes: 1 },
        total_request_count: { successes: 2 },
      },
    ])
  })
})
