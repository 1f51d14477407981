import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/sandbox/tenant/clock.ts'
import { login, manage, mfaToken, send, start } from './bench.ts'

const HOUR = 3_600_000

describe('clock', () => {
  it('runs what comes due in order while it is advanced', () => {
    const clock = createClock(1000)
    const seen: [string, number][] = []
    clock.at(3000, () => seen.push(['later', clock.now()]))
    clock.at(2000, () => {
      seen.push(['sooner', clock.now()])
      clock.at(2500, () => seen.push(['added', clock.now()]))
    })
    const cancel = clock.at(2200, () => seen.push(['never', clock.now()]))
    cancel()
    clock.advance(5000)
    expect(seen).toEqual([
      ['sooner', 2000],
      ['added', 2500],
      ['later', 3000],
    ])
    expect(clock.now()).toBe(6000)
    expect(() => clock.advance(-1)).toThrow('only moves forward')
  })

  it('follows the machine without a start, and runs due tasks by itself', async () => {
    const clock = createClock()
    await new Promise<void>((resolve) => {
      clock.at(clock.now() + 1, resolve)
      setTimeout(() => undefined, 1000).unref()
    })
    const before = Date.now()
    clock.advance(HOUR)
    expect(clock.now()).toBeGreaterThanOrEqual(before + HOUR)
    clock.close()
  })
})

describe('seed', () => {
  it('gives the same ids, credentials, codes and times in every run', async () => {
    const [one, two] = [await start({ seed: 7, clock: 'fixed' }), await start({ seed: 7, clock: 'fixed' })]
    expect(one.seed).toEqual(two.seed)
    expect(one.options.clientSecret).toBe(two.options.clientSecret)
    expect(one.clock.now()).toBe(two.clock.now())
    expect(await mfaToken(one)).toBe(await mfaToken(two))
    const other = await start({ seed: 8, clock: 'fixed' })
    expect(other.options.clientSecret).not.toBe(one.options.clientSecret)
  })

  it('gives every unseeded tenant a domain and credentials of its own', async () => {
    const [one, two] = [await start(), await start()]
    expect(one.domain).not.toBe(two.domain)
    expect(one.options.clientId).not.toBe(two.options.clientId)
  })

  it('holds what it says', async () => {
    const tenant = await start()
    const { api, clients, connection, customDomains, organizations, roles, users } = tenant.seed
    expect([users, organizations, customDomains].map((each) => each.length)).toEqual([2, 2, 2])
    expect(connection.name).toBe('Username-Password-Authentication')
    expect(connection.id).toMatch(/^con_[A-Za-z0-9]{16}$/)
    expect([clients.length, roles.length]).toEqual([4, 2])
    const listed = await manage(tenant, 'GET', '/clients?is_global=false&include_totals=true&page=0&per_page=100')
    expect(listed.body).toMatchObject({ total: 3, start: 0 })
    const apis = await manage(tenant, 'GET', '/resource-servers')
    const names = apis.body.map((each: { identifier: string }) => each.identifier)
    expect(names).toContain(api.identifier)
  })
})

describe('snapshot and reset', () => {
  it('puts the tenant back to a snapshot, ids and clock included', async () => {
    const tenant = await start({ seed: 'snap', clock: 'fixed' })
    await manage(tenant, 'POST', '/roles', { name: 'kept' })
    const snapshot = tenant.snapshot()
    const first = await manage(tenant, 'POST', '/roles', { name: 'dropped' })
    tenant.clock.advance(HOUR)
    tenant.reset(snapshot)
    expect(tenant.clock.now()).toBe(snapshot.now)
    const second = await manage(tenant, 'POST', '/roles', { name: 'another' })
    expect(second.body.id).toBe(first.body.id)
    const names = (await manage(tenant, 'GET', '/roles')).body.map((each: { name: string }) => each.name)
    expect(names).toEqual(expect.arrayContaining(['kept', 'another']))
    expect(names).not.toContain('dropped')
  })

  it('is plain data, restores from its JSON text, and hides its passwords when printed', async () => {
    const tenant = await start({ seed: 'json', clock: 'fixed' })
    const snapshot = tenant.snapshot()
    const copy = JSON.parse(JSON.stringify(snapshot))
    expect(inspect(snapshot)).toContain('users: 2')
    expect(inspect(snapshot)).not.toContain(tenant.seed.users[0]?.password)
    await manage(tenant, 'DELETE', `/users/${encodeURIComponent(tenant.seed.users[1]?.user_id ?? '')}`)
    expect((await login(tenant, 1)).status).toBe(403)
    expect(() => tenant.reset({} as never)).toThrow('not a snapshot of this sandbox')
    tenant.reset(copy)
    expect((await login(tenant, 1)).status).toBe(200)
  })

  it('starts over without a snapshot, with outbox, faults and request list empty', async () => {
    const tenant = await start()
    tenant.faults.add({ kind: 'status', match: { path: '/never' } })
    await send(tenant, 'POST', '/passwordless/start', {
      body: { client_id: tenant.options.clientId, connection: 'sms', phone_number: '+15005550009' },
    })
    expect(tenant.outbox).toHaveLength(1)
    tenant.reset()
    expect([tenant.outbox.length, tenant.faults.list.length, tenant.requests.length]).toEqual([0, 0, 0])
    expect((await login(tenant, 1)).status).toBe(200)
  })
})

describe('outbox', () => {
  it('is an array with filters, and prints without its codes', async () => {
    const tenant = await start()
    const ask = (fields: object) =>
      send(tenant, 'POST', '/passwordless/start', { body: { client_id: tenant.options.clientId, ...fields } })
    await ask({ connection: 'sms', phone_number: '+15005550008' })
    await ask({ connection: 'email', email: 'new@example.com', send: 'code' })
    expect(tenant.outbox.map((each) => each.kind)).toEqual(['sms', 'email'])
    expect([tenant.outbox.sms.length, tenant.outbox.email.length, tenant.outbox.push.length]).toEqual([1, 1, 0])
    const { code } = tenant.outbox.last('sms', '+15005550008')
    expect(code).toMatch(/^\d{6}$/)
    expect(inspect(tenant.outbox)).not.toContain(code)
    expect(JSON.stringify(tenant.outbox)).not.toContain(code)
    expect(() => tenant.outbox.last('voice')).toThrow('The outbox holds no voice; it holds sms to +15005550008')
    expect(() => tenant.outbox.approve()).toThrow('waits for an answer')
  })
})

describe('T23 what the caller brings', () => {
  it('T23 keeps domain, credentials and users as they are given, and changes no other id', async () => {
    const own = { domain: 'ci.eu.auth0.com', clientId: 'the-client', clientSecret: 'the-secret' }
    const users = [
      { email: 'Ada@example.com', password: 'Analytical-1843!', given_name: 'Ada' },
      { email: 'grace@example.com', password: 'Compiler-1952!', mfa: true },
    ]
    const [tenant, plain] = [await start({ seed: 'own', ...own, users }), await start({ seed: 'own' })]
    expect(tenant.options).toMatchObject(own)
    expect(tenant.seed.users).toEqual(plain.seed.users)
    expect((await login(tenant, 0, { username: 'ada@example.com', password: 'Analytical-1843!' })).status).toBe(200)
    const second = await login(tenant, 0, { username: 'grace@example.com', password: 'Compiler-1952!' })
    expect(second.body.error).toBe('mfa_required')
    expect((await manage(tenant, 'GET', '/users?q=given_name:Ada')).body).toHaveLength(1)
  })

  it.each([
    [{ domain: 'No Host' }, /"domain" must be a host name/],
    [{ domain: 'host' }, /"domain" must be a host name/],
    [{ clientId: '' }, /"clientId" must be a text/],
    [{ clientSecret: 'with blank' }, /"clientSecret" must be a text/],
    [{ users: [{ email: 'a@example.com' }] }, /needs an email and a password/],
  ])('T23 refuses %o', async (options, message) => {
    await expect(start(options as never)).rejects.toThrow(message)
  })

  it('T23 starts from the snapshot of another sandbox, with its ids and credentials, and returns to it', async () => {
    const first = await start()
    await manage(first, 'PATCH', '/tenants/settings', { friendly_name: 'Kept' })
    const saved = JSON.parse(JSON.stringify(first.snapshot()))
    const second = await start({ from: saved })
    expect(second.domain).toBe(first.domain)
    expect(second.seed).toEqual(first.seed)
    const name = async () => (await manage(second, 'GET', '/tenants/settings')).body.friendly_name
    expect(await name()).toBe('Kept')
    await manage(second, 'PATCH', '/tenants/settings', { friendly_name: 'Changed' })
    second.reset()
    expect(await name()).toBe('Kept')
    expect((await login(second, 1)).status).toBe(200)
    await expect(start({ from: saved, domain: 'other.example.com' })).rejects.toThrow(
      /not other\.example\.com as "domain"\. Leave it out/,
    )
  })
})
