import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { all, connect, planFrom, type Session } from '../../src/index.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { writesTo } from './support.ts'
import { laggingTenant } from './tenant.ts'

let tenant: Sandbox
let auth0: Session

beforeEach(async () => {
  tenant = await laggingTenant({ seed: 'review' })
  auth0 = connect(tenant.options)
})
afterEach(() => tenant.close())

const writes = () => writesTo(tenant)

/** An application with a quota, and everybody blocked. */
const work = () =>
  all({
    night: auth0.clients
      .create({ name: 'night' })
      .andThen((client) => auth0.clients(client.client_id).update({ description: 'Runs at night' })),
    blocked: auth0.users.list().each((user) => auth0.users(user.user_id).update({ blocked: true })),
  })

describe('check()', () => {
  it('sends reads alone, and names every request, its changes and its scopes', async () => {
    const review = await work().check()
    expect(writes()).toEqual([])
    expect(review).toMatchObject({ kind: 'review', tenant: tenant.domain, writes: 2 + tenant.seed.users.length })
    expect(review.scopes).toEqual(expect.arrayContaining(['create:clients', 'update:clients', 'update:users']))
    const [user] = tenant.seed.users
    const request = review.requests.find(
      ({ route }) => route?.includes(encodeURIComponent(user?.user_id ?? '')) || route?.includes(user?.user_id ?? ''),
    )
    expect(request).toMatchObject({ effect: 'write', action: 'update', changes: [{ path: 'blocked', after: true }] })
  })

  it('tells how many requests an apply sends, which is what it sends', async () => {
    const review = await work().check()
    const before = tenant.requests.length
    await review.apply()
    const sent = tenant.requests.slice(before).filter(({ path }) => path.startsWith('/api/v2/'))
    expect(review.sends).toBe(sent.length)
    const { inspect } = await import('node:util')
    expect(inspect(review)).toContain(`apply sends ${sent.length} requests`)
    expect(inspect(review)).toContain('scopes: create:clients, ')
    expect(review.waits).toBeUndefined()
  })

  it('tells how long the limit makes an apply wait', async () => {
    const slow = connect({ ...tenant.options, rateLimit: { burst: 20, perSecond: 0.5 } })
    const review = await slow.users
      .list()
      .each((user) => slow.users(user.user_id).update({ blocked: true }))
      .check()
    expect(review.waits).toBe(0)
    const { inspect } = await import('node:util')
    expect(inspect(review)).not.toContain('over at least')
    const slower = connect({ ...tenant.options, rateLimit: { burst: 1, perSecond: 100 } })
    const other = await slower.users
      .list()
      .each((user) => slower.users(user.user_id).update({ blocked: false }))
      .check()
    expect(other.waits).toBeGreaterThanOrEqual((other.sends - 1) * 10)
    expect(other.waits).toBeLessThanOrEqual(other.sends * 10)
  })

  it('is JSON, and the plan file of the command', async () => {
    const json = JSON.parse(JSON.stringify(await work().check()))
    expect(json).toMatchObject({ format: 'tenantlab-plan', tenant: tenant.domain })
    expect(json.steps.length).toBeGreaterThan(4)
  })

  it('shows itself in a notebook and on a terminal', async () => {
    const review = await work().check()
    const { inspect } = await import('node:util')
    expect(inspect(review)).toContain('POST /api/v2/clients')
  })

  it('is refused for a flow of no session', async () => {
    const unbound = planFrom(JSON.stringify(auth0.roles.list().all())).map(() => 1)
    await expect(unbound.check()).rejects.toMatchObject({ kind: 'configuration' })
  })

  it('works for sessions that as() makes', async () => {
    const other = auth0.as({ clientId: tenant.options.clientId, clientSecret: tenant.options.clientSecret })
    expect(
      (
        await other.roles
          .list()
          .each(() => undefined)
          .check()
      ).writes,
    ).toBe(0)
  })
})

describe('review.apply()', () => {
  it('does exactly what was reviewed, with values that only a write could tell', async () => {
    const review = await work().check()
    const applied = await review.apply()
    expect(applied.error).toBeUndefined()
    expect(applied).toMatchObject({ status: 'done', written: review.writes })
    expect(writes()).toHaveLength(review.writes)
    const clients = await auth0.clients.list().all().run()
    expect(clients.find(({ name }) => name === 'night')).toMatchObject({ description: 'Runs at night' })
  })

  it('sends nothing where the tenant has changed since', async () => {
    const review = await work().check()
    const [user] = tenant.seed.users
    await auth0
      .users(user?.user_id ?? '')
      .update({ nickname: 'changed by a colleague' })
      .run()
    const before = writes().length
    await expect(review.apply()).rejects.toMatchObject({ kind: 'drift' })
    expect(writes()).toHaveLength(before)
  })

  it('needs the secrets that no review holds, and says which', async () => {
    const flow = auth0.roles.create({ name: 'ops' }).andThen(() =>
      auth0.users.create({
        email: 'ann@example.com',
        connection: 'Username-Password-Authentication',
        password: 'Correct-horse-7-battery',
      }),
    )
    const review = await flow.check()
    expect(JSON.stringify(review)).not.toContain('Correct-horse')
    const [name = ''] = review.requests.flatMap(({ secrets = [] }) => secrets)
    await expect(review.apply()).rejects.toMatchObject({ kind: 'decision', message: expect.stringContaining(name) })
    expect(writes()).toEqual([])
    const applied = await review.apply({ secrets: { [name]: 'Correct-horse-7-battery' } })
    expect(applied.status).toBe('done')
    await expect(
      auth0.login.password({ username: 'ann@example.com', password: 'Correct-horse-7-battery' }).run(),
    ).resolves.toHaveProperty('access_token')
  })

  it.each(['one after the other', 'at once'])('R26 sends once what it says, applied twice %s', async (how) => {
    const own = await laggingTenant({ seed: 'twice', clock: 'fixed' })
    try {
      const session = connect(own.options)
      const review = await session.clients
        .create({ name: 'once' })
        .andThen(() => session.roles.create({ name: 'once' }))
        .check()
      const first = review.apply()
      if (how === 'one after the other') await first
      await expect(review.apply()).rejects.toMatchObject({
        kind: 'decision',
        message: expect.stringContaining('Check again'),
      })
      expect((await first).status).toBe('done')
      expect(own.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients')).toHaveLength(1)
      own.reset()
      expect((await review.apply()).status, 'in another state').toBe('done')
    } finally {
      await own.close()
    }
  })

  it('R26 can be applied again where nothing was sent', async () => {
    const own = await laggingTenant({ seed: 'drifted', clock: 'fixed' })
    try {
      const session = connect(own.options)
      await session.clients(own.options.clientId).update({ description: 'first' }).run()
      const review = await session
        .clients(own.options.clientId)
        .update({ description: 'x' })
        .andThen(() => session.roles.list())
        .check()
      await session.clients(own.options.clientId).update({ description: 'other' }).run()
      await expect(review.apply()).rejects.toMatchObject({ kind: 'drift' })
      await session.clients(own.options.clientId).update({ description: 'first' }).run()
      await expect(review.apply()).resolves.toMatchObject({ status: expect.any(String) })
    } finally {
      await own.close()
    }
  })

  it('law: check, then apply on an unchanged tenant, equals run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 4 }),
        async (names) => {
          const program = (session: Session) =>
            session.tenants.settings
              .get()
              .map(() => names)
              .each((name) =>
                session.roles
                  .create({ name })
                  .andThen((role) => session.roles(role.id).update({ description: `of ${name}` })),
              )
          const states: unknown[] = []
          for (const way of ['run', 'apply'] as const) {
            const own = await laggingTenant({ seed: 'law', clock: 'fixed' })
            try {
              const session = connect(own.options)
              if (way === 'run') await program(session).run()
              else expect((await (await program(session).check()).apply()).status).toBe('done')
              states.push(
                (await session.roles.list().all().run())
                  .map(({ name, description }) => ({ name, description }))
                  .sort((a, b) => (a.name < b.name ? -1 : 1)),
              )
            } finally {
              await own.close()
            }
          }
          expect(states[1]).toEqual(states[0])
        },
      ),
      { numRuns: 5 },
    )
  })
})
