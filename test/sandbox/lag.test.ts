import { describe, expect, it } from 'vitest'
import { bench } from './management/harness.ts'

const clock = 'fixed'
const emails = (body: readonly { readonly email: string }[]) => body.map((user) => user.email)

describe('T25 a tenant that shows late what Auth0 indexes', () => {
  it('shows everything at once unless it is told otherwise', async () => {
    const b = bench({ clock })
    await b.call('users.delete', { params: { id: b.other } })
    expect(emails((await b.call('users.list')).body)).toEqual(['user-one@example.com'])
  })

  it('lists users as they were, and reads one as it is', async () => {
    const b = bench({ clock, lag: { search: '2s' } })
    const made = await b.call('users.create', {
      body: { connection: 'Username-Password-Authentication', email: 'late@example.com', password: 'Late-Pass-1234' },
    })
    await b.call('users.update', { params: { id: b.other }, body: { name: 'Renamed' } })
    const search = () => b.call('users.list', { query: { q: 'email:"late@example.com"', search_engine: 'v3' } })
    expect((await search()).body).toEqual([])
    expect((await b.call('users.get', { params: { id: made.body.user_id } })).status).toBe(200)
    expect((await b.call('users.listUsersByEmail', { query: { email: 'late@example.com' } })).body).toHaveLength(1)
    const names = async () => (await b.call('users.list')).body.map((user: { name: string }) => user.name)
    expect(await names()).toEqual(['User One', 'User Two'])
    b.tenant.clock.advance(2001)
    expect((await search()).body).toHaveLength(1)
    expect(await names()).toEqual(['User One', 'Renamed', 'late@example.com'])
  })

  it('shows a removed member for a while', async () => {
    const b = bench({ clock, lag: { members: 1000 } })
    const params = { id: b.organization }
    const members = async () => (await b.call('organizations.members.list', { params })).body.length
    await b.call('organizations.members.delete', { params, body: { members: [b.user] } })
    expect(await members()).toBe(1)
    b.tenant.clock.advance(1001)
    expect(await members()).toBe(0)
    await b.call('organizations.members.create', { params, body: { members: [b.other] } })
    expect(await members()).toBe(0)
    b.tenant.clock.advance(1001)
    expect(await members()).toBe(1)
  })

  it('lists a discovery domain late, and reads it at once', async () => {
    const b = bench({ clock, lag: { discoveryDomains: '1m' } })
    const params = { id: b.organization }
    const { body } = await b.call('organizations.discoveryDomains.create', { params, body: { domain: 'acme.example' } })
    expect((await b.call('organizations.discoveryDomains.list', { params })).body.domains).toEqual([])
    const one = { ...params, discovery_domain_id: body.id }
    expect((await b.call('organizations.discoveryDomains.get', { params: one })).status).toBe(200)
    b.tenant.clock.advance(60_001)
    expect((await b.call('organizations.discoveryDomains.list', { params })).body.domains).toHaveLength(1)
  })

  it('shows new sessions at once and ended ones for a while', async () => {
    const b = bench({ clock, lag: { sessions: '3s' } })
    b.tenant.tables.sessions.set('s1', { id: 's1', user_id: b.user })
    const list = async () => (await b.call('users.sessions.list', { params: { user_id: b.user } })).body.sessions
    expect(await list()).toHaveLength(1)
    b.tenant.clock.advance(1)
    await b.call('users.sessions.delete', { params: { user_id: b.user } })
    expect(await list()).toHaveLength(1)
    expect((await b.call('sessions.get', { params: { id: 's1' } })).status).toBe(200)
    b.tenant.clock.advance(3001)
    expect(await list()).toEqual([])
    expect((await b.call('sessions.get', { params: { id: 's1' } })).status).toBe(404)
  })

  it('says what can be late, and in which form', () => {
    expect(() => bench({ lag: { serach: '1s' } as object })).toThrow(/no 'serach'.*search, members/)
    expect(() => bench({ lag: { search: 'soon' } })).toThrow(/Give milliseconds/)
  })
})
