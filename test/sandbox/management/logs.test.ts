import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
  b.tenant.tables.logs.clear()
  for (const type of ['s', 'f', 's', 'ss']) {
    b.tenant.log({ type, description: `Event ${type}`, user_id: type === 'f' ? b.user : b.other })
    b.tenant.clock.advance(1000)
  }
})

const next = (headers: Readonly<Record<string, string>>) =>
  new URL(/<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1] ?? '')

describe('GET /logs', () => {
  it('walks by checkpoint in order, with a Link header always', async () => {
    const first = await b.call('logs.list', { query: { take: '3' } })
    expect(first.body.map((event: { type: string }) => event.type)).toEqual(['s', 'f', 's'])
    const link = next(first.headers)
    expect(link.origin).toBe(`https://${b.tenant.domain}`)
    expect(link.searchParams.get('from')).toBe(first.body[2].log_id)
    const second = await b.call('logs.list', { query: Object.fromEntries(link.searchParams) })
    expect(second.body.map((event: { type: string }) => event.type)).toEqual(['ss'])
    const end = await b.call('logs.list', { query: Object.fromEntries(next(second.headers).searchParams) })
    expect(end.body).toEqual([])
    expect(next(end.headers).href).toBe(next(second.headers).href)
    expect((await b.call('logs.list', { query: { take: '2', q: 'type:ss' } })).body).toHaveLength(2)
  })

  it('searches newest first, by q and by search', async () => {
    const { body } = await b.call('logs.list', { query: { q: 'type:s' } })
    expect(body).toHaveLength(2)
    expect(body[0].date > body[1].date).toBe(true)
    expect((await b.call('logs.list', { query: { search: 'type:S' } })).body).toEqual([])
    expect((await b.call('logs.list', { query: { include_totals: 'true', per_page: '2' } })).body).toMatchObject({
      start: 0,
      limit: 2,
      length: 2,
      total: 4,
    })
    expect(await b.call('logs.list', { query: { q: `type:${'x'.repeat(9000)}` } })).toMatchObject(
      failed(414, /too long/),
    )
    expect(await b.call('logs.list', { query: { page: '10', per_page: '100' } })).toMatchObject(
      failed(400, /1000/, 'invalid_paging'),
    )
  })

  it('reads one event, events of a user, and counts per day', async () => {
    const [event] = (await b.call('logs.list', { query: { q: 'type:f' } })).body
    expect((await b.call('logs.get', { params: { id: event.log_id } })).body).toEqual(event)
    expect((await b.call('logs.get', { params: { id: '1' } })).status).toBe(404)
    expect((await b.call('users.logs.list', { params: { id: b.user } })).body).toHaveLength(1)
    expect((await b.call('users.logs.list', { params: { id: 'auth0|none' } })).body).toEqual([])
    expect((await b.call('stats.getDaily')).body).toMatchObject([{ logins: 2, signups: 1, leaked_passwords: 0 }])
    expect((await b.call('stats.getDaily', { query: { from: '20300101' } })).body).toEqual([])
    expect((await b.call('stats.getActiveUsersCount')).body).toBe(0)
  })
})
