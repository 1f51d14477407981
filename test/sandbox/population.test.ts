import { describe, expect, it } from 'vitest'
import { createTenant } from '../../src/sandbox/lab.ts'
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

  it('takes people without logs and logs without people', () => {
    expect(createTenant({ ...options, days: 0 }).core.tables.logs.size).toBe(0)
    expect(createTenant({ ...options, users: 0 }).core.tables.logs.size).toBeGreaterThan(50)
  })

  it('refuses what is no number of people or days', () => {
    expect(() => createTenant({ users: -1, days: 1 })).toThrow(/"users" must be a whole number/)
    expect(() => createTenant({ users: 1, days: 0.5 })).toThrow(/"days" must be a whole number/)
  })
})
