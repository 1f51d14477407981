import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { login, MFA_GRANT, manage, mfaToken, send, start, type TestAnswer, token } from './bench.ts'

const AUTH0 = 'http://auth0.com/oauth/grant-type'
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const CIBA = 'urn:openid:params:grant-type:ciba'
const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
const main = (tenant: Sandbox) => ({ client_id: tenant.options.clientId, client_secret: tenant.options.clientSecret })

/** Status, `error` and `error_description` of an answer; whatever else it holds is not looked at. */
type Told = readonly [status: number, error: string, text?: string | RegExp]

async function expectTold(answer: Promise<TestAnswer>, [status, error, text]: Told): Promise<void> {
  const { body, headers, status: got } = await answer
  expect([got, body.error]).toEqual([status, error])
  expect(headers.get('content-type')).toContain('application/json')
  if (text instanceof RegExp) expect(body.error_description).toMatch(text)
  else if (text !== undefined) expect(body.error_description).toBe(text)
}

describe('T28 errors of /oauth/token', () => {
  it.each<[string, string, Record<string, string>, Told]>([
    ['no code', 'authorization_code', {}, [400, 'invalid_request', 'Missing required parameter: code']],
    ['an unknown code', 'authorization_code', { code: 'x' }, [403, 'invalid_grant', 'Invalid authorization code']],
    ['no refresh token', 'refresh_token', {}, [400, 'invalid_request', 'Missing required parameter: refresh_token']],
    [
      'an unknown refresh token',
      'refresh_token',
      { refresh_token: 'v1.x' },
      [403, 'invalid_grant', 'Unknown or invalid refresh token.'],
    ],
    ['no user name', 'password', { password: 'x' }, [400, 'invalid_request', 'Missing required parameter: username']],
    ['no password', 'password', { username: 'x' }, [400, 'invalid_request', 'Missing required parameter: password']],
    [
      'a wrong password',
      'password',
      { username: 'x', password: 'y' },
      [403, 'invalid_grant', 'Wrong email or password.'],
    ],
    [
      'no realm',
      `${AUTH0}/password-realm`,
      { username: 'x', password: 'y' },
      [400, 'invalid_request', 'Missing required parameter: realm'],
    ],
    [
      'an unknown realm',
      'password',
      { username: 'x', password: 'y', realm: 'nowhere' },
      [400, 'invalid_request', /nowhere/],
    ],
    [
      'no mfa token',
      `${MFA_GRANT}/mfa-otp`,
      { otp: '1' },
      [400, 'invalid_request', 'Missing required parameter: mfa_token'],
    ],
    [
      'a malformed mfa token',
      `${MFA_GRANT}/mfa-otp`,
      { mfa_token: 'x', otp: '1' },
      [403, 'invalid_grant', 'Malformed mfa_token'],
    ],
    [
      'an unknown mfa token',
      `${MFA_GRANT}/mfa-oob`,
      { mfa_token: 'Fe26.2**x', oob_code: 'y' },
      [401, 'invalid_grant', 'The mfa_token provided is invalid. Try getting a new token.'],
    ],
    ['no device code', DEVICE, {}, [400, 'invalid_request', 'Missing required parameter: device_code']],
    ['an unknown device code', DEVICE, { device_code: 'x' }, [403, 'invalid_grant']],
    ['no request id', CIBA, {}, [400, 'invalid_request', 'Missing required parameter: auth_req_id']],
    ['an unknown request id', CIBA, { auth_req_id: 'x' }, [400, 'invalid_grant']],
    [
      'a wrong code',
      `${AUTH0}/passwordless/otp`,
      { realm: 'email', username: 'a@example.com', otp: '0' },
      [403, 'invalid_grant', 'Wrong email or verification code.'],
    ],
    [
      'a wrong code of a phone',
      `${AUTH0}/passwordless/otp`,
      { realm: 'sms', username: '+15005550001', otp: '0' },
      [403, 'invalid_grant', 'Wrong phone number or verification code.'],
    ],
    ['an unknown grant', 'magic', {}, [400, 'unsupported_grant_type', 'Grant type not supported']],
    [
      'an unknown API',
      'client_credentials',
      { audience: 'https://x/' },
      [403, 'access_denied', 'Service not found: https://x/'],
    ],
    [
      'a wrong secret',
      'client_credentials',
      { client_secret: 'x' },
      [401, 'invalid_client', 'Client authentication failed'],
    ],
    ['an unknown client', 'client_credentials', { client_id: 'x' }, [401, 'invalid_client', 'Unknown client.']],
  ])('T28 %s', async (_name, grant, fields, told) => {
    const tenant = await start()
    await expectTold(token(tenant, grant, fields), told)
  })

  it('T28 mfa_required carries an opaque token, on every grant that logs a user in', async () => {
    const tenant = await start()
    await manage(tenant, 'PUT', '/guardian/policies', ['all-applications'])
    const { client_id } = main(tenant)
    const email = 'new@example.com'
    await send(tenant, 'POST', '/passwordless/start', { body: { client_id, connection: 'email', email, send: 'code' } })
    const code = { realm: 'email', username: email, otp: tenant.outbox.last('email').code ?? '' }
    for (const answer of [login(tenant, 1), token(tenant, `${AUTH0}/passwordless/otp`, code)]) {
      const { body } = await answer
      await expectTold(answer, [403, 'mfa_required', 'Multifactor authentication required'])
      expect(Object.keys(body).sort()).toEqual(['error', 'error_description', 'mfa_token'])
      expect(body.mfa_token).toMatch(/^Fe26\.2/)
    }
  })
})

describe('T28 errors of the other endpoints', () => {
  it.each<[string, (tenant: Sandbox) => Promise<TestAnswer>, Told]>([
    ['user info without a token', (tenant) => send(tenant, 'GET', '/userinfo'), [401, 'invalid_token']],
    [
      'user info with another',
      (tenant) => send(tenant, 'POST', '/userinfo', { headers: bearer('x') }),
      [401, 'invalid_token'],
    ],
    [
      'revocation without a token',
      (tenant) => send(tenant, 'POST', '/oauth/revoke', { form: main(tenant) }),
      [400, 'invalid_request'],
    ],
    [
      'revocation with a wrong secret',
      (tenant) => send(tenant, 'POST', '/oauth/revoke', { form: { ...main(tenant), client_secret: 'x', token: 'y' } }),
      [401, 'invalid_client'],
    ],
    [
      'a device of an unknown client',
      (tenant) => send(tenant, 'POST', '/oauth/device/code', { form: { client_id: 'x' } }),
      [401, 'invalid_client'],
    ],
    [
      'a pushed request without redirect_uri',
      (tenant) => send(tenant, 'POST', '/oauth/par', { form: { ...main(tenant), response_type: 'code' } }),
      [400, 'invalid_request', 'Missing required parameter: redirect_uri'],
    ],
    [
      'a consent without binding message',
      (tenant) => send(tenant, 'POST', '/bc-authorize', { form: { ...main(tenant), scope: 'openid' } }),
      [400, 'invalid_request', 'Missing required parameter: binding_message'],
    ],
    [
      'a code without an address',
      (tenant) => send(tenant, 'POST', '/passwordless/start', { body: { ...main(tenant), connection: 'email' } }),
      [400, 'invalid_request', 'Missing required parameter: email'],
    ],
    ['an unknown path', (tenant) => send(tenant, 'GET', '/nothing'), [404, 'not_found']],
    ['another method', (tenant) => send(tenant, 'DELETE', '/oauth/token'), [405, 'method_not_allowed']],
    [
      'a body that is not JSON',
      (tenant) => send(tenant, 'POST', '/oauth/token', { body: 'text' }),
      [400, 'invalid_request'],
    ],
    [
      'an enrolment with a wrong bearer',
      (tenant) =>
        send(tenant, 'POST', '/mfa/associate', {
          body: { authenticator_types: ['otp'] },
          headers: bearer('Fe26.2**x'),
        }),
      [401, 'invalid_grant', 'The mfa_token provided is invalid. Try getting a new token.'],
    ],
    [
      'authenticators without a bearer',
      (tenant) => send(tenant, 'GET', '/mfa/authenticators'),
      [401, 'invalid_grant', 'The mfa_token provided is invalid. Try getting a new token.'],
    ],
    [
      'a challenge without a token',
      (tenant) => send(tenant, 'POST', '/mfa/challenge', { body: main(tenant) }),
      [400, 'invalid_request', 'Missing required parameter: mfa_token'],
    ],
  ])('T28 %s', async (_name, ask, told) => {
    const tenant = await start()
    await expectTold(ask(tenant), told)
  })

  it('T28 of the MFA API, for a login that waits', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const associate = (body: object) => send(tenant, 'POST', '/mfa/associate', { body, headers: bearer(mfa_token) })
    const phone = { authenticator_types: ['oob'], oob_channels: ['sms'] }
    await expectTold(associate({}), [400, 'invalid_request', 'Missing required parameter: authenticator_types'])
    await expectTold(associate({ ...phone, phone_number: '555' }), [400, 'invalid_phone_number'])
    await expectTold(associate(phone), [400, 'invalid_request', 'Missing required parameter: phone_number'])
    const challenge = send(tenant, 'POST', '/mfa/challenge', { body: { ...main(tenant), mfa_token } })
    await expectTold(challenge, [403, 'association_required'])
    const deleted = send(tenant, 'DELETE', '/mfa/authenticators/sms%7Cdev_x', { headers: bearer(mfa_token) })
    await expectTold(deleted, [401, 'access_denied'])
    await expectTold(token(tenant, `${MFA_GRANT}/mfa-otp`, { mfa_token, otp: '1' }), [
      403,
      'invalid_grant',
      'Invalid otp_code.',
    ])
    await expectTold(token(tenant, `${MFA_GRANT}/mfa-recovery-code`, { mfa_token, recovery_code: 'X' }), [
      403,
      'invalid_grant',
      'MFA Authorization rejected.',
    ])
    const { body } = await associate({ ...phone, phone_number: '+15005550001' })
    const oob = { mfa_token, oob_code: body.oob_code }
    await expectTold(token(tenant, `${MFA_GRANT}/mfa-oob`, oob), [
      400,
      'invalid_request',
      'Missing required parameter: binding_code',
    ])
    await expectTold(token(tenant, `${MFA_GRANT}/mfa-oob`, { ...oob, binding_code: '0' }), [
      403,
      'invalid_grant',
      'Invalid binding_code.',
    ])
    await expectTold(token(tenant, `${MFA_GRANT}/mfa-oob`, { mfa_token, oob_code: 'x', binding_code: '0' }), [
      403,
      'invalid_grant',
    ])
  })
})

describe('T28 shapes of answers', () => {
  it('T28 an answer of tokens has its fields and no others', async () => {
    const tenant = await start()
    const keys = async (answer: Promise<TestAnswer>) => Object.keys((await answer).body).sort()
    const audience = `https://${tenant.domain}/api/v2/`
    expect(await keys(token(tenant, 'client_credentials', { audience }))).toEqual([
      'access_token',
      'expires_in',
      'scope',
      'token_type',
    ])
    expect(await keys(login(tenant, 1, { scope: 'openid offline_access' }))).toEqual([
      'access_token',
      'expires_in',
      'id_token',
      'refresh_token',
      'scope',
      'token_type',
    ])
    const read = { audience: tenant.seed.api.identifier, scope: 'read:items' }
    expect(await keys(login(tenant, 1, read))).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
  })

  it('T28 access tokens follow the profile of their API', async () => {
    const tenant = await start()
    const { api } = tenant.seed
    const access = async (changes: object, fields: Record<string, string> = {}) => {
      await manage(tenant, 'PATCH', `/resource-servers/${api.id}`, changes)
      return String(
        (await login(tenant, 1, { audience: api.identifier, scope: 'openid read:items', ...fields })).body.access_token,
      )
    }
    const own = await access({ token_dialect: 'access_token' })
    expect(decodeProtectedHeader(own).typ).toBe('JWT')
    expect(Object.keys(decodeJwt(own)).sort()).toEqual(['aud', 'azp', 'exp', 'gty', 'iat', 'iss', 'scope', 'sub'])
    const rfc = await access({ token_dialect: 'rfc9068_profile' })
    expect(decodeProtectedHeader(rfc).typ).toBe('at+jwt')
    expect(Object.keys(decodeJwt(rfc)).sort()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'])
    const permitted = await access({ token_dialect: 'access_token_authz', enforce_policies: true })
    expect(decodeJwt(permitted).permissions).toEqual([])
    const secret = await access({ token_dialect: 'access_token', signing_alg: 'HS256', enforce_policies: false })
    expect(decodeProtectedHeader(secret).alg).toBe('HS256')
    expect(decodeJwt(secret).aud).toBe(api.identifier)
    const brief = decodeJwt(await access({ token_lifetime: 60, signing_alg: 'RS256' }))
    expect(Number(brief.exp) - Number(brief.iat)).toBe(60)
  })

  it('T28 a token for the MFA API lives ten minutes', async () => {
    const tenant = await start()
    const { body } = await login(tenant, 1, {
      audience: `https://${tenant.domain}/mfa/`,
      scope: 'enroll read:authenticators',
    })
    expect(body.expires_in).toBe(600)
    expect(decodeJwt(body.access_token)).toMatchObject({
      aud: `https://${tenant.domain}/mfa/`,
      scope: 'enroll read:authenticators',
    })
  })

  it('T28 ID tokens hold the claims of their scopes', async () => {
    const tenant = await start()
    const claims = async (scope: string) => Object.keys(decodeJwt((await login(tenant, 1, { scope })).body.id_token))
    const always = ['sub', 'iss', 'aud', 'iat', 'exp', 'sid', 'at_hash']
    expect((await claims('openid email')).sort()).toEqual([...always, 'email', 'email_verified'].sort())
    expect(await claims('openid profile')).toEqual(
      expect.arrayContaining([...always, 'name', 'nickname', 'picture', 'updated_at']),
    )
  })

  it('T28 enrolments and challenges of each kind', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const enrol = async (body: object) =>
      Object.keys((await send(tenant, 'POST', '/mfa/associate', { body, headers: bearer(mfa_token) })).body).sort()
    expect(await enrol({ authenticator_types: ['otp'] })).toEqual([
      'authenticator_type',
      'barcode_uri',
      'recovery_codes',
      'secret',
    ])
    const oob = (channel: string, more: object = {}) =>
      enrol({ authenticator_types: ['oob'], oob_channels: [channel], ...more })
    const prompted = ['authenticator_type', 'binding_method', 'oob_channel', 'oob_code']
    expect(await oob('sms', { phone_number: '+15005550001' })).toEqual(prompted)
    expect(await oob('voice', { phone_number: '+15005550002' })).toEqual(prompted)
    expect(await oob('email', { email: 'second@example.com' })).toEqual(prompted)
    expect(await oob('auth0')).toEqual(['authenticator_type', 'barcode_uri', 'oob_channel', 'oob_code'])
  })

  it('T28 sign-up and passwordless answers are those of recorded tenants', async () => {
    const tenant = await start()
    const { client_id } = main(tenant)
    const connection = tenant.seed.connection.name
    const made = await send(tenant, 'POST', '/dbconnections/signup', {
      body: { client_id, connection, email: 'a@example.com', password: 'Long-enough-1!' },
    })
    expect(Object.keys(made.body).sort()).toEqual(['_id', 'email', 'email_verified'])
    const sent = await send(tenant, 'POST', '/passwordless/start', {
      body: { client_id, connection: 'sms', phone_number: '+123456789' },
    })
    expect(sent.body).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      phone_number: '+123456789',
      phone_verified: true,
    })
  })

  it('T15 signs up by user name or phone alone where the directory has flexible identifiers', async () => {
    const tenant = await start()
    const { client_id } = main(tenant)
    const connection = tenant.seed.connection.name
    const attributes = {
      email: { identifier: { active: true }, signup: { status: 'optional' } },
      username: { identifier: { active: true }, signup: { status: 'optional' } },
      phone_number: { identifier: { active: true }, signup: { status: 'optional' } },
    }
    await manage(tenant, 'PATCH', `/connections/${tenant.seed.connection.id}`, { options: { attributes } })
    const signup = (fields: object) =>
      send(tenant, 'POST', '/dbconnections/signup', {
        body: { client_id, connection, password: 'Long-enough-1!', ...fields },
      })
    const phone = await signup({ phone_number: '+12345678900' })
    expect([phone.status, phone.body]).toEqual([
      200,
      { _id: expect.any(String), phone_number: '+12345678900', phone_verified: false },
    ])
    expect((await signup({ username: 'somebody' })).body).toEqual({ _id: expect.any(String), username: 'somebody' })
    expect((await signup({})).status).toBe(400)
    expect((await login(tenant, 1, { username: 'somebody', password: 'Long-enough-1!' })).status).toBe(200)
  })

  it('T28 discovery tells what is there, and every address in it answers', async () => {
    const tenant = await start()
    const { body } = await send(tenant, 'GET', '/.well-known/openid-configuration')
    expect(body).toMatchObject({
      issuer: `https://${tenant.domain}/`,
      registration_endpoint: `https://${tenant.domain}/oidc/register`,
      response_modes_supported: ['query', 'fragment', 'form_post', 'web_message'],
      code_challenge_methods_supported: ['S256'],
      request_parameter_supported: false,
    })
    expect(body.response_types_supported).toHaveLength(7)
    for (const [name, address] of Object.entries<string>(body).filter(([key]) => /_(endpoint|uri)$/.test(key))) {
      const { pathname } = new URL(address)
      const statuses = await Promise.all(
        ['GET', 'POST'].map(async (method) => (await send(tenant, method, pathname)).status),
      )
      expect([name, statuses.some((status) => status !== 404 && status !== 405)]).toEqual([name, true])
    }
  })
})
