import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type LabOptions, lab } from '../../src/lab/index.ts'
import { TenantlabError } from '../../src/plan/index.ts'

const DOMAIN = 'real.tenant.example'

describe('lab', () => {
  const said: string[] = []

  beforeEach(() => {
    said.length = 0
    vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
    vi.stubEnv('AUTH0_DOMAIN', DOMAIN)
    vi.stubEnv('AUTH0_CLIENT_ID', 'real-client')
    vi.stubEnv('AUTH0_CLIENT_SECRET', 'real-secret')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it('stays in the sandbox, whatever the environment connects with', async () => {
    const { auth0, tenant, where, finish } = await lab({ seed: 'stays', users: 0 })
    expect(where).toBe('sandbox')
    expect(auth0.domain).toBe(tenant?.domain)
    expect((await auth0.users.list().run()).items.length).toBe(tenant?.seed.users.length)
    expect(inspect(auth0)).not.toContain('real-client')
    expect(said).toEqual([])
    await finish()
  })

  it('leaves it only for the domain that TENANTLAB_TENANT names', async () => {
    vi.stubEnv('TENANTLAB_TENANT', 'another.tenant.example')
    await expect(lab({ seed: 'wrong' })).rejects.toMatchObject({ kind: 'configuration' })
    await expect(lab({ seed: 'wrong' })).rejects.toThrow(/another\.tenant\.example.*real\.tenant\.example/)
  })

  it('refuses writes to a real tenant before anything is sent', async () => {
    vi.stubEnv('TENANTLAB_TENANT', DOMAIN)
    const { auth0, tenant, where, finish } = await lab({ seed: 'ignored' })
    expect([where, auth0.domain, tenant]).toEqual([DOMAIN, DOMAIN, undefined])
    const outcome = await auth0.roles.create({ name: 'x' }).run().outcome()
    expect(outcome).toMatchObject({ status: 'error', error: { kind: 'write_denied' } })
    expect(said.join()).toContain('TENANTLAB_ALLOW_WRITES=1')
    expect(await finish()).toContain('Nothing was left')
  })

  it('allows writes only when told so', async () => {
    vi.stubEnv('TENANTLAB_TENANT', DOMAIN)
    vi.stubEnv('TENANTLAB_ALLOW_WRITES', '1')
    const { auth0 } = await lab()
    expect(inspect(auth0)).toMatch(/writes +allow/)
    expect(said.join()).toContain('Writes are sent')
  })

  it('keeps a notebook that needs an outbox in the sandbox, and says so', async () => {
    vi.stubEnv('TENANTLAB_TENANT', DOMAIN)
    const { where, finish } = await lab({ seed: 'outbox', sandboxOnly: true })
    expect(where).toBe('sandbox')
    expect(said.join()).toContain('only the sandbox has')
    await finish()
  })

  it('takes back in reverse order, and goes on when a step fails', async () => {
    const { auth0, tenant, undo, finish } = await lab({ seed: 'undo' })
    const role = await auth0.roles.create({ name: 'temporary' }).run()
    undo(auth0.roles(role.id ?? '').delete())
    undo(auth0.users('auth0|nobody').get())
    undo(auth0.roles(role.id ?? '').update({ name: 'last in, first out' }))
    const failure: unknown = await finish().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TenantlabError)
    expect((failure as Error).message).toContain('1 of 3 steps')
    const writes = tenant?.requests.filter(({ path }) => path.startsWith('/api/v2/roles')).map(({ method }) => method)
    expect(writes).toEqual(['POST', 'PATCH', 'DELETE'])
  })

  describe('issue 12: people and logs', () => {
    const DAY = 86_400_000
    /** How much a lab has: its people, its logs, and when the logs begin and end by its own clock. */
    const look = async (options?: LabOptions) => {
      const { auth0, tenant, finish } = await lab(options)
      const began = tenant?.clock.now() ?? 0
      const people = await auth0.users.list({ include_totals: true, per_page: 1 }).run()
      const newest = await auth0.logs.list({ include_totals: true, per_page: 2 }).run()
      const oldest = await auth0.logs.list({ per_page: 1, sort: 'date:1' }).run()
      const ends = newest.items.map((event) => Date.parse(String(event.date))).find((at) => at < began) ?? 0
      const begins = Date.parse(String(oldest.items[0]?.date ?? 0))
      const shown = [people.items[0]?.user_id, newest.total, begins, ends]
      await finish()
      return { people: people.total, logs: newest.total ?? 0, begins: began - begins, ends: began - ends, shown }
    }

    it('are 500 and a month without options, by the real clock and by a fixed one', async () => {
      for (const options of [undefined, {}, { seed: 'a month' }]) {
        const { begins, ends, logs, people } = await look(options)
        expect(people).toBe(502)
        expect(logs).toBeGreaterThan(5000)
        expect(begins).toBeGreaterThan(29 * DAY)
        expect(begins).toBeLessThanOrEqual(30 * DAY)
        expect(ends).toBeLessThan(DAY)
      }
    })

    it('are the same under the same seed, with the seeded people as they are in a small tenant', async () => {
      expect((await look({ seed: 'same' })).shown).toEqual((await look({ seed: 'same' })).shown)
      expect((await look({ seed: 'same' })).shown).not.toEqual((await look({ seed: 'other' })).shown)
      const [small, large] = [await lab({ seed: 'same', users: 0 }), await lab({ seed: 'same' })]
      expect(large.tenant?.seed).toEqual(small.tenant?.seed)
      await Promise.all([small.finish(), large.finish()])
    })

    it('are as many as are named, and none where the tenant is brought', async () => {
      expect(await look({ users: 7 })).toMatchObject({ people: 9 })
      expect(await look({ users: 0 })).toMatchObject({ people: 2 })
      const { tenant, finish } = await lab({ empty: true, users: 0 })
      const from = tenant?.snapshot()
      await finish()
      expect(from && (await look({ from, sandboxOnly: true }))).toMatchObject({ people: 0 })
      expect(await look({ users: [{ email: 'ada@example.com', password: 'Analytical-1843!' }] })).toMatchObject({
        people: 3,
      })
    })
  })

  describe('N20 its clock', () => {
    /** The times that a run of a few requests shows, and what they took. */
    const times = async (seed: string, ...together: number[]): Promise<readonly number[]> => {
      const { auth0, tenant, finish } = await lab({ seed, tls: false })
      const began = tenant?.clock.now() ?? 0
      const told: number[] = [began]
      for (const count of together) {
        const runs = Array.from({ length: count }, () => auth0.users.list({ per_page: 1 }).run())
        for (const run of runs)
          run.events.subscribe({ next: (event) => event.kind === 'response' && told.push(event.ms) })
        await Promise.all(runs)
        told.push((tenant?.clock.now() ?? 0) - began)
      }
      await finish()
      return told
    }

    it('begins at one date and runs by what answers take, the same in every run', async () => {
      // The first request fetches a token before it.
      const expected = [Date.UTC(2026, 10, 2, 9), 40, 80, 40, 120]
      expect(await times('clock', 1, 1)).toEqual(expected)
      expect(await times('clock', 1, 1)).toEqual(expected)
    })

    it('does not add up what is answered at the same time', async () => {
      expect((await times('together', 1, 2)).at(-1)).toBe(120)
    })

    it('moves with a wait of the session, and as it is told', async () => {
      const { auth0, tenant, finish } = await lab({ seed: 'waits', tls: false, latency: 5 })
      const began = tenant?.clock.now() ?? 0
      tenant?.faults.add({
        kind: 'status',
        status: 429,
        headers: { 'retry-after': '1' },
        match: { path: '/api/v2/users' },
        times: 1,
      })
      await auth0.users.list().run()
      expect((tenant?.clock.now() ?? 0) - began).toBeGreaterThanOrEqual(1000)
      await finish()
    })
  })
})
