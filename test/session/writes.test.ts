import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'writes', clock: 'fixed' })
})
afterAll(() => tenant.close())

const body = { name: 'predicted', strategy: 'auth0' } as const

/** Requests other than reads and tokens. */
function writes(): string[] {
  return tenant.requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
    .map(({ path }) => path)
}

describe("writes: 'deny'", () => {
  it('refuses writes before anything is sent, raw ones too, and lets reads and logins through', async () => {
    const auth0 = connect({ ...tenant.options, writes: 'deny' })
    for (const plan of [auth0.connections.create(body), auth0.raw('POST /api/v2/users', { body: {} })]) {
      await expect(plan.run()).rejects.toMatchObject({ kind: 'write_denied', attempts: 0 })
    }
    await auth0.raw('GET /api/v2/roles').run()
    await auth0.login.clientCredentials().run()
    expect(writes()).toEqual([])
  })
})

describe("writes: 'check'", () => {
  it('answers what the diff tells, and sends reads only', async () => {
    const auth0 = connect({ ...tenant.options, writes: 'check' })
    const user = tenant.seed.users[1]?.user_id ?? ''
    const updated = await auth0.users(user).update({ nickname: 'predicted' }).run()
    expect(updated).toMatchObject({ user_id: user, nickname: 'predicted', email: tenant.seed.users[1]?.email })
    expect(await auth0.users(user).get().run()).not.toMatchObject({ nickname: 'predicted' })
    expect(await auth0.users(user).delete().run()).toBeUndefined()
    expect(await auth0.users(user).get().run()).toMatchObject({ user_id: user })
    expect(writes()).toEqual([])
  })

  it('throws, naming the plan, when something is read that only the server can know', async () => {
    const auth0 = connect({ ...tenant.options, writes: 'check' })
    const created = await auth0.connections.create(body).run()
    expect(created.name).toBe('predicted')
    expect(() => created.id).toThrow(
      expect.objectContaining({
        kind: 'predicted',
        message: expect.stringMatching(
          /answer of connections\.create was predicted.*"id" is not known.*writes: 'allow'/,
        ),
      }),
    )
    const raw = await auth0.raw<{ id: string }>('POST /api/v2/connections', { body }).run()
    expect(() => raw.id).toThrow(/POST \/api\/v2\/connections was predicted/)
    expect(JSON.stringify(created)).toContain('predicted')
    expect(writes()).toEqual([])
  })
})

describe('diff()', () => {
  it('shows before and after, and is inert until run', async () => {
    const auth0 = connect(tenant.options)
    const user = tenant.seed.users[1]?.user_id ?? ''
    const before = tenant.requests.length
    const flow = auth0.users(user).update({ nickname: 'later' }).diff()
    expect(flow.explain().steps).toHaveLength(1)
    expect('then' in flow).toBe(false)
    expect(tenant.requests.length).toBe(before)
    const kinds: string[] = []
    flow.events().subscribe({ next: (event) => kinds.push(event.kind) })
    const diff = await flow.run()
    expect(diff).toMatchObject({ kind: 'known', changes: [{ path: 'nickname', after: 'later' }] })
    expect(writes()).toEqual([])
  })

  it('is aborted with its plan', async () => {
    const auth0 = connect(tenant.options)
    tenant.faults.add({ kind: 'slow', delay: 60_000, match: { method: 'GET' } })
    const execution = auth0.users('auth0|x').update({ nickname: 'n' }).diff().run()
    const ended = execution.outcome()
    await new Promise((resolve) =>
      execution.events.subscribe({ next: (event) => event.kind === 'attempt' && resolve(0) }),
    )
    execution.abort('enough')
    expect(await ended).toMatchObject({ status: 'error', error: { kind: 'aborted' } })
    tenant.faults.clear()
  })
})
