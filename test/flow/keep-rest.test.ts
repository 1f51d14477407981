import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import { connect } from '../../src/session/index.ts'

/** A session over a few records; what was sent is noted. */
function over(records: Readonly<Record<string, Json | (() => Json)>>) {
  const sent: { method: string; path: string; body: Json }[] = []
  const auth0 = connect({
    domain: 'tenant.example.com',
    token: 'x',
    transport: ({ method, url, body }) => {
      const path = new URL(url).pathname.replace('/api/v2', '')
      sent.push({ method, path, body: body === undefined ? null : JSON.parse(String(body)) })
      const record = records[`${method} ${path}`] ?? {}
      return { status: 200, headers: {}, body: JSON.stringify(typeof record === 'function' ? record() : record) }
    },
  })
  return { auth0, sent }
}

describe('C26 keepRest() on writes that replace whole', () => {
  it('keeps what an object that is replaced has besides', async () => {
    const options = { brute_force_protection: true, client_secret: 'canary-secret', domain_aliases: ['a.example'] }
    const { auth0, sent } = over({ 'GET /connections/con_1': { id: 'con_1', name: 'db', options } })
    const plan = auth0.connections('con_1').update({ options: { domain_aliases: ['b.example'] } } as never)
    const flow = plan.keepRest()
    expect(sent).toEqual([])
    await flow.run()
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'PATCH'])
    expect(sent[1]?.body).toEqual({ options: { ...options, domain_aliases: ['b.example'] } })
    expect(JSON.stringify(flow.explain())).not.toContain('canary-secret')
    expect(plan.explain().warnings.join()).toContain('keepRest()')
  })

  it('keeps of a PUT what the operation itself takes, and nothing of the server', async () => {
    const acl = {
      id: 'acl_1',
      description: 'old',
      active: true,
      priority: 3,
      rule: { scope: 'management', action: { log: true } },
      created_at: '2026-01-01',
    }
    const { auth0, sent } = over({ 'GET /network-acls/acl_1': acl })
    await auth0
      .networkAcls('acl_1')
      .set({ description: 'new' } as never)
      .keepRest()
      .run()
    expect(sent[1]).toEqual({
      method: 'PUT',
      path: '/network-acls/acl_1',
      body: { description: 'new', active: true, priority: 3, rule: acl.rule },
    })
  })

  it('leaves metadata to Auth0, which merges it key by key, and sends no field that was not named', async () => {
    const { auth0, sent } = over({ 'GET /users/u': { user_id: 'u', name: 'A', user_metadata: { a: 1 } } })
    await auth0
      .users('u')
      .update({ user_metadata: { b: 2 } })
      .keepRest()
      .run()
    expect(sent[1]?.body).toEqual({ user_metadata: { b: 2 } })
    await auth0
      .clients('c')
      .update({ jwt_configuration: { lifetime_in_seconds: 60 } })
      .keepRest()
      .run()
    expect(sent[3]?.body).toEqual({ jwt_configuration: { lifetime_in_seconds: 60 } })
  })

  it('is there for writes with a reading twin, and for no other', () => {
    const { auth0 } = over({})
    expect(auth0.guardian.policies.set([] as never)).toHaveProperty('keepRest')
    expect(auth0.roles.create({ name: 'r' })).not.toHaveProperty('keepRest')
    expect(auth0.users('u').delete()).not.toHaveProperty('keepRest')
  })
})

describe('C26 other words and limits', () => {
  it('deploys an action once it is built', async () => {
    const states = ['pending', 'building', 'built']
    const { auth0, sent } = over({ 'GET /actions/actions/a': () => ({ id: 'a', status: states.shift() ?? 'built' }) })
    await auth0.actions('a').deploy().whenBuilt({ every: 1 }).run()
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST'])
  })

  it('does not deploy what could not be built, or is not built in time', async () => {
    const failed = over({ 'GET /actions/actions/a': { id: 'a', status: 'failed' } })
    await expect(failed.auth0.actions('a').deploy().whenBuilt().run()).rejects.toMatchObject({ kind: 'validation' })
    const slow = over({ 'GET /actions/actions/a': { id: 'a', status: 'building' } })
    await expect(slow.auth0.actions('a').deploy().whenBuilt({ every: 1, timeout: 3 }).run()).rejects.toMatchObject({
      kind: 'timeout',
    })
    expect([...failed.sent, ...slow.sent].every(({ method }) => method === 'GET')).toBe(true)
  })

  it('tells locally that a connection takes 50 clients at a time', async () => {
    const { auth0, sent } = over({})
    const clients = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ client_id: `c${index}`, status: true }))
    await expect(auth0.connections('con_1').clients.update(clients(51)).run()).rejects.toThrow(/at most 50 items/)
    expect(sent).toEqual([])
    await auth0.connections('con_1').clients.update(clients(50)).run()
    expect(sent).toHaveLength(1)
  })

  it('warns of log parameters that stand beside from', () => {
    const { auth0 } = over({})
    const warnings = (query: object) =>
      auth0.logs
        .list(query as never)
        .explain()
        .warnings.join(' ')
    expect(warnings({ from: '1', q: 'type:f' })).toMatch(/ignores every parameter but take: q will not count/)
    expect(warnings({ from: '1', per_page: 10, sort: 'date:1' })).toMatch(/per_page, sort will not count/)
    expect(warnings({ from: '1', take: 10 })).not.toMatch(/will not count/)
    expect(warnings({ q: 'type:f' })).not.toMatch(/will not count/)
  })
})
