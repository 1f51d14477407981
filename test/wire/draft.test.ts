import { describe, expect, it } from 'vitest'
import { findRow, rows } from '../../src/catalogue/index.ts'
import { type Json, MissingSecretError, type PlanData, secretSlot, ValidationError } from '../../src/plan/index.ts'
import { rowOf, telemetry } from '../../src/wire/index.ts'
import { draftOf, planOf } from './plans.ts'

type Case = [
  name: string,
  plan: Omit<PlanData, 'v'>,
  method: string,
  target: string,
  body?: unknown,
  secrets?: Record<string, string>,
]

const quota = { client_credentials: { enforce: true, per_day: 200, per_hour: 100 } }
const acl = {
  description: 'Reject',
  active: true,
  priority: 1,
  rule: { action: { block: true }, match: { geo_country_codes: ['IMG'] }, scope: 'management' },
}
const slot = (name: string) => secretSlot(name) as unknown as Json

// Method, path, query and body of the documented flows, as the endpoints' pages write them.
const CASES: readonly Case[] = [
  [
    'client credentials',
    { op: 'authentication.token', body: { grant_type: 'client_credentials', audience: '{audience}' } },
    'POST',
    '/oauth/token',
    {
      kind: 'form',
      fields: { grant_type: 'client_credentials', audience: 'https://tenant.example.auth0.com/api/v2/' },
    },
  ],
  [
    'password login for the MFA API',
    {
      op: 'authentication.token',
      body: {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        username: 'user@example.com',
        password: slot('password'),
        realm: 'Username-Password-Authentication',
        audience: 'https://{domain}/mfa/',
        scope: ['openid', 'enroll'],
      },
    },
    'POST',
    '/oauth/token',
    {
      kind: 'form',
      fields: {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        username: 'user@example.com',
        password: 'pw d&',
        realm: 'Username-Password-Authentication',
        audience: 'https://tenant.example.auth0.com/mfa/',
        scope: 'openid enroll',
      },
    },
    { password: 'pw d&' },
  ],
  [
    'enrolment by SMS',
    {
      op: 'authentication.mfa.associate',
      body: { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+911234567890' },
      bearer: secretSlot('mfa_token'),
    },
    'POST',
    '/mfa/associate',
    { kind: 'json', value: { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+911234567890' } },
    { mfa_token: 'Fe26.2**x' },
  ],
  [
    'challenge',
    {
      op: 'authentication.mfa.challenge',
      body: { challenge_type: 'oob', authenticator_id: 'sms|dev_1', mfa_token: slot('mfa_token') },
    },
    'POST',
    '/mfa/challenge',
    { kind: 'json', value: { challenge_type: 'oob', authenticator_id: 'sms|dev_1', mfa_token: 'Fe26.2**x' } },
    { mfa_token: 'Fe26.2**x' },
  ],
  [
    'deleting an authenticator',
    { op: 'authentication.mfa.authenticators.delete', params: { id: 'sms|dev_1' }, bearer: secretSlot('token') },
    'DELETE',
    '/mfa/authenticators/sms%7Cdev_1',
    undefined,
    { token: 'eyJ' },
  ],
  [
    'verification by OTP',
    {
      op: 'authentication.token',
      body: {
        grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp',
        mfa_token: slot('mfa_token'),
        otp: slot('otp'),
      },
    },
    'POST',
    '/oauth/token',
    {
      kind: 'form',
      fields: { grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp', mfa_token: 'Fe26.2**x', otp: '123456' },
    },
    { mfa_token: 'Fe26.2**x', otp: '123456' },
  ],
  [
    'sign-up',
    { op: 'authentication.database.signup', body: { connection: 'c', email: 'a@b.c', password: slot('password') } },
    'POST',
    '/dbconnections/signup',
    { kind: 'json', value: { connection: 'c', email: 'a@b.c', password: 'pw' } },
    { password: 'pw' },
  ],
  [
    'tenant token quotas',
    {
      op: 'tenants.settings.update',
      body: { default_token_quota: { clients: quota, organizations: quota } },
    },
    'PATCH',
    '/api/v2/tenants/settings',
    { kind: 'json', value: { default_token_quota: { clients: quota, organizations: quota } } },
  ],
  [
    'clearing the quota of a client',
    { op: 'clients.update', params: { id: 'abc' }, body: { token_quota: null } },
    'PATCH',
    '/api/v2/clients/abc',
    { kind: 'json', value: { token_quota: null } },
  ],
  ['job errors', { op: 'jobs.errors.get', params: { id: 'job_1' } }, 'GET', '/api/v2/jobs/job_1/errors'],
  [
    'a network ACL',
    { op: 'networkAcls.create', body: acl },
    'POST',
    '/api/v2/network-acls',
    { kind: 'json', value: acl },
  ],
  [
    'one user, whose id is encoded',
    { op: 'users.get', params: { id: 'auth0|1/2?3#ü' }, query: { fields: 'email', include_fields: true } },
    'GET',
    '/api/v2/users/auth0%7C1%2F2%3F3%23%C3%BC?fields=email&include_fields=true',
  ],
  [
    'a list with numbers, a search and a repeated parameter',
    {
      op: 'connections.list',
      query: { page: 0, per_page: 50, include_totals: false, strategy: ['auth0', 'google-oauth2'], name: 'a b&c' },
    },
    'GET',
    '/api/v2/connections?page=0&per_page=50&include_totals=false&strategy=auth0&strategy=google-oauth2&name=a%20b%26c',
  ],
  [
    'parameters of with() over those of the plan',
    { op: 'users.list', query: { page: 1, q: 'x' }, options: { query: { page: 2, extra: true } } },
    'GET',
    '/api/v2/users?page=2&q=x&extra=true',
  ],
  [
    'a raw plan with its own query',
    {
      op: 'raw',
      route: 'GET /api/v2/users?q=name:%22a%22&page=1#top',
      query: { page: 2 },
      options: { query: { per_page: 5 } },
    },
    'GET',
    '/api/v2/users?q=name:%22a%22&page=2&per_page=5',
  ],
  [
    'a raw plan whose path was typed by hand',
    { op: 'raw', route: 'DELETE /api/v2/users/auth0|ü' },
    'DELETE',
    '/api/v2/users/auth0|%C3%BC',
  ],
  [
    'a raw plan with a form body, as its row says',
    { op: 'raw', route: 'POST /oauth/token', body: { grant_type: 'client_credentials' } },
    'POST',
    '/oauth/token',
    { kind: 'form', fields: { grant_type: 'client_credentials' } },
  ],
]

describe('draft', () => {
  it.each(CASES)('%s', (_, fields, method, target, body, secrets) => {
    const request = draftOf(fields, secrets)
    expect(request.method).toBe(method)
    expect(request.origin).toBe('https://tenant.example.auth0.com')
    expect(request.path + request.search).toBe(target)
    expect(request.body).toEqual(body)
  })

  it('drafts every operation of the catalogue', () => {
    for (const row of rows()) {
      const params = Object.fromEntries([...row.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => [name ?? '', 'a|b']))
      const request = draftOf({ op: row.id, params })
      expect(request.method).toBe(row.method)
      expect(findRow(request.method, request.path)?.row.id).toBe(row.id)
      expect(request.path).not.toMatch(/[{}|]/)
    }
  })

  it('sets its own headers and no others', () => {
    expect(draftOf({ op: 'users.list' }).headers).toEqual({
      accept: 'application/json',
      'user-agent': 'tenantlab/9.9.9',
    })
    expect(draftOf({ op: 'users.create', body: { connection: 'c' } }, {}, { telemetry: 'abc' }).headers).toEqual({
      accept: 'application/json',
      'user-agent': 'tenantlab/9.9.9',
      'auth0-client': 'abc',
      'content-type': 'application/json',
    })
  })

  it('asks for events as a stream', () => {
    const request = draftOf({ op: 'events.subscribe' })
    expect(request.stream).toBe(true)
    expect(request.headers.accept).toBe('text/event-stream')
  })

  it('carries the bearer credential of the plan', () => {
    const request = draftOf(
      { op: 'authentication.userInfo', bearer: secretSlot('access_token') },
      { access_token: 'eyJ' },
    )
    expect(request.headers.authorization).toBe('Bearer eyJ')
  })

  it('puts the custom domain on every Management draft, the plan before the session, and on no other', () => {
    const session = { customDomain: 'login.example.com' }
    expect(draftOf({ op: 'users.list' }, {}, session).headers['auth0-custom-domain']).toBe('login.example.com')
    const own = draftOf({ op: 'users.list', options: { customDomain: 'id.example.com' } }, {}, session)
    expect(own.headers['auth0-custom-domain']).toBe('id.example.com')
    const token = draftOf({ op: 'authentication.token', body: { grant_type: 'client_credentials' } }, {}, session)
    expect(token.headers['auth0-custom-domain']).toBeUndefined()
  })

  it('refuses a custom domain that would change the headers', () => {
    const split = { op: 'users.list', options: { customDomain: 'a.b\r\nx: y' } }
    expect(() => draftOf(split)).toThrow(ValidationError)
    expect(() => draftOf({ op: 'users.list', options: { customDomain: 'https://a.b' } })).toThrow(/no domain name/)
  })

  it('names every secret that is missing, and sends nothing', () => {
    const plan = {
      op: 'authentication.token',
      body: { grant_type: 'password', password: slot('password'), otp: slot('otp'), username: 'u' },
      client: { clientId: 'c', clientSecret: secretSlot('client_secret') },
      bearer: secretSlot('token'),
    }
    const error = caught(() => draftOf(plan, { otp: '1' }))
    expect(error).toBeInstanceOf(MissingSecretError)
    expect((error as MissingSecretError).names).toEqual(['password', 'client_secret', 'token'])
    expect((error as Error).message).toContain(
      'auth0.run(plan, { secrets: { password: …, client_secret: …, token: … } })',
    )
    expect(caught(() => draftOf(plan, { otp: '1', password: 'p', token: 't' }))).toMatchObject({
      names: ['client_secret'],
    })
  })

  it('does not take an inherited property for a secret', () => {
    const plan = { op: 'authentication.userInfo', bearer: secretSlot('constructor') }
    expect(caught(() => draftOf(plan))).toBeInstanceOf(MissingSecretError)
  })

  it.each([undefined, '', '.', '..'])('refuses %j as the id in a path', (id) => {
    const plan = { op: 'users.get', ...(id !== undefined && { params: { id } }) }
    expect(() => draftOf(plan)).toThrow(/users\.get: the path parameter id/)
  })
})

describe('headers of a plan', () => {
  it('are added in lower case', () => {
    const request = draftOf({ op: 'users.list', options: { headers: { 'X-Correlation-ID': 'abc 1' } } })
    expect(request.headers['x-correlation-id']).toBe('abc 1')
  })

  it.each([
    ['Authorization', 'Bearer x', /credential/],
    ['cookie', 'a=b', /credential/],
    ['DPoP', 'x', /credential/],
    ['content-length', '3', /transport/],
    ['Host', 'evil.example', /transport/],
    ['auth0-custom-domain', 'a.b.c', /plan\.customDomain/],
    ['x-a', 'one\r\nx-b: two', /control characters/],
    ['x-a', '<script>', /control characters, < or >/],
    ['x-a', '☃', /Latin-1/],
    ['x a', '1', /name that HTTP does not allow/],
    ['', '1', /name that HTTP does not allow/],
  ])('refuse %s: %j', (name, value, message) => {
    const error = caught(() => draftOf({ op: 'users.list', options: { headers: { [name]: value } } }))
    expect(error).toBeInstanceOf(ValidationError)
    expect((error as Error).message).toMatch(message)
    expect((error as ValidationError).issues[0]?.path).toBe(`options.headers.${name}`)
  })
})

describe('rowOf', () => {
  it('gives a raw plan what the catalogue knows about its route, and never less care', () => {
    const known = rowOf(planOf({ op: 'raw', route: 'PATCH /api/v2/users/auth0%7C1' }))
    const update = rowOf(planOf({ op: 'users.update' }))
    expect(known).toMatchObject({ id: 'raw', api: 'management', method: 'PATCH', effect: 'write', verb: 'raw' })
    expect(known.scopes).toEqual(update.scopes)
    expect(known.secretBody).toEqual(update.secretBody)
    expect(known.rateKey).toBe(update.rateKey)
    const unknown = rowOf(planOf({ op: 'raw', route: 'POST /api/v2/no-such-thing' }))
    expect(unknown).toMatchObject({ effect: 'write', retry: 'unsafe', customDomain: 'removed', rateKey: 'management' })
    expect(rowOf(planOf({ op: 'raw', route: 'GET /api/v2/no-such-thing' }))).toMatchObject({
      effect: 'read',
      retry: 'idempotent',
    })
    expect(rowOf(planOf({ op: 'raw', route: 'POST /oauth/token' })).effect).toBe('write')
  })

  it('suggests the nearest operation', () => {
    expect(() => rowOf(planOf({ op: 'users.updat' }))).toThrow(/Did you mean users\.update\?/)
  })
})

describe('telemetry', () => {
  it('is base64url JSON that names this package and Node', () => {
    const value = telemetry('1.2.3')
    expect(value).toMatch(/^[\w-]+$/)
    expect(JSON.parse(Buffer.from(value, 'base64url').toString())).toEqual({
      name: 'tenantlab',
      version: '1.2.3',
      env: { node: process.versions.node },
    })
  })
})

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}
