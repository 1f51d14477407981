import { TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { login, MFA_GRANT, manage, mfaToken, send, start, token } from './bench.ts'

const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
const MINUTE = 60_000

function associate(tenant: Sandbox, mfa: string, body: object) {
  return send(tenant, 'POST', '/mfa/associate', { body, headers: bearer(mfa) })
}

function challenge(tenant: Sandbox, mfa_token: string, more: object = {}) {
  const { clientId: client_id, clientSecret: client_secret } = tenant.options
  return send(tenant, 'POST', '/mfa/challenge', { body: { mfa_token, client_id, client_secret, ...more } })
}

function authenticators(tenant: Sandbox, mfa: string) {
  return send(tenant, 'GET', '/mfa/authenticators', { headers: bearer(mfa) })
}

const SMS = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+15005550001' }
const currentCode = (tenant: Sandbox, secret: string) =>
  new TOTP({ secret }).generate({ timestamp: tenant.clock.now() })

/** Enrols a factor for the first user and answers the recovery code. */
async function enrolSms(tenant: Sandbox): Promise<string> {
  const mfa_token = await mfaToken(tenant)
  const enrolment = await associate(tenant, mfa_token, SMS)
  const { oob_code } = enrolment.body
  await token(tenant, `${MFA_GRANT}/mfa-oob`, {
    mfa_token,
    oob_code,
    binding_code: tenant.outbox.last('sms').code ?? '',
  })
  return enrolment.body.recovery_codes[0]
}

/** An access token for the MFA API, got by passing MFA with SMS. */
async function mfaAccessToken(tenant: Sandbox, scope = 'enroll read:authenticators remove:authenticators') {
  const asked = await login(tenant, 0, { audience: `https://${tenant.domain}/mfa/`, scope })
  const mfa_token = asked.body.mfa_token
  const sent = await challenge(tenant, mfa_token, { challenge_type: 'oob' })
  const { oob_code } = sent.body
  return token(tenant, `${MFA_GRANT}/mfa-oob`, {
    mfa_token,
    oob_code,
    binding_code: tenant.outbox.last('sms').code ?? '',
  })
}

describe('mfa_required', () => {
  it('answers 403 with an opaque mfa token, and lists nothing at first', async () => {
    const tenant = await start()
    const answer = await login(tenant, 0)
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({
      error: 'mfa_required',
      error_description: 'Multifactor authentication required',
    })
    expect(answer.body.mfa_token).toMatch(/^Fe26\.2/)
    expect((await authenticators(tenant, answer.body.mfa_token)).body).toEqual([])
  })

  it('asks nothing of the user without MFA, and of everybody once the policy says always', async () => {
    const tenant = await start()
    expect((await login(tenant, 1)).status).toBe(200)
    const mgmt = await token(tenant, 'client_credentials', { audience: `https://${tenant.domain}/api/v2/` })
    await send(tenant, 'PUT', '/api/v2/guardian/policies', {
      body: ['all-applications'],
      headers: bearer(mgmt.body.access_token),
    })
    expect((await login(tenant, 1)).body.error).toBe('mfa_required')
  })
})

describe('enrolment', () => {
  it('enrols SMS: code in the outbox, recovery code once, tokens at the end, both twins active', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const enrolment = await associate(tenant, mfa_token, SMS)
    expect(enrolment.status).toBe(200)
    expect(enrolment.body).toMatchObject({ authenticator_type: 'oob', binding_method: 'prompt', oob_channel: 'sms' })
    expect(enrolment.body.recovery_codes[0]).toMatch(/^[A-Z0-9]{24}$/)
    const pending = await authenticators(tenant, mfa_token)
    expect(pending.body.every((each: { active: boolean }) => !each.active)).toBe(true)

    const message = tenant.outbox.last('sms')
    expect(message.to).toBe('+15005550001')
    const { oob_code } = enrolment.body
    const done = await token(tenant, `${MFA_GRANT}/mfa-oob`, { mfa_token, oob_code, binding_code: message.code ?? '' })
    expect(done.status).toBe(200)
    expect(done.body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile email' })
    expect(done.body.id_token).toBeDefined()

    const listed = await authenticators(tenant, await mfaToken(tenant))
    const [sms, voice] = listed.body.filter((each: { oob_channel?: string }) => each.oob_channel)
    expect([sms.id, voice.id].map((id: string) => id.split('|')[1])[0]).toBe(voice.id.split('|')[1])
    expect(listed.body.map((each: { active: boolean }) => each.active)).toEqual([true, true, true])
    expect(sms.name ?? voice.name).toMatch(/^X+0001$/)
  })

  it('enrols an authenticator app with a real TOTP', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const { body } = await associate(tenant, mfa_token, { authenticator_types: ['otp'] })
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(body.barcode_uri).toContain(`secret=${body.secret}&issuer=`)
    const wrong = await token(tenant, `${MFA_GRANT}/mfa-otp`, { mfa_token, otp: 'abcdef' })
    expect([wrong.status, wrong.body.error, wrong.body.error_description]).toEqual([
      403,
      'invalid_grant',
      'Invalid otp_code.',
    ])
    const right = await token(tenant, `${MFA_GRANT}/mfa-otp`, { mfa_token, otp: currentCode(tenant, body.secret) })
    expect(right.status).toBe(200)
    const listed = await authenticators(tenant, await mfaToken(tenant))
    expect(listed.body).toContainEqual({
      id: expect.stringMatching(/^totp\|dev_[A-Za-z0-9]{16}$/),
      authenticator_type: 'otp',
      active: true,
    })
  })

  it.each([
    ['voice', { oob_channels: ['voice'], phone_number: '+15005550001' }],
    ['email', { oob_channels: ['email'], email: 'second@example.com' }],
  ])('enrols %s', async (kind, fields) => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const { body } = await associate(tenant, mfa_token, { authenticator_types: ['oob'], ...fields })
    const binding_code = tenant.outbox.last(kind as 'voice').code ?? ''
    const done = await token(tenant, `${MFA_GRANT}/mfa-oob`, { mfa_token, oob_code: body.oob_code, binding_code })
    expect(done.status).toBe(200)
  })

  it('enrols push without a binding method; it is polled until the person answers', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const { body } = await associate(tenant, mfa_token, { authenticator_types: ['oob'], oob_channels: ['auth0'] })
    expect(body).not.toHaveProperty('binding_method')
    expect(body.barcode_uri).toMatch(/^otpauth:\/\/totp\/.*enrollment_tx_id=/)
    const grant = { mfa_token, oob_code: body.oob_code }
    const pending = await token(tenant, `${MFA_GRANT}/mfa-oob`, grant)
    expect([pending.status, pending.body.error]).toEqual([400, 'authorization_pending'])
    tenant.outbox.approve()
    expect(() => tenant.outbox.approve()).toThrow('answered before')
    expect((await token(tenant, `${MFA_GRANT}/mfa-oob`, grant)).status).toBe(200)
    const ids = (await authenticators(tenant, await mfaToken(tenant))).body.map(
      (each: { id: string }) => each.id.split('|')[0],
    )
    expect(ids).toEqual(expect.arrayContaining(['push', 'totp']))
  })

  it('refuses an mfa token once a factor is active, and an unknown token always', async () => {
    const tenant = await start()
    await enrolSms(tenant)
    const again = await associate(tenant, await mfaToken(tenant), { authenticator_types: ['otp'] })
    expect([again.status, again.body]).toEqual([
      403,
      { error: 'access_denied', error_description: 'User is already enrolled.' },
    ])
    const unknown = await associate(tenant, 'Fe26.2**nothing', { authenticator_types: ['otp'] })
    expect([unknown.status, unknown.body]).toEqual([
      401,
      { error: 'invalid_grant', error_description: 'The mfa_token provided is invalid. Try getting a new token.' },
    ])
  })

  it('gives the recovery code with the first association only, and none where the tenant has them off', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    await associate(tenant, mfa_token, SMS)
    expect((await associate(tenant, mfa_token, { authenticator_types: ['otp'] })).body).not.toHaveProperty(
      'recovery_codes',
    )
  })

  it('checks its fields', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    const broken = [
      {},
      { authenticator_types: ['webauthn'] },
      { authenticator_types: ['oob'] },
      { authenticator_types: ['oob'], oob_channels: ['pigeon'] },
      { authenticator_types: ['oob'], oob_channels: ['sms'] },
      { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '555' },
    ]
    for (const body of broken) expect((await associate(tenant, mfa_token, body)).status).toBe(400)
  })
})

describe('challenge', () => {
  it('needs an enrolment, the application and the token', async () => {
    const tenant = await start()
    const mfa_token = await mfaToken(tenant)
    expect((await challenge(tenant, mfa_token)).body.error).toBe('association_required')
    expect((await challenge(tenant, mfa_token, { client_secret: 'wrong' })).status).toBe(401)
    expect((await challenge(tenant, 'Bear')).body.error_description).toBe('Malformed mfa_token')
  })

  it('answers by type, picks by preference and by id', async () => {
    const tenant = await start()
    await enrolSms(tenant)
    const mfa_token = await mfaToken(tenant)
    const any = await challenge(tenant, mfa_token)
    expect(any.body).toEqual({ challenge_type: 'oob', oob_code: expect.any(String), binding_method: 'prompt' })
    expect((await challenge(tenant, mfa_token, { challenge_type: 'otp' })).body.error).toBe(
      'unsupported_challenge_type',
    )
    const listed = await authenticators(tenant, mfa_token)
    const voice = listed.body.find((each: { oob_channel?: string }) => each.oob_channel === 'voice')
    await challenge(tenant, mfa_token, { challenge_type: 'oob', authenticator_id: voice.id })
    expect(tenant.outbox.voice).toHaveLength(1)
  })
})

describe('verification', () => {
  it('takes a code once, within five minutes, for its own login and application', async () => {
    const tenant = await start({ seed: 'codes', clock: 'fixed' })
    await enrolSms(tenant)
    const mfa_token = await mfaToken(tenant)
    const { oob_code } = (await challenge(tenant, mfa_token)).body
    const grant = `${MFA_GRANT}/mfa-oob`
    const code = tenant.outbox.last('sms').code ?? ''
    const missing = await token(tenant, grant, { mfa_token, oob_code })
    expect([missing.status, missing.body.error_description]).toEqual([400, 'Missing required parameter: binding_code'])
    const other = await mfaToken(tenant)
    const mixed = await token(tenant, grant, { mfa_token: other, oob_code, binding_code: code })
    expect(mixed.body.error_description).toBe("The oob_code doesn't match the mfa_token")

    tenant.clock.advance(5 * MINUTE)
    const late = await token(tenant, grant, { mfa_token, oob_code, binding_code: code })
    expect(late.body).toEqual({ error: 'invalid_grant', error_description: 'Invalid binding_code.' })

    const fresh = (await challenge(tenant, mfa_token)).body.oob_code
    const fields = { mfa_token, oob_code: fresh, binding_code: tenant.outbox.last('sms').code ?? '' }
    expect((await token(tenant, grant, fields)).status).toBe(200)
    expect((await token(tenant, grant, fields)).status).toBe(401)
  })

  it('expires an mfa token after ten minutes', async () => {
    const tenant = await start({ seed: 'expiry', clock: 'fixed' })
    const mfa_token = await mfaToken(tenant)
    tenant.clock.advance(10 * MINUTE)
    const late = await token(tenant, `${MFA_GRANT}/mfa-otp`, { mfa_token, otp: '000000' })
    expect([late.status, late.body]).toEqual([
      403,
      { error: 'expired_token', error_description: 'mfa_token is expired' },
    ])
    expect((await associate(tenant, mfa_token, SMS)).body.error).toBe('expired_token')
  })

  it('blocks after ten wrong codes and gives one back every six minutes', async () => {
    const tenant = await start({ seed: 'attempts', clock: 'fixed' })
    await enrolSms(tenant)
    const mfa_token = await mfaToken(tenant)
    const { oob_code } = (await challenge(tenant, mfa_token)).body
    const attempt = () => token(tenant, `${MFA_GRANT}/mfa-oob`, { mfa_token, oob_code, binding_code: 'wrong' })
    for (let count = 0; count < 10; count += 1) expect((await attempt()).status).toBe(403)
    const blocked = await attempt()
    expect([blocked.status, blocked.body.error_description]).toEqual([
      429,
      'Too many failed codes. Wait for some minutes before retrying.',
    ])
    expect(blocked.headers.get('retry-after')).toBe('360')
    tenant.clock.advance(6 * MINUTE)
    expect((await attempt()).status).toBe(403)
    expect((await attempt()).status).toBe(429)
  })

  it('stops sending SMS after ten', async () => {
    const tenant = await start({ seed: 'sms', clock: 'fixed' })
    await enrolSms(tenant)
    const mfa_token = await mfaToken(tenant)
    for (let count = 0; count < 9; count += 1) expect((await challenge(tenant, mfa_token)).status).toBe(200)
    const refused = await challenge(tenant, mfa_token)
    expect([refused.status, refused.body.error_description]).toEqual([
      429,
      'Too many SMS sent by the user. Wait for some minutes before retrying.',
    ])
  })

  it('ends a push that is rejected, and slows down polls beyond twelve a minute', async () => {
    const tenant = await start({ seed: 'push', clock: 'fixed' })
    const mfa_token = await mfaToken(tenant)
    const { oob_code } = (await associate(tenant, mfa_token, { authenticator_types: ['oob'], oob_channels: ['auth0'] }))
      .body
    const poll = () => token(tenant, `${MFA_GRANT}/mfa-oob`, { mfa_token, oob_code })
    for (let count = 0; count < 12; count += 1) expect((await poll()).body.error).toBe('authorization_pending')
    expect((await poll()).body.error).toBe('slow_down')
    tenant.clock.advance(MINUTE)
    tenant.outbox.reject()
    const rejected = await poll()
    expect([rejected.status, rejected.body]).toEqual([
      400,
      { error: 'access_denied', error_description: 'MFA Authorization rejected.' },
    ])
  })

  it('spends a recovery code and hands out the next one', async () => {
    const tenant = await start()
    const recovery_code = await enrolSms(tenant)
    const grant = `${MFA_GRANT}/mfa-recovery-code`
    const first = await token(tenant, grant, { mfa_token: await mfaToken(tenant), recovery_code })
    expect(first.status).toBe(200)
    expect(first.body.recovery_code).toMatch(/^[A-Z0-9]{24}$/)
    expect((await token(tenant, grant, { mfa_token: await mfaToken(tenant), recovery_code })).status).toBe(403)
    const next = { mfa_token: await mfaToken(tenant), recovery_code: first.body.recovery_code }
    expect((await token(tenant, grant, next)).status).toBe(200)
  })
})

describe('access token for the MFA API', () => {
  it('forces MFA once a factor is enrolled, lives 600 seconds, lists, enrols more and deletes with its twin', async () => {
    const tenant = await start()
    const straight = await login(tenant, 0, { audience: `https://${tenant.domain}/mfa/` })
    expect([straight.status, straight.body.expires_in]).toEqual([200, 600])
    await enrolSms(tenant)
    const passed = await mfaAccessToken(tenant)
    expect(passed.body).toMatchObject({ expires_in: 600, scope: 'enroll read:authenticators remove:authenticators' })
    const access = passed.body.access_token
    expect((await associate(tenant, access, { authenticator_types: ['otp'] })).status).toBe(200)

    const [sms] = (await authenticators(tenant, access)).body.filter((each: { id: string }) =>
      each.id.startsWith('sms|'),
    )
    const path = `/mfa/authenticators/${encodeURIComponent(sms.id)}`
    const refused = await send(tenant, 'DELETE', path, { headers: bearer(await mfaToken(tenant)) })
    expect(refused.status).toBe(401)
    expect((await send(tenant, 'DELETE', path, { headers: bearer(access) })).status).toBe(204)
    const left = (await authenticators(tenant, access)).body.map((each: { id: string }) => each.id.split('|')[0])
    expect(left).not.toContain('sms')
    expect(left).not.toContain('voice')
    expect((await send(tenant, 'DELETE', path, { headers: bearer(access) })).status).toBe(404)
  })

  it('enrols a further factor, confirmed by the next login', async () => {
    const tenant = await start()
    await enrolSms(tenant)
    const access = (await mfaAccessToken(tenant)).body.access_token
    const { secret } = (await associate(tenant, access, { authenticator_types: ['otp'] })).body
    const push = await associate(tenant, access, { authenticator_types: ['oob'], oob_channels: ['auth0'] })
    tenant.outbox.approve()
    const grant = { mfa_token: await mfaToken(tenant), oob_code: push.body.oob_code }
    expect((await token(tenant, `${MFA_GRANT}/mfa-oob`, grant)).status).toBe(200)
    const otp = { mfa_token: await mfaToken(tenant), otp: currentCode(tenant, secret) }
    expect((await token(tenant, `${MFA_GRANT}/mfa-otp`, otp)).status).toBe(200)
    const listed = (await authenticators(tenant, access)).body
    expect(listed.every((each: { active: boolean }) => each.active)).toBe(true)
    const chosen = await challenge(tenant, await mfaToken(tenant))
    expect(chosen.body).toEqual({ challenge_type: 'oob', oob_code: expect.any(String) })
  })

  it('mirrors the verified profile address, which can be challenged and not deleted', async () => {
    const tenant = await start()
    const user_id = encodeURIComponent(tenant.seed.users[0]?.user_id ?? '')
    await manage(tenant, 'PATCH', `/users/${user_id}`, { email_verified: true })
    const access = (await login(tenant, 0, { audience: `https://${tenant.domain}/mfa/` })).body.access_token
    const [mirror] = (await authenticators(tenant, access)).body
    expect(mirror).toMatchObject({ active: true, oob_channel: 'email', name: tenant.seed.users[0]?.email })
    const path = `/mfa/authenticators/${encodeURIComponent(mirror.id)}`
    expect((await send(tenant, 'DELETE', path, { headers: bearer(access) })).status).toBe(403)
    const mfa_token = await mfaToken(tenant)
    const { oob_code } = (await challenge(tenant, mfa_token)).body
    const binding_code = tenant.outbox.last('email').code ?? ''
    expect((await token(tenant, `${MFA_GRANT}/mfa-oob`, { mfa_token, oob_code, binding_code })).status).toBe(200)
  })

  it('does nothing beyond its scopes', async () => {
    const tenant = await start()
    await enrolSms(tenant)
    const reader = (await mfaAccessToken(tenant, 'read:authenticators')).body.access_token
    expect((await authenticators(tenant, reader)).status).toBe(200)
    const refused = await associate(tenant, reader, { authenticator_types: ['otp'] })
    expect([refused.status, refused.body.error]).toEqual([403, 'insufficient_scope'])
  })
})
