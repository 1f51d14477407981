import { beforeEach, describe, expect, it } from 'vitest'
import { redeemTicket } from '../../../src/sandbox/management/index.ts'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

const idIn = (url: string): string => new URL(url).searchParams.get('ticket') ?? ''

describe('POST /tickets/email-verification', () => {
  const create = (body: object, linkDomain = 'login.acme.example') =>
    b.call('tickets.verifyEmail', { body: body as never, linkDomain })

  it('answers 201 with a link on the chosen domain, which verifies once', async () => {
    const { body, status } = await create({ user_id: b.user })
    expect(status).toBe(201)
    expect(body.ticket).toMatch(/^https:\/\/login\.acme\.example\/u\/email-verification\?ticket=\w+#$/)
    b.tenant.tables.users.set(b.user, { ...b.tenant.tables.users.get(b.user), email_verified: false })
    expect(redeemTicket(b.tenant, idIn(body.ticket))).toMatchObject({ user_id: b.user })
    expect(b.tenant.tables.users.get(b.user)?.['email_verified']).toBe(true)
    expect(redeemTicket(b.tenant, idIn(body.ticket))).toBeUndefined()
  })

  it('lasts five days, or ttl_sec', async () => {
    const usual = idIn((await create({ user_id: b.user, ttl_sec: 0 })).body.ticket)
    const short = idIn((await create({ user_id: b.user, ttl_sec: 10 })).body.ticket)
    b.tenant.clock.advance(11_000)
    expect(redeemTicket(b.tenant, short)).toBeUndefined()
    b.tenant.clock.advance(432_000_000 - 12_000)
    expect(redeemTicket(b.tenant, usual)).toBeDefined()
  })

  it('refuses what does not fit', async () => {
    expect(await create({ user_id: 'auth0|none' })).toMatchObject(
      failed(404, 'The user does not exist.', 'inexistent_user'),
    )
    expect(await create({ user_id: b.user, result_url: 'https://x', client_id: b.client })).toMatchObject(
      failed(400, /result_url/),
    )
    expect(await create({ user_id: b.user, client_id: 'none' })).toMatchObject(failed(400, /client/))
    expect(await create({ user_id: b.user, organization_id: 'org_none' })).toMatchObject(failed(400, /organization/))
    expect(await create({ user_id: b.other, organization_id: b.organization })).toMatchObject(
      failed(400, /not a member/),
    )
    expect(await create({ user_id: b.user, identity: { provider: 'x', user_id: '1' } })).toMatchObject(
      failed(400, /identity/),
    )
    const { email: _gone, ...nameless } = b.tenant.tables.users.get(b.user) ?? {}
    b.tenant.tables.users.set(b.user, nameless)
    expect(await create({ user_id: b.user })).toMatchObject(failed(400, /email address/))
  })
})

describe('POST /tickets/password-change', () => {
  const create = (body: object) => b.call('tickets.changePassword', { body: body as never })

  it('takes a user id, or a connection with an address, and keeps only the newest link', async () => {
    const first = await create({ user_id: b.user })
    expect(first).toMatchObject({
      status: 201,
      body: { ticket: expect.stringMatching(new RegExp(`^https://${b.tenant.domain}/u/reset-verify\\?ticket=`)) },
    })
    const second = await create({
      connection_id: b.connection,
      email: 'USER-ONE@example.com',
      mark_email_as_verified: true,
    })
    expect(second.status).toBe(201)
    expect(redeemTicket(b.tenant, idIn(first.body.ticket))).toBeUndefined()
    expect(redeemTicket(b.tenant, idIn(second.body.ticket))).toMatchObject({
      user_id: b.user,
      mark_email_as_verified: true,
    })
  })

  it('refuses both or neither, and combinations that the API forbids', async () => {
    expect(await create({})).toMatchObject(failed(400, /required/))
    expect(await create({ user_id: b.user, email: 'x@example.com' })).toMatchObject(failed(400, /together/))
    expect(await create({ user_id: b.user, result_url: 'https://x', organization_id: b.organization })).toMatchObject(
      failed(400, /result_url/),
    )
    expect(await create({ connection_id: 'con_none', email: 'x@example.com' })).toMatchObject(failed(400, /connection/))
    expect(await create({ connection_id: b.connection, email: 'none@example.com' })).toMatchObject(failed(404, /user/))
    expect(await create({ user_id: b.user, identity: { provider: 'sms', user_id: '1' } })).toMatchObject(
      failed(400, /auth0/),
    )
  })
})

describe('guardian', () => {
  it('answers enrollment tickets with 200, a link on the chosen domain, and a mail on request', async () => {
    const create = (body: object) =>
      b.call('guardian.enrollments.createTicket', { body: body as never, linkDomain: 'id.globex.example' })
    const { body, status } = await create({ user_id: b.user })
    expect(status).toBe(200)
    expect(body).toEqual({
      ticket_id: expect.stringMatching(/^gten_/),
      ticket_url: `https://id.globex.example/guardian/enroll?ticket=${body.ticket_id}`,
    })
    expect(b.mails()).toHaveLength(0)
    await create({ user_id: b.user, send_mail: true })
    expect(b.mails().at(-1)).toMatchObject({ to: 'user-one@example.com', customDomain: 'id.globex.example' })
    await create({ user_id: b.user, send_mail: true, email: 'other@example.com' })
    expect(b.mails().at(-1)?.to).toBe('other@example.com')
    expect(await create({ user_id: 'auth0|none' })).toMatchObject({ status: 404 })
  })

  it('switches factors and policies', async () => {
    expect((await b.call('guardian.factors.set', { params: { name: 'otp' }, body: { enabled: false } })).body).toEqual({
      enabled: false,
    })
    const factors = (await b.call('guardian.factors.list')).body
    expect(factors.find((factor: { name: string }) => factor.name === 'otp').enabled).toBe(false)
    expect((await b.call('guardian.factors.set', { params: { name: 'pager' }, body: { enabled: true } })).status).toBe(
      400,
    )
    expect((await b.call('guardian.policies.set', { body: ['all-applications'] })).body).toEqual(['all-applications'])
    expect((await b.call('guardian.policies.list')).body).toEqual(['all-applications'])
  })
})

describe('self-service and phone templates', () => {
  it('makes and revokes an sso ticket on the chosen domain', async () => {
    const profile = await b.call('selfServiceProfiles.create', { body: { name: 'Enterprise' } })
    const params = { id: profile.body.id }
    const made = await b.call('selfServiceProfiles.ssoTicket.create', {
      params,
      body: {},
      linkDomain: 'login.acme.example',
    })
    expect(made).toMatchObject({
      status: 201,
      body: { ticket: expect.stringMatching(/^https:\/\/login\.acme\.example\//) },
    })
    const revoke = () =>
      b.call('selfServiceProfiles.ssoTicket.revoke', {
        params: { profileId: profile.body.id, id: idIn(made.body.ticket) },
      })
    expect((await revoke()).status).toBe(202)
    expect((await revoke()).status).toBe(404)
    expect(
      (await b.call('selfServiceProfiles.ssoTicket.create', { params: { id: 'ssp_none' }, body: {} })).status,
    ).toBe(404)
    expect(
      (await b.call('selfServiceProfiles.ssoTicket.create', { params, body: { connection_id: 'con_none' } })).status,
    ).toBe(404)
  })

  it('tries a phone template', async () => {
    const content = { body: { text: 'Code {{ code }}', voice: 'Say {{ code }}' } }
    const { body } = await b.call('branding.phone.templates.create', { body: { type: 'otp_verify', content } })
    const attempt = (fields: object) =>
      b.call('branding.phone.templates.test', {
        params: { id: body.id },
        body: fields as never,
        linkDomain: 'login.acme.example',
      })
    expect((await attempt({ to: '+15550001' })).status).toBe(202)
    expect(b.lab.outbox.sms.at(-1)).toMatchObject({
      to: '+15550001',
      text: expect.stringMatching(/^Code \d{6}$/),
      customDomain: 'login.acme.example',
    })
    await attempt({ to: '+15550001', delivery_method: 'voice' })
    expect(b.lab.outbox.voice.at(-1)?.text).toMatch(/^Say \d{6}$/)
    expect((await attempt({ to: 'x' })).status).toBe(400)
  })
})
