import { describe, expect, it } from 'vitest'
import { createLog, createRandom, createTables, dumpTables, fillTables, Table } from '../../src/sandbox/tenant/index.ts'
import { bench } from './management/harness.ts'

describe('T16 tables', () => {
  const filled = () => {
    const tables = createTables()
    tables.organizations.set('org_1', { id: 'org_1', name: 'one' })
    tables.roles.set('rol_1', { id: 'rol_1', name: 'reader' })
    tables.roles.set('rol_2', { id: 'rol_2', name: 'editor' })
    for (const user of ['a', 'b']) {
      tables.users.set(user, { user_id: user, identities: [{ connection: 'db', provider: 'auth0', user_id: user }] })
      tables.members.set(`org_1 ${user}`, { organization_id: 'org_1', user_id: user, roles: ['rol_1', 'rol_2'] })
      tables.userRoles.set(user, { roles: ['rol_1'] })
    }
    return tables
  }

  it('finds records by index, and follows changes of the indexed value', () => {
    const tables = filled()
    expect(tables.members.where('user_id', 'a')).toHaveLength(1)
    expect(tables.users.keysWhere('connection', 'db')).toEqual(['a', 'b'])
    tables.users.set('a', { user_id: 'a', identities: [{ connection: 'other', provider: 'auth0', user_id: 'a' }] })
    expect(tables.users.keysWhere('connection', 'db')).toEqual(['b'])
    expect(tables.organizations.isTaken('name', 'one')).toBe(true)
    expect(tables.organizations.isTaken('name', 'one', 'org_1')).toBe(false)
  })

  it('takes along what refers to a record, and an id out of lists that name it', () => {
    const tables = filled()
    tables.users.remove('a')
    expect([...tables.members.keys()]).toEqual(['org_1 b'])
    expect([...tables.userRoles.keys()]).toEqual(['b'])
    tables.roles.remove('rol_1')
    expect(tables.members.get('org_1 b')?.roles).toEqual(['rol_2'])
    expect(tables.userRoles.get('b')?.roles).toEqual([])
    tables.organizations.remove('org_1')
    expect(tables.members.size).toBe(0)
  })

  it('is the same after it was dumped and filled, indexes included', () => {
    const tables = filled()
    const copy = createTables()
    copy.members.where('user_id', 'a')
    fillTables(copy, dumpTables(tables))
    expect(dumpTables(copy)).toEqual(dumpTables(tables))
    expect(copy.members.where('user_id', 'a')).toHaveLength(1)
  })
})

describe('T25 what a table remembers', () => {
  it('shows records as they were, and those that went', () => {
    let now = 0
    const table = new Table<{ readonly id: string; readonly name: string }>({ name: 'thing' })
    table.set('a', { id: 'a', name: 'first' })
    table.keepHistory(1000, () => now)
    now = 100
    table.set('a', { id: 'a', name: 'second' })
    table.set('b', { id: 'b', name: 'new' })
    now = 200
    table.delete('a')
    expect([...table.asOf(50).values()].map((each) => each.name)).toEqual(['first'])
    expect([...table.asOf(150).keys()].sort()).toEqual(['a', 'b'])
    expect(table.asOf(200)).toBe(table)
    expect([...table.goneSince(150).keys()]).toEqual(['a'])
  })
})

describe('T24 lists', () => {
  it('project what a page shows and no more, and tell how many there are', async () => {
    const b = bench({ users: 1500, days: 0 })
    let projected = 0
    const { users } = b.tenant.tables
    for (const [key, user] of users) {
      const watched = { ...user }
      Object.defineProperty(watched, 'nickname', { enumerable: true, get: () => (projected += 1) })
      users.set(key, watched)
    }
    projected = 0
    const list = await b.call('users.list', { query: { per_page: '10', page: '3', include_totals: 'true' } })
    expect(list.body).toMatchObject({ total: 1502, length: 10, start: 30 })
    expect(projected).toBeLessThanOrEqual(20)
  })

  it('find one address by its index, whichever way it is asked for', async () => {
    const b = bench({ users: 300, days: 0 })
    const [, , third] = [...b.tenant.tables.users.values()]
    for (const q of [
      `email:"${third?.email}"`,
      `email:${third?.email}`,
      `email:"${third?.email}" AND email_verified:*`,
    ]) {
      const { body } = await b.call('users.list', { query: { q, search_engine: 'v3' } })
      expect(body.map((user: { user_id: string }) => user.user_id)).toEqual([third?.user_id])
    }
  })

  it('keeps the newest events of the log, and never more than 100,000', () => {
    const tables = createTables()
    const log = createLog('demo', tables, createRandom('log'))
    for (let at = 0; at < 100_000; at += 1) log(at, { type: 's' })
    const first = tables.logs.values().next().value
    log(100_000, { type: 'f' })
    expect(first?.date).toBe('1970-01-01T00:00:00.000Z')
    expect(tables.logs.has(String(first?.log_id))).toBe(false)
    expect(tables.logs.size).toBeLessThanOrEqual(100_000)
    expect(tables.logs.size).toBeGreaterThanOrEqual(99_000)
    expect([...tables.logs.values()].at(-1)).toMatchObject({ type: 'f', date: '1970-01-01T00:01:40.000Z' })
  })
})
