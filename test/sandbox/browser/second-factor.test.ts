import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { manage, send, start, token } from '../bench.ts'
import { authorizeUrl, CALLBACK, type Seen, signIn, Visitor } from './visitor.ts'

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const CIBA = 'urn:openid:params:grant-type:ciba'
const exchange = (tenant: Sandbox, { url }: Seen) =>
  token(tenant, 'authorization_code', { code: url.searchParams.get('code') ?? '', redirect_uri: CALLBACK })

/** Sets up a factor of the first user in the browser; the page after it, with the recovery code. */
async function enrolOtp(tenant: Sandbox, visitor: Visitor): Promise<{ secret: string; recovery: string; back: Seen }> {
  const page = await signIn(visitor, tenant, 0)
  expect(page.url.pathname).toBe('/u/mfa')
  const confirm = await visitor.submit(page, {}, 'value="otp"')
  const secret = /<code id="secret">([A-Z2-7]+)</.exec(confirm.html)?.[1] ?? ''
  const wrong = await visitor.submit(confirm, { code: 'abcdef' }, 'name="code"')
  expect([wrong.status, wrong.html]).toEqual([400, expect.stringContaining('The code is invalid')])
  const shown = await visitor.submit(wrong, { code: tenant.totp(secret) }, 'name="code"')
  const recovery = /<code id="recovery-code">([A-Z0-9]{24})</.exec(shown.html)?.[1] ?? ''
  return { secret, recovery, back: await visitor.submit(shown) }
}

describe('T20 a second factor in the browser', () => {
  it('T20 is set up at the first login and asked for at the next; amr says so only then', async () => {
    const tenant = await start({ clock: 'fixed' })
    const { recovery, secret, back } = await enrolOtp(tenant, new Visitor(tenant))
    expect(decodeJwt((await exchange(tenant, back)).body.id_token).amr).toEqual(['mfa'])

    const visitor = new Visitor(tenant)
    const choice = await signIn(visitor, tenant, 0)
    expect(choice.html).toContain('Authenticator app')
    const asked = await visitor.submit(choice, {}, 'value="challenge"')
    const totp = /name="authenticator" value="(totp[^"]+)"/.exec(choice.html)?.[1] ?? ''
    const chosen = await visitor.submit(choice, { authenticator: totp }, 'value="challenge"')
    expect(asked.status).toBe(400)
    const done = await visitor.submit(chosen, { code: tenant.totp(secret) }, 'name="code"')
    expect(decodeJwt((await exchange(tenant, done)).body.id_token).amr).toEqual(['mfa'])
    const silent = await exchange(tenant, await visitor.go(authorizeUrl(tenant, { prompt: 'none' })))
    expect(decodeJwt(silent.body.id_token).amr).toEqual(['mfa'])

    const third = new Visitor(tenant)
    const lost = await signIn(third, tenant, 0)
    const replaced = await third.submit(lost, { recovery_code: recovery.toLowerCase() }, 'recovery_code')
    expect(replaced.html).toContain('Save your recovery code')
    expect(replaced.html).not.toContain(recovery)
    expect((await exchange(tenant, await third.submit(replaced))).status).toBe(200)

    const plain = await exchange(tenant, await signIn(new Visitor(tenant), tenant, 1))
    expect(decodeJwt(plain.body.id_token)).not.toHaveProperty('amr')
    expect(decodeJwt(plain.body.id_token)).not.toHaveProperty('auth_time')
  })

  it.each([
    ['sms', { phone_number: '+15005550001' }, 'value="sms"'],
    ['voice', { phone_number: '+15005550001' }, 'value="voice"'],
    ['email', { email: 'second@example.com' }, 'value="email"'],
  ] as const)('T20 sends codes by %s', async (kind, fields, form) => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const confirm = await visitor.submit(await signIn(visitor, tenant, 0), fields, form)
    const shown = await visitor.submit(confirm, { code: tenant.outbox.last(kind).code ?? '' }, 'name="code"')
    expect(shown.url.pathname).toBe('/u/recovery')
    const again = new Visitor(tenant)
    const choice = await signIn(again, tenant, 0)
    const id = new RegExp(`name="authenticator" value="(${kind}[^"]+)"`).exec(choice.html)?.[1] ?? ''
    const asked = await again.submit(choice, { authenticator: id }, 'value="challenge"')
    const done = await again.submit(asked, { code: tenant.outbox.last(kind).code ?? '' }, 'name="code"')
    expect(done.url.origin).toBe('https://app.example.com')
  })

  it('T20 waits for a push, whose page goes on by itself', async () => {
    const tenant = await start()
    const visitor = new Visitor(tenant)
    const confirm = await visitor.submit(await signIn(visitor, tenant, 0), {}, 'value="push"')
    expect((await visitor.submit(confirm, { action: 'confirm' }, 'value="confirm"')).html).toContain(
      'has not been approved',
    )
    tenant.outbox.approve()
    expect((await visitor.submit(confirm, { action: 'confirm' }, 'value="confirm"')).url.pathname).toBe('/u/recovery')
    const again = new Visitor(tenant)
    const choice = await signIn(again, tenant, 0)
    const id = /name="authenticator" value="(push[^"]+)"/.exec(choice.html)?.[1] ?? ''
    const waiting = await again.submit(choice, { authenticator: id }, 'value="challenge"')
    expect(waiting.html).toContain('http-equiv="refresh"')
    const address = `/u/mfa?state=${/name="state" value="([^"]+)"/.exec(waiting.html)?.[1]}`
    expect((await again.go(address)).html).toContain('A notification was sent')
    tenant.outbox.reject()
    expect((await again.go(address)).html).toContain('That was rejected')
    await again.submit(choice, { authenticator: id }, 'value="challenge"')
    tenant.outbox.approve()
    expect((await again.go(address)).url.origin).toBe('https://app.example.com')
  })

  it('T20 is refused to prompt=none, and asked for by acr_values and by the tenant’s policy', async () => {
    const tenant = await start({ signInByLoginHint: true })
    const silent = { prompt: 'none', login_hint: tenant.seed.users[0]?.email ?? '' }
    const { url } = await new Visitor(tenant).go(authorizeUrl(tenant, silent))
    expect(url.searchParams.get('error')).toBe('interaction_required')
    const acr_values = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'
    expect((await signIn(new Visitor(tenant), tenant, 1, { acr_values, login_hint: 'x' })).url.pathname).toBe('/u/mfa')
    await manage(tenant, 'PUT', '/guardian/policies', ['all-applications'])
    const asked = await new Visitor(tenant).go(authorizeUrl(tenant, { login_hint: tenant.seed.users[1]?.email ?? '' }))
    expect(asked.url.pathname).toBe('/u/mfa')
  })

  it('T21 enrols by the link of a ticket, once', async () => {
    const tenant = await start()
    const user_id = tenant.seed.users[0]?.user_id ?? ''
    const { body } = await manage(tenant, 'POST', '/guardian/enrollments/ticket', { user_id })
    const { pathname, search } = new URL(body.ticket_url)
    const visitor = new Visitor(tenant)
    const confirm = await visitor.submit(await visitor.go(pathname + search), {}, 'value="otp"')
    const secret = /<code id="secret">([A-Z2-7]+)</.exec(confirm.html)?.[1] ?? ''
    const shown = await visitor.submit(confirm, { code: tenant.totp(secret) }, 'name="code"')
    expect((await visitor.submit(shown)).html).toContain('You are enrolled')
    expect((await visitor.go(pathname + search)).status).toBe(400)
    const methods = await manage(tenant, 'GET', `/users/${encodeURIComponent(user_id)}/authentication-methods`)
    expect(methods.body.map((each: { type: string }) => each.type)).toContain('totp')
  })
})

describe('T20 logins on other devices', () => {
  const begin = (tenant: Sandbox) =>
    send(tenant, 'POST', '/oauth/device/code', {
      form: { client_id: tenant.options.clientId, scope: 'openid offline_access' },
    })

  it('T21 a device is let in at /activate by whom signs in there, with the second factor they have', async () => {
    const tenant = await start({ clock: 'fixed' })
    const { body } = await begin(tenant)
    const visitor = new Visitor(tenant)
    const page = await visitor.go(new URL(body.verification_uri_complete).href)
    expect(page.html).toContain(`value="${body.user_code}"`)
    expect((await visitor.submit(page, { user_code: 'XXXX-XXXX' })).status).toBe(400)
    const login = await visitor.submit(page, { user_code: body.user_code.toLowerCase().replace('-', '') })
    const { email: username = '', password = '' } = tenant.seed.users[0] ?? {}
    const factors = await visitor.submit(login, { username, password }, 'name="password"')
    const confirm = await visitor.submit(factors, {}, 'value="otp"')
    const secret = /<code id="secret">([A-Z2-7]+)</.exec(confirm.html)?.[1] ?? ''
    const shown = await visitor.submit(confirm, { code: tenant.totp(secret) }, 'name="code"')
    const consent = await visitor.submit(shown)
    expect(consent.html).toContain('Confirm the device')
    expect((await visitor.submit(consent, { action: 'accept' })).html).toContain('all set')
    const tokens = await token(tenant, DEVICE, { device_code: body.device_code })
    expect(decodeJwt(tokens.body.id_token)).toMatchObject({ sub: tenant.seed.users[0]?.user_id, amr: ['mfa'] })

    const second = (await begin(tenant)).body
    const known = await visitor.submit(await visitor.go(second.verification_uri_complete), {
      user_code: second.user_code,
    })
    expect((await visitor.submit(known, { action: 'decline' })).html).toContain('not connected')
    expect((await token(tenant, DEVICE, { device_code: second.device_code })).body.error).toBe('access_denied')
  })

  it('T20 a device that is approved from the inbox has no second factor in its tokens, and is asked where one is due', async () => {
    const tenant = await start()
    const first = (await begin(tenant)).body
    tenant.outbox.approve()
    const tokens = await token(tenant, DEVICE, { device_code: first.device_code })
    expect(decodeJwt(tokens.body.id_token)).not.toHaveProperty('amr')
    await manage(tenant, 'PUT', '/guardian/policies', ['all-applications'])
    const second = (await begin(tenant)).body
    tenant.outbox.approve()
    expect((await token(tenant, DEVICE, { device_code: second.device_code })).body.error).toBe('mfa_required')
  })

  it('T20 a backchannel consent asks the user with MFA for it, and keeps the authorization details', async () => {
    const tenant = await start()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const details = [{ type: 'payment', amount: 5 }]
    const ask = (index: number, authorization_details = JSON.stringify(details)) => {
      const sub = tenant.seed.users[index]?.user_id
      const login_hint = JSON.stringify({ format: 'iss_sub', iss: `https://${tenant.domain}/`, sub })
      const form = {
        client_id,
        client_secret,
        login_hint,
        scope: 'openid',
        binding_message: 'pay',
        authorization_details,
      }
      return send(tenant, 'POST', '/bc-authorize', { form })
    }
    const answer = async (index: number) => {
      const { auth_req_id } = (await ask(index)).body
      tenant.outbox.approve()
      return token(tenant, CIBA, { auth_req_id })
    }
    expect((await answer(0)).body.error).toBe('mfa_required')
    const { body } = await answer(1)
    expect(body.authorization_details).toEqual(details)
    expect(decodeJwt(body.id_token)).not.toHaveProperty('amr')
    for (const wrong of ['{}', 'nonsense', '[{"amount":1}]'])
      expect((await ask(1, wrong)).body.error).toBe('invalid_authorization_details')
  })
})
