import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleOf } from '../../src/display/index.ts'
import { all, connect, isTenantlabError, type Session } from '../../src/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox.ts'

let tenant: Sandbox
let auth0: Session

beforeAll(async () => {
  tenant = await sandbox({ seed: 'compose' })
  auth0 = connect(tenant.options)
})
afterAll(() => tenant.close())

/** What the tenant was asked since `from`, tokens aside. */
const asked = (from: number): string[] =>
  tenant.requests
    .slice(from)
    .filter(({ path }) => path.startsWith('/api/v2'))
    .map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`)

/** A session whose transport answers roles by name, and knows how many were in flight at once. */
function counting(answer: (name: string) => { status: number; delay?: number } = () => ({ status: 201 })) {
  const seen: string[] = []
  let now = 0
  let most = 0
  const session = connect({
    domain: 'tenant.example.com',
    token: 'token',
    retry: false,
    rateLimit: false,
    transport: async (request) => {
      const { name } = JSON.parse(String(request.body)) as { name: string }
      seen.push(name)
      now += 1
      most = Math.max(most, now)
      const { status, delay = 1 } = answer(name)
      await new Promise((resolve) => setTimeout(resolve, delay))
      now -= 1
      const body = status < 400 ? { id: `rol_${name}`, name } : { statusCode: status, message: `no ${name}` }
      return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    },
  })
  return { session, seen, most: () => most }
}

describe('a flow', () => {
  it('sends nothing before it is run, however it is put together and looked at', async () => {
    const from = tenant.requests.length
    const flow = auth0.clients
      .create({ name: 'night' })
      .andThen((client) => auth0.clients(client.client_id ?? '').update({ description: 'Runs at night' }))
      .map((client) => client.description)
      .otherwise(() => 'none')
    const every = auth0.users.list().each((user) => auth0.users(user.user_id ?? '').update({ nickname: 'x' }))
    const both = all({ flow, every })
    expect(String(both.explain().steps.map(({ purpose }) => purpose))).toContain('for each item')
    await Promise.resolve(both)
    expect(tenant.requests.length).toBe(from)
  })

  it('goes on with the real value: andThen, map', async () => {
    const from = tenant.requests.length
    const text = await auth0.clients
      .create({ name: 'night' })
      .andThen((client) => auth0.clients(client.client_id ?? '').update({ description: 'Runs at night' }))
      .map(({ name, description }) => `${name}: ${description}`)
      .run()
    expect(text).toBe('night: Runs at night')
    expect(asked(from).map((line) => line.replace(/clients\/.+/, 'clients/ID'))).toEqual([
      'POST /api/v2/clients',
      'PATCH /api/v2/clients/ID',
    ])
  })

  it('ends where a condition returns nothing', async () => {
    const from = tenant.requests.length
    const value = await auth0.tenants.settings
      .get()
      .andThen((settings) => (settings.sandbox_version === 'never' ? auth0.roles.list() : undefined))
      .run()
    expect(value).toBeUndefined()
    expect(asked(from)).toEqual(['GET /api/v2/tenants/settings'])
  })

  it('is run anew each time, and is answered once by each run', async () => {
    const from = tenant.requests.length
    const flow = auth0.tenants.settings.get().map(() => 1)
    const execution = flow.run()
    await Promise.all([execution, execution, execution.outcome()])
    await flow.run()
    expect(asked(from)).toHaveLength(2)
  })

  it('has the second way for a failure, and no second way for an abort', async () => {
    const missing = auth0.users('auth0|nobody').get()
    await expect(missing.otherwise(({ kind }) => kind).run()).resolves.toBe('api')
    const instead = missing.otherwise(() => auth0.tenants.settings.get()).map((found) => Object.keys(found).length > 3)
    await expect(instead.run()).resolves.toBe(true)
    const { session } = counting(() => ({ status: 201, delay: 10_000 }))
    const execution = session.roles
      .create({ name: 'slow' })
      .otherwise(() => 'caught')
      .run()
    execution.abort()
    expect((await execution.outcome()).status).toBe('error')
  })

  it.each([
    ['a promise', () => Promise.resolve(1)],
    ['an execution', () => auth0.tenants.settings.get().run()],
    ['a number', () => 7],
    ['null', () => null],
  ])('refuses %s from andThen, and says what to return', async (_, next) => {
    const flow = auth0.tenants.settings.get().andThen(next as never)
    await expect(flow.run()).rejects.toMatchObject({ kind: 'validation', message: expect.stringContaining('Return') })
  })

  it('refuses options that it does not know, when it is put together', () => {
    const list = auth0.users.list()
    const visit = () => undefined
    expect(() => list.each(visit, { concurency: 3 } as never)).toThrow('concurency')
    expect(() => list.each(visit, { concurrency: 0 })).toThrow('1 or more')
    expect(() => list.each(visit, { onError: 'ignore' } as never)).toThrow("'collect'")
    expect(() => list.each(undefined as never)).toThrow('takes a function')
    expect(() => all({ a: 1 } as never)).toThrow('"a"')
  })
})

describe('all', () => {
  it('answers under the same names, and in the same places', async () => {
    const { settings, roles } = await all({
      settings: auth0.tenants.settings.get(),
      roles: auth0.roles.list().all(),
    }).run()
    expect(settings.friendly_name).toBeTypeOf('string')
    expect(roles).toBeInstanceOf(Array)
    const [first, second] = await all([auth0.roles.list().all(), auth0.tenants.settings.get()]).run()
    expect(first).toBeInstanceOf(Array)
    expect(second).toHaveProperty('friendly_name')
  })

  it('does not depend on the order of its parts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e']), async (names) => {
        const { session } = counting()
        const parts = Object.fromEntries(
          names.map((name) => [name, session.roles.create({ name }).map(({ id }) => id)]),
        )
        const value = await all(parts).run()
        expect(value).toEqual(Object.fromEntries(names.map((name) => [name, `rol_${name}`])))
      }),
      { numRuns: 20 },
    )
  })

  it('spans two sessions', async () => {
    const other = await sandbox({ seed: 'other' })
    try {
      const session = connect(other.options)
      await session.roles.create({ name: 'only there' }).run()
      const flow = session.roles.list().each((role) => auth0.roles.create({ name: `copy of ${role.name}` }))
      expect((await flow.run()).map(({ name }) => name)).toContain('copy of only there')
    } finally {
      await other.close()
    }
  })
})

describe('each', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`)

  it('visits every item of every page, and answers in the order of the list', async () => {
    for (const name of names(7)) await auth0.roles.create({ name: `paged ${name}` }).run()
    const list = auth0.roles.list({ name_filter: 'paged', per_page: 3 })
    const flow = list.each((role, index) => auth0.roles(role.id ?? '').update({ description: `number ${index}` }))
    const values = await flow.run()
    expect(values.map(({ description }) => description)).toEqual(names(7).map((_, index) => `number ${index}`))
  })

  it('passes over items for which nothing is returned', async () => {
    const { session } = counting()
    const flow = session.roles
      .create({ name: 'x' })
      .map(() => names(5))
      .each((name, index) => (index % 2 === 0 ? session.roles.create({ name }) : undefined))
    expect((await flow.run()).map(({ name }) => name)).toEqual(['n0', 'n2', 'n4'])
  })

  it.each([1, 3, 20])('has at most %i in flight at once, and as many as that', async (concurrency) => {
    const { session, most } = counting()
    await session.roles
      .create({ name: 'x' })
      .map(() => names(40))
      .each((name) => session.roles.create({ name }), { concurrency })
      .run()
    expect(most()).toBe(concurrency)
  })

  it('finishes what has begun after a failure, and begins nothing more', async () => {
    const { session, seen } = counting((name) => (name === 'n3' ? { status: 400 } : { status: 201, delay: 5 }))
    const flow = session.roles
      .create({ name: 'x' })
      .map(() => names(50))
      .each((name) => session.roles.create({ name }), { concurrency: 4 })
    await expect(flow.run()).rejects.toMatchObject({ status: 400 })
    expect(seen.length).toBeLessThan(12)
  })

  it('collects: goes on, says which failed, and runs those again', async () => {
    let broken = true
    const { session } = counting((name) => ({ status: broken && /[37]$/.test(name) ? 400 : 201 }))
    const flow = session.roles
      .create({ name: 'x' })
      .map(() => names(10))
      .each((name) => session.roles.create({ name }), { onError: 'collect' })
    const first = await flow.run()
    expect(first).toMatchObject({ done: 8, failed: 2 })
    expect(first.outcomes.map(({ item }) => item)).toEqual(names(10))
    expect(JSON.parse(JSON.stringify(first))).toHaveProperty('outcomes')
    expect(Object.keys(first)).not.toContain('again')
    const failed = first.outcomes.filter(({ status }) => status === 'error')
    expect(failed.map((one) => one.status === 'error' && isTenantlabError(one.error))).toEqual([true, true])
    broken = false
    const second = await first.again().run()
    expect(second).toMatchObject({ done: 2, failed: 0 })
    expect(second.outcomes.map(({ item }) => item)).toEqual(['n3', 'n7'])
  })

  it.each([
    ['an array', () => names(10), 'n3'],
    ['records with a name', () => names(10).map((name) => ({ name, client_secret: `canary-${name}` })), 'n3'],
  ])('shows its outcomes as a table, the failed ones first: %s', async (_, items, first) => {
    const { session } = counting((name) => ({ status: /[37]$/.test(name) ? 400 : 201 }))
    const value = await session.roles
      .create({ name: 'x' })
      .map(() => items() as (string | { name: string })[])
      .each((item) => session.roles.create({ name: typeof item === 'string' ? item : item.name }), {
        onError: 'collect',
      })
      .run()
    const shown = bundleOf(value)
    const lines = shown['text/plain'].split('\n').filter((line) => /\bn\d\b/.test(line))
    expect(shown['text/plain']).toContain('8 done, 2 failed')
    expect(shown['text/plain']).toContain('again()')
    expect(lines).toHaveLength(10)
    expect(lines[0]).toContain(first)
    expect(lines[0]).toContain('failed')
    expect(JSON.stringify(shown)).not.toContain('canary')
    expect(inspect(value)).toContain('8 done, 2 failed')
  })

  it('tells how far it has come: done, failed and how many there are', async () => {
    const { session } = counting((name) => ({ status: /[37]$/.test(name) ? 400 : 201 }))
    const told: unknown[] = []
    const run = session.roles
      .create({ name: 'x' })
      .map(() => names(10))
      .each((name) => session.roles.create({ name }), { onError: 'collect' })
      .run()
    run.events.subscribe({
      next: (event) => event.kind === 'item' && told.push([event.done, event.failed, event.total]),
    })
    await run
    expect(told.at(-1)).toEqual([8, 2, 10])
    const every: unknown[] = []
    const users = auth0.users.every({}, { settle: 0 }).each((user) => auth0.users(user.user_id ?? '').get())
    const all = users.run()
    all.events.subscribe({ next: (event) => event.kind === 'item' && every.push([event.done, event.total]) })
    const { length } = await all
    expect(every.at(-1)).toEqual([length, length])
  })

  it('stops what is in flight after a failure when it is told to', async () => {
    const { session, seen } = counting((name) =>
      name === 'n0' ? { status: 400, delay: 20 } : { status: 201, delay: name === 'x' ? 1 : 600_000 },
    )
    const flow = session.roles
      .create({ name: 'x' })
      .map(() => names(50))
      .each((name) => session.roles.create({ name }), { concurrency: 4, onError: 'stop' })
    await expect(flow.run()).rejects.toMatchObject({ status: 400 })
    expect(seen).toEqual(['x', 'n0', 'n1', 'n2', 'n3'])
  })

  it('stops what is in flight when it is aborted', async () => {
    const { session, seen } = counting((name) => ({ status: 201, delay: name === 'x' ? 1 : 600_000 }))
    const flow = session.roles
      .create({ name: 'x' })
      .map(() => names(50))
      .each((name) => session.roles.create({ name }), { concurrency: 4 })
    const execution = flow.run()
    while (seen.length < 5) await new Promise((resolve) => setTimeout(resolve, 2))
    execution.abort()
    expect(await execution.outcome()).toMatchObject({ status: 'error', error: { kind: 'aborted' } })
    expect(seen).toHaveLength(5)
  })
})

describe('laws', () => {
  it('andThen associates', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), async ([a, b, c]) => {
        const left = counting()
        const right = counting()
        const make = (session: Session, name: unknown) => session.roles.create({ name: String(name) })
        const one = await make(left.session, a)
          .andThen(({ name }) => make(left.session, `${name}-${b}`))
          .andThen(({ name }) => make(left.session, `${name}-${c}`))
          .run()
        const two = await make(right.session, a)
          .andThen(({ name }) =>
            make(right.session, `${name}-${b}`).andThen((next) => make(right.session, `${next.name}-${c}`)),
          )
          .run()
        expect(two).toEqual(one)
        expect(right.seen).toEqual(left.seen)
      }),
      { numRuns: 20 },
    )
  })
})
