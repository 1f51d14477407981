import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/plan/index.ts'
import { createTenant } from '../../src/sandbox/lab.ts'
import type { Table } from '../../src/sandbox/tenant/index.ts'
import { bench } from './management/harness.ts'

const options = { seed: 'people', clock: 'fixed', users: 120, days: 14 } as const

describe('a populated tenant', () => {
  it('is the same under the same seed, and another under another', () => {
    const text = (seed: string) => JSON.stringify(createTenant({ ...options, seed }).snapshot())
    expect(text('people')).toBe(text('people'))
    expect(text('people')).not.toBe(text('others'))
  })

  it('keeps the seeded users, applications and organizations as they are without it', () => {
    const { seed } = createTenant({ seed: 'people', clock: 'fixed' })
    expect(createTenant(options).seed).toEqual(seed)
  })

  it('has people with names, roles, organizations and second factors', async () => {
    const b = bench(options)
    const list = await b.call('users.list', { query: { include_totals: 'true', per_page: '100', page: '1' } })
    expect(list.body).toMatchObject({ total: 122, length: 22 })
    const { authenticators, members, users } = b.tenant.tables
    expect(authenticators.size).toBeGreaterThan(10)
    expect(members.size).toBeGreaterThan(20)
    expect([...users.values()].filter((user) => user.last_login !== undefined).length).toBeGreaterThan(60)
  })

  it('has logs in the order of time, within the days that were asked for, with failures and an attack', async () => {
    const b = bench(options)
    const logs = [...b.tenant.tables.logs.values()]
    const dates = logs.map((event) => event.date)
    expect([...dates].sort()).toEqual(dates)
    expect(Date.parse(dates[0] ?? '')).toBeGreaterThanOrEqual(b.tenant.clock.now() - 14 * 86_400_000)
    const types = new Set(logs.map((event) => event.type))
    for (const type of ['s', 'fp', 'fu', 'gd_auth_succeed', 'seccft', 'limit_mu', 'pwd_leak'])
      expect(types).toContain(type)
    const weekday = (event: { date: string }) => new Date(event.date).getUTCDay()
    const on = (day: number) => logs.filter((event) => event.type === 's' && weekday(event) === day).length
    expect(on(2)).toBeGreaterThan(on(0))
  })

  describe('is made when something first reads it', () => {
    const waiting = ({ core }: ReturnType<typeof createTenant>) =>
      (['users', 'userRoles', 'authenticators', 'members', 'logs'] as const).filter(
        (name) => core.tables[name].isWaiting,
      )

    it('and not before: seeded people, applications and new log events are at hand without it', () => {
      const made = createTenant(options)
      const { tables } = made.core
      expect(tables.users.get(made.seed.users[0]?.user_id ?? '')?.email).toBe(made.seed.users[0]?.email)
      expect(tables.users.find('email', made.seed.users[1]?.email ?? '')?.user_id).toBe(made.seed.users[1]?.user_id)
      expect(tables.clients.size).toBeGreaterThan(5)
      made.core.log({ type: 's', description: 'new' })
      expect(waiting(made)).toHaveLength(5)
    })

    it('with what was written before it behind it, and the seeded people before it', () => {
      const made = createTenant(options)
      const { tables } = made.core
      made.core.log({ type: 'sapi', description: 'first' })
      tables.users.set('auth0|late', { user_id: 'auth0|late', identities: [], email: 'late@example.com' })
      made.core.log({ type: 'sapi', description: 'second' })
      expect([...tables.logs.values()].slice(-2).map((event) => (event as JsonObject)['description'])).toEqual([
        'first',
        'second',
      ])
      expect(tables.logs.size).toBeGreaterThan(500)
      const ids = [...tables.users.keys()]
      expect(ids.slice(0, 2)).toEqual(made.seed.users.map(({ user_id }) => user_id))
      expect([ids.length, ids.at(-1)]).toEqual([123, 'auth0|late'])
      expect(tables.users.find('email', 'late@example.com')?.user_id).toBe('auth0|late')
    })

    it('by every way to read', () => {
      const ways: readonly ((users: Table) => unknown)[] = [
        (users) => users.size,
        (users) => [...users],
        (users) => [...users.keys()],
        (users) => [...users.values()],
        (users) => [...users.entries()],
        (users) => new Map(users),
        (users) => users.forEach(() => {}),
        (users) => users.get('auth0|nobody'),
        (users) => users.has('auth0|nobody'),
        (users) => users.delete('auth0|nobody'),
        (users) => users.find('email', 'nobody@example.com'),
        (users) => users.where('email', 'nobody@example.com'),
        (users) => users.isTaken('email', 'nobody@example.com'),
        (users) => users.ordered('id', () => 0),
        (users) => [...users.asOf(0)],
      ]
      for (const [index, read] of ways.entries()) {
        const { core } = createTenant(options)
        read(core.tables.users as unknown as Table)
        expect([index, core.tables.users.isWaiting, core.tables.users.size]).toEqual([index, false, 122])
      }
    })

    it('the same whether it was read early, late, or again after a reset', () => {
      const early = createTenant(options)
      const late = createTenant(options)
      expect(early.core.tables.logs.size).toBeGreaterThan(500)
      const id = early.core.random.text(10)
      expect(late.core.random.text(10)).toBe(id)
      const before = JSON.stringify(early.snapshot())
      expect(JSON.stringify(late.snapshot())).toBe(before)
      early.core.tables.users.clear()
      early.core.random.text(3)
      early.reset()
      expect(waiting(early)).toHaveLength(5)
      expect(early.core.random.text(10)).toBe(id)
      expect(JSON.stringify(early.snapshot())).toBe(before)
    })

    it('at once where it is large, so that no first request waits for it', () => {
      expect(waiting(createTenant({ ...options, users: 5001, days: 0 }))).toEqual([])
    })
  })

  it('takes people without logs and logs without people', () => {
    expect(createTenant({ ...options, days: 0 }).core.tables.logs.size).toBe(0)
    expect(createTenant({ ...options, users: 0 }).core.tables.logs.size).toBeGreaterThan(50)
  })

  it('refuses what is no number of people or days', () => {
    expect(() => createTenant({ users: -1, days: 1 })).toThrow(/"users" must be a whole number/)
    expect(() => createTenant({ users: 1, days: 0.5 })).toThrow(/"days" must be a whole number/)
  })
})
