import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BasePlan } from '../../src/plan/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

// nock and not the embedded tenant: what counts here is the single exchange, byte for byte, and a tenant that accepts
// variants would not notice a difference.

const DOMAIN = 'tenant.example'
const ORIGIN = `https://${DOMAIN}`
const REALM = 'Username-Password-Authentication'
const RULE = { action: { block: true }, match: { geo_country_codes: ['IMG'] }, scope: 'management' }
const QUOTA = { perDay: 200, perHour: 100, enforce: true }
const WIRE_QUOTA = { client_credentials: { per_day: 200, per_hour: 100, enforce: true } }
const CLIENT = { client_id: 'client-1', client_secret: 'canary-secret' }

interface Exchange {
  readonly flow: string
  say(auth0: Session): BasePlan<unknown>
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: object
  readonly body?: object
  readonly encoding?: 'json' | 'form'
  /** The bearer that the request carries; the session's management token unless said otherwise. */
  readonly bearer?: string | false
  readonly headers?: Readonly<Record<string, string>>
  readonly status?: number
  readonly answer?: object
}

const token = (flow: string, say: Exchange['say'], body: object): Exchange => ({
  flow,
  say,
  method: 'POST',
  path: '/oauth/token',
  body: { ...body, ...CLIENT },
  encoding: 'form',
  bearer: false,
  answer: { access_token: 'canary-access', token_type: 'Bearer', expires_in: 600 },
})

const associate = (flow: string, say: Exchange['say'], body: object): Exchange => ({
  flow,
  say,
  method: 'POST',
  path: '/mfa/associate',
  body: { ...body, ...CLIENT },
  encoding: 'json',
  bearer: 'canary-mfa',
  answer: { authenticator_type: 'oob', oob_code: 'canary-oob' },
})

const managed = (
  flow: string,
  say: Exchange['say'],
  method: Exchange['method'],
  path: string,
  body?: object,
  rest: Partial<Exchange> = {},
): Exchange => ({
  flow,
  say,
  method,
  path: `/api/v2${path}`,
  ...(body && { body, encoding: 'json' as const }),
  ...rest,
})

const MFA = 'canary-mfa'
const ACCESS = 'canary.access.token'

const exchanges: readonly Exchange[] = [
  token('client credentials', (a) => a.login.clientCredentials({ audience: 'https://api.example.com/' }), {
    grant_type: 'client_credentials',
    audience: 'https://api.example.com/',
  }),
  token('password', (a) => a.login.password({ username: 'u@example.com', password: 'canary-pass', scope: 'openid' }), {
    grant_type: 'password',
    username: 'u@example.com',
    password: 'canary-pass',
    scope: 'openid',
  }),
  token(
    'password with a realm',
    (a) =>
      a.login.password({
        username: 'u@example.com',
        password: 'canary-pass',
        realm: REALM,
        scope: 'openid profile email',
      }),
    {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      username: 'u@example.com',
      password: 'canary-pass',
      realm: REALM,
      scope: 'openid profile email',
    },
  ),
  token(
    'password for the MFA API',
    (a) => a.login.password({ username: 'u', password: 'canary-pass', audience: 'mfa' }),
    {
      grant_type: 'password',
      username: 'u',
      password: 'canary-pass',
      audience: `${ORIGIN}/mfa/`,
    },
  ),
  token('refresh token', (a) => a.login.refreshToken({ refreshToken: 'canary-refresh' }), {
    grant_type: 'refresh_token',
    refresh_token: 'canary-refresh',
  }),
  associate('associate by SMS', (a) => a.mfa(MFA).enroll.sms('+15550100'), {
    authenticator_types: ['oob'],
    oob_channels: ['sms'],
    phone_number: '+15550100',
  }),
  associate('associate by voice', (a) => a.mfa(MFA).enroll.voice('+15550100'), {
    authenticator_types: ['oob'],
    oob_channels: ['voice'],
    phone_number: '+15550100',
  }),
  associate('associate by e-mail', (a) => a.mfa(MFA).enroll.email('u@example.com'), {
    authenticator_types: ['oob'],
    oob_channels: ['email'],
    email: 'u@example.com',
  }),
  associate('associate an app', (a) => a.mfa(MFA).enroll.otp(), { authenticator_types: ['otp'] }),
  associate('associate push', (a) => a.mfa(MFA).enroll.push(), {
    authenticator_types: ['oob'],
    oob_channels: ['auth0'],
  }),
  token('verify by OOB', (a) => a.mfa(MFA).verify.oob({ oobCode: 'canary-oob', bindingCode: '123456' }), {
    grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob',
    mfa_token: MFA,
    oob_code: 'canary-oob',
    binding_code: '123456',
  }),
  token('verify by OTP', (a) => a.mfa(MFA).verify.otp('123456'), {
    grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp',
    mfa_token: MFA,
    otp: '123456',
  }),
  token('verify by recovery code', (a) => a.mfa(MFA).verify.recoveryCode('CANARYCODE'), {
    grant_type: 'http://auth0.com/oauth/grant-type/mfa-recovery-code',
    mfa_token: MFA,
    recovery_code: 'CANARYCODE',
  }),
  {
    flow: 'challenge',
    say: (a) => a.mfa(MFA).challenge.oob('sms|dev_1'),
    method: 'POST',
    path: '/mfa/challenge',
    body: { mfa_token: MFA, challenge_type: 'oob', authenticator_id: 'sms|dev_1', ...CLIENT },
    encoding: 'json',
    bearer: false,
    answer: { challenge_type: 'oob', oob_code: 'canary-oob' },
  },
  {
    flow: 'list authenticators',
    say: (a) => a.mfa(MFA).authenticators.list(),
    method: 'GET',
    path: '/mfa/authenticators',
    bearer: MFA,
    answer: [],
  },
  {
    flow: 'delete an authenticator',
    say: (a) => a.mfa(ACCESS).authenticators('sms|dev_1').delete(),
    method: 'DELETE',
    path: '/mfa/authenticators/sms%7Cdev_1',
    bearer: ACCESS,
    status: 204,
  },
  managed(
    'list users',
    (a) => a.users.list({ q: 'email:"a@example.com"', per_page: 5, include_totals: true }),
    'GET',
    '/users',
    undefined,
    {
      query: { q: 'email:"a@example.com"', page: '0', per_page: '5', include_totals: 'true' },
      answer: { users: [], start: 0, limit: 5, length: 0, total: 0 },
    },
  ),
  managed(
    'tenant quotas',
    (a) => a.tenant().quotas().clients(QUOTA).organizations(QUOTA),
    'PATCH',
    '/tenants/settings',
    {
      default_token_quota: { clients: WIRE_QUOTA, organizations: WIRE_QUOTA },
    },
  ),
  managed('client quota', (a) => a.clients('client_2').quota(QUOTA), 'PATCH', '/clients/client_2', {
    token_quota: WIRE_QUOTA,
  }),
  managed('organization quota', (a) => a.organizations('org_1').quota(QUOTA), 'PATCH', '/organizations/org_1', {
    token_quota: WIRE_QUOTA,
  }),
  managed('job errors', (a) => a.jobs('job_1').errors.get(), 'GET', '/jobs/job_1/errors', undefined, { status: 204 }),
  managed(
    'network ACL: create',
    (a) => a.networkAcls.rule().block().countries('IMG').scope('management').priority(1).describe('Text').create(),
    'POST',
    '/network-acls',
    { active: true, priority: 1, description: 'Text', rule: RULE },
    { status: 201 },
  ),
  managed('network ACL: list', (a) => a.networkAcls.list({ per_page: 50 }), 'GET', '/network-acls', undefined, {
    query: { page: '0', per_page: '50', include_totals: 'true' },
    answer: [],
  }),
  managed('network ACL: get', (a) => a.networkAcls('acl_1').get(), 'GET', '/network-acls/acl_1'),
  managed(
    'network ACL: update',
    (a) => a.networkAcls('acl_1').update({ active: false, priority: 2 }),
    'PATCH',
    '/network-acls/acl_1',
    {
      active: false,
      priority: 2,
    },
  ),
  managed(
    'network ACL: set',
    (a) =>
      a.networkAcls
        .rule()
        .block()
        .countries('IMG')
        .scope('management')
        .priority(2)
        .active(false)
        .describe('Text')
        .set('acl_1'),
    'PUT',
    '/network-acls/acl_1',
    { priority: 2, active: false, description: 'Text', rule: RULE },
  ),
  managed('ids are percent-encoded', (a) => a.users('auth0|a/b').get(), 'GET', '/users/auth0%7Ca%2Fb'),
  managed(
    'ticket without a domain',
    (a) => a.tickets.verifyEmail({ user_id: 'auth0|1' }),
    'POST',
    '/tickets/email-verification',
    {
      user_id: 'auth0|1',
    },
  ),
  managed(
    'ticket with a domain and other options',
    (a) =>
      a.tickets
        .verifyEmail({ user_id: 'auth0|1' })
        .with({ headers: { 'x-correlation-id': 'abc-123' }, maxRetries: 1 })
        .customDomain('login.acme.example'),
    'POST',
    '/tickets/email-verification',
    { user_id: 'auth0|1' },
    { headers: { 'auth0-custom-domain': 'login.acme.example', 'x-correlation-id': 'abc-123' } },
  ),
  managed(
    'invitation with a domain',
    (a) =>
      a
        .organizations('org_1')
        .invitations.create({ inviter: { name: 'Admin' }, invitee: { email: 'u@example.com' }, client_id: 'client-1' })
        .customDomain('login.acme.example'),
    'POST',
    '/organizations/org_1/invitations',
    { inviter: { name: 'Admin' }, invitee: { email: 'u@example.com' }, client_id: 'client-1' },
    { headers: { 'auth0-custom-domain': 'login.acme.example' } },
  ),
]

function telemetry(header: string): { readonly name?: string } {
  return JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly name?: string }
}

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

describe('the exact request of each documented flow', () => {
  it.each(exchanges.map((exchange) => [exchange.flow, exchange] as const))('%s', async (_flow, exchange) => {
    const { method, path, query, body, encoding, status = 200, answer = {} } = exchange
    const auth0 =
      exchange.bearer === undefined
        ? connect({ domain: DOMAIN, token: 'canary-management', retry: false })
        : connect({ domain: DOMAIN, clientId: 'client-1', clientSecret: 'canary-secret', retry: false })
    const bearer = exchange.bearer === undefined ? 'canary-management' : exchange.bearer
    const expected = {
      'auth0-client': (value: string) => telemetry(value).name === 'tenantlab',
      ...(bearer !== false && { authorization: `Bearer ${bearer}` }),
      ...(encoding === 'json' && { 'content-type': /^application\/json/ }),
      ...(encoding === 'form' && { 'content-type': /^application\/x-www-form-urlencoded/ }),
      ...exchange.headers,
    }
    const absent = ['authorization', 'content-type', 'auth0-custom-domain'].filter(
      (name) => !Object.hasOwn(expected, name),
    )
    const scope = nock(ORIGIN, { reqheaders: expected as unknown as Record<string, string>, badheaders: absent })
      .intercept(path, method, body as nock.DataMatcherMap | undefined)
      .query((query as Record<string, string> | undefined) ?? {})
      .reply(status, status === 204 ? undefined : (answer as nock.Body))

    const outcome = await exchange.say(auth0).run().outcome()

    expect(outcome).toMatchObject({ status: 'ok' })
    expect(scope.isDone()).toBe(true)
  })

  it('refuses a request that nobody expects: the guard works', async () => {
    nock(ORIGIN).get('/elsewhere').reply(200)
    const outcome = await connect({ domain: DOMAIN, token: 'canary', retry: false }).users.list().run().outcome()
    expect(outcome.status).toBe('error')
  })
})
