import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
  b.tenant.tables.users.clear()
  const people = [
    {
      user_id: 'auth0|1',
      email: 'ann@example.com',
      name: 'Ann Archer',
      logins_count: 3,
      created_at: '2024-01-15T10:00:00.000Z',
      app_metadata: { plan: 'gold', tags: ['a', 'b'] },
    },
    {
      user_id: 'auth0|2',
      email: 'ben@other.org',
      name: 'Ben Baker',
      logins_count: 12,
      created_at: '2024-03-01T00:00:00.000Z',
      blocked: true,
      user_metadata: { color: 'Ann' },
    },
    {
      user_id: 'auth0|3',
      email: 'cleo@example.com',
      name: 'Cleo Cook',
      created_at: '2025-06-30T23:59:59.000Z',
      app_metadata: { plan: 'silver', empty: {} },
    },
  ]
  for (const person of people) {
    b.tenant.tables.users.set(person.user_id, {
      ...person,
      identities: [{ connection: 'db', provider: 'auth0', user_id: person.user_id.slice(6) }],
    } as never)
  }
})

async function ids(q: string): Promise<string> {
  const { body, status } = await b.call('users.list', { query: { q, search_engine: 'v3' } })
  expect({ q, status }).toEqual({ q, status: 200 })
  return body.map((user: { user_id: string }) => user.user_id.slice(6)).join('')
}

describe('GET /users?q=', () => {
  it.each([
    ['email:"ann@example.com"', '1'],
    ['email:"ANN@example.com"', '1'],
    ['name:"ann archer"', '1'],
    ['name:ann', ''],
    ['user_id:"auth0|2"', '2'],
    ['app_metadata.plan:gold OR app_metadata.plan:silver', '13'],
    ['app_metadata.plan:Gold', ''],
    ['app_metadata.plan:(gold silver)', '13'],
    ['app_metadata.tags:b', '1'],
    ['email:*example.com AND NOT app_metadata.plan:gold', '3'],
    ['email:*example.com -app_metadata.plan:gold', '3'],
    ['(name:ann* OR name:ben*) AND blocked:true', '2'],
    ['name:*ook', '3'],
    ['_exists_:app_metadata.plan', '13'],
    ['NOT _exists_:logins_count', '3'],
    ['_exists_:app_metadata.empty', ''],
    ['logins_count:[3 TO 12]', '12'],
    ['logins_count:{3 TO 12]', '2'],
    ['logins_count:[3 TO 12}', '1'],
    ['logins_count:[4 TO *]', '2'],
    ['created_at:[2024-01-01 TO 2024-12-31]', '12'],
    ['created_at:2024-03-01', '2'],
    ['created_at:2024-03-01T00:00:00.000Z', '2'],
    ['email.domain:"example.com"', '13'],
    ['identities.connection:db', '123'],
    ['ann*', '1'],
    ['"ben baker"', '2'],
    ['user_metadata.color:Ann', '2'],
  ])('%s finds %j', async (q, found) => {
    expect(await ids(q)).toBe(found)
  })

  it.each([
    ['user_metadata.color:A*', /wildcards are not supported/],
    ['user_metadata.color:[a TO b]', /ranges are not supported/],
    ['email:*om', /at least 3 characters/],
    ['(name:ann', /closing parenthesis/],
    ['name:', /value is missing/],
    ['name:ann)', /unexpected/],
    ['created_at:[2024]', /range/],
  ])('%s is a 400', async (q, message) => {
    expect(await b.call('users.list', { query: { q, search_engine: 'v3' } })).toMatchObject(
      failed(400, message, 'invalid_query_string'),
    )
  })

  it('T3 reads q with the third engine where none is named, and refuses the older ones', async () => {
    expect(await b.call('users.list', { query: { q: 'name:ann' } })).toMatchObject({ status: 200 })
    expect(await b.call('users.list', { query: { q: 'name:ann', search_engine: 'v2' } })).toMatchObject({ status: 400 })
    expect(await b.call('users.list', { query: { connection: 'db' } })).toMatchObject({ status: 200 })
    expect(await b.call('users.list', { query: { connection: 'db', search_engine: 'v3' } })).toMatchObject({
      status: 400,
    })
  })

  it('sorts by a root field, not by metadata', async () => {
    const order = async (sort: string) =>
      (await b.call('users.list', { query: { sort } })).body
        .map((user: { user_id: string }) => user.user_id.slice(6))
        .join('')
    expect(await order('created_at:-1')).toBe('321')
    expect(await order('email:1')).toBe('123')
    expect(await order('logins_count:-1')).toBe('321')
    for (const sort of ['user_metadata.color:1', 'app_metadata.plan:1', 'name', 'name:2']) {
      expect(await b.call('users.list', { query: { sort } })).toMatchObject(failed(400, /sort/, 'invalid_query_string'))
    }
  })
})

describe('paging', () => {
  it('gives a bare array, or the wrapper with length', async () => {
    expect((await b.call('users.list', { query: { per_page: '2' } })).body).toHaveLength(2)
    const { body } = await b.call('users.list', { query: { per_page: '2', page: '1', include_totals: 'true' } })
    expect(body).toMatchObject({ start: 2, limit: 2, length: 1, total: 3 })
    expect(body.users).toHaveLength(1)
    expect((await b.call('users.list', { query: { page: '7' } })).body).toEqual([])
    expect((await b.call('users.list', { query: { per_page: '0', include_totals: 'true' } })).body).toMatchObject({
      total: 3,
      users: [],
    })
  })

  it('refuses the thousand and first record, and bad numbers', async () => {
    expect(await b.call('users.list', { query: { page: '10', per_page: '100' } })).toMatchObject(
      failed(400, /^You can only page through the first 1000 records\. See /, 'invalid_paging'),
    )
    expect((await b.call('users.list', { query: { page: '9', per_page: '100' } })).status).toBe(200)
    for (const [name, value] of [
      ['per_page', '101'],
      ['page', '-1'],
      ['page', 'x'],
      ['page', '1.5'],
    ] as const) {
      const query = { [name]: value }
      expect(await b.call('users.list', { query })).toMatchObject(
        failed(400, /^Query validation error/, 'invalid_query_string'),
      )
    }
    const tooFar = await b.call('connections.list', { query: { page: '10', per_page: '100' } })
    expect(tooFar).toMatchObject(failed(400, /1000/, 'invalid_paging'))
    expect(await b.call('connections.list', { query: { per_page: '0' } })).toMatchObject(failed(400, /minimum 1/))
  })

  it('hands out checkpoints that are opaque, end, belong to their list and last a day', async () => {
    const page = (query: Record<string, string>) => b.call('organizations.list', { query })
    const first = await page({ take: '1' })
    expect(first.body.organizations).toHaveLength(1)
    const last = await page({ take: '1', from: first.body.next })
    expect(last.body.organizations[0].id).not.toBe(first.body.organizations[0].id)
    expect(last.body).not.toHaveProperty('next')
    expect(await page({ from: 'nonsense' })).toMatchObject(failed(400, /checkpoint/, 'invalid_paging'))
    expect(await b.call('clients.list', { query: { from: first.body.next } })).toMatchObject(failed(400, /checkpoint/))
    b.tenant.clock.advance(24 * 3600 * 1000 + 1)
    expect(await page({ from: first.body.next })).toMatchObject(failed(400, /expired/, 'invalid_paging'))
  })
})

describe('X15: queries nested deeper than anybody writes', () => {
  const deep = (count: number): readonly string[] => [
    `${'('.repeat(count)}name:a${')'.repeat(count)}`,
    `name:${'('.repeat(count)}a${')'.repeat(count)}`,
    `${'NOT '.repeat(count)}name:a`,
    `${'(NOT '.repeat(count)}name:a${')'.repeat(count)}`,
  ]

  it.each([
    ['users.list', [101, 3000, 200_000]],
    ['clients.list', [101, 3000, 200_000]],
    ['customDomains.list', [101, 3000, 200_000]],
    ['organizations.search', [101, 3000, 200_000]],
    // What is longer is a 414 there.
    ['logs.list', [101, 150]],
  ])('%s answers 400, however deep', async (id, counts) => {
    const b = bench()
    for (const count of counts)
      for (const q of deep(count)) {
        const answer = await b.call(id, { query: { q } })
        expect([answer.status, answer.body.errorCode]).toEqual([400, 'invalid_query_string'])
      }
  })

  it('takes what people and programs write', async () => {
    const b = bench()
    for (const q of deep(40)) expect((await b.call('users.list', { query: { q } })).status).toBe(200)
  })
})

describe('T7: a search finds nothing by what is private', () => {
  it.each([
    '_exists_:$password',
    '$password:*',
    '$mfa:true',
    '_exists_:constructor',
    '_exists_:toString',
    'user_metadata.constructor:*',
    '_exists_:__proto__',
  ])('%s', async (q) => {
    expect((await bench().call('users.list', { query: { q } })).body).toEqual([])
  })

  it('neither with all users by NOT', async () => {
    const b = bench()
    const all = (await b.call('users.list')).body.length
    expect((await b.call('users.list', { query: { q: 'NOT _exists_:$password' } })).body).toHaveLength(all)
  })
})
