import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlanEvent } from '../../src/plan/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { type ConnectOptions, connect } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'credentials', clock: 'fixed' })
})
afterAll(() => tenant.close())

/** Token requests that `work` makes the tenant see. */
async function tokensOf(work: () => Promise<unknown>): Promise<number> {
  const before = tenant.requests.length
  await work()
  return tenant.requests.slice(before).filter(({ path }) => path === '/oauth/token').length
}

/** Options without the credentials, for tokens of one's own. */
function without(): ConnectOptions {
  const { domain, dispatcher, clock } = tenant.options
  return { domain, dispatcher, clock }
}

async function accessToken(): Promise<string> {
  const tokens = await connect(tenant.options)
    .login.clientCredentials({ audience: `https://${tenant.domain}/api/v2/` })
    .run()
  return tokens.access_token
}

/** Cuts a token's signature off, so that the tenant refuses it. */
const spoiled = (token: string) => token.replace(/\.[^.]+$/, '.c2lnbmF0dXJl')

describe('client credentials', () => {
  it('are spent once for any number of sessions and plans: re-running a cell costs no quota', async () => {
    const spent = await tokensOf(async () => {
      const auth0 = connect(tenant.options)
      await Promise.all(Array.from({ length: 10 }, () => auth0.roles.list().run()))
      for (let rerun = 0; rerun < 3; rerun += 1)
        await connect({ ...tenant.options })
          .roles.list()
          .run()
    })
    expect(spent).toBe(1)
  })

  it('are renewed when the tenant refuses the token, once, and the plan succeeds', async () => {
    const auth0 = connect(tenant.options)
    await auth0.roles.list().run()
    tenant.faults.add({ kind: 'status', status: 401, match: { path: '/api/v2/roles' }, times: 1 })
    const kinds: string[] = []
    const spent = await tokensOf(async () => {
      const execution = auth0.roles.list().run()
      execution.events.subscribe({ next: (event: PlanEvent<unknown>) => kinds.push(event.kind) })
      await execution
    })
    tenant.faults.clear()
    expect(spent).toBe(1)
    expect(kinds.filter((kind) => kind === 'attempt')).toHaveLength(2)
  })

  it('are not asked for again and again when every answer is 401', async () => {
    const auth0 = connect(tenant.options)
    tenant.faults.add({ kind: 'status', status: 401, match: { path: '/api/v2/roles' } })
    const spent = await tokensOf(() => expect(auth0.roles.list().run()).rejects.toMatchObject({ status: 401 }))
    tenant.faults.clear()
    expect(spent).toBeLessThanOrEqual(1)
  })

  it('that are wrong are refused by the tenant once, and from memory after that', async () => {
    const auth0 = connect({ ...tenant.options, clientSecret: 'canary-wrong-secret' })
    const spent = await tokensOf(async () => {
      await expect(auth0.roles.list().run()).rejects.toMatchObject({ status: 401 })
      await expect(
        connect({ ...tenant.options, clientSecret: 'canary-wrong-secret' })
          .users.list()
          .run(),
      ).rejects.toMatchObject({
        status: 401,
        message: expect.stringMatching(/nothing was sent now; correct the credential/),
      })
    })
    expect(spent).toBe(1)
  })

  it('fetch a token through faults as plans do', async () => {
    const auth0 = connect({ ...tenant.options, audience: tenant.seed.api.identifier })
    tenant.faults.add({ kind: 'status', status: 503, match: { path: '/oauth/token' }, times: 1 })
    await expect(auth0.roles.list().run()).rejects.toMatchObject({ kind: 'scope' })
    tenant.faults.clear()
    const answered = tenant.requests.filter(({ path }) => path === '/oauth/token').slice(-2)
    expect(answered.map(({ status }) => status)).toEqual([503, 200])
  })
})

describe('tokens of one’s own', () => {
  it('a manual token is used as it is, and no token is asked for', async () => {
    const auth0 = connect({ ...without(), token: await accessToken() })
    expect(await tokensOf(() => auth0.roles.list().run().outcome())).toBe(0)
    await expect(auth0.roles.list().run()).resolves.toHaveProperty('items')
  })

  it('a manual token that is refused is not tried twice', async () => {
    const auth0 = connect({ ...without(), token: spoiled(await accessToken()) })
    const before = tenant.requests.length
    await expect(auth0.roles.list().run()).rejects.toMatchObject({ kind: 'api', status: 401 })
    expect(tenant.requests.length - before).toBe(1)
  })

  it('a function is asked for each request', async () => {
    const token = await accessToken()
    let asked = 0
    const auth0 = connect({
      ...without(),
      token: () => {
        asked += 1
        return token
      },
    })
    await auth0.roles.list().run()
    await auth0.roles.list().run()
    expect(asked).toBe(2)
  })

  it('a function is told of the refusal, and asked once more', async () => {
    const token = await accessToken()
    const told: boolean[] = []
    const auth0 = connect({
      ...without(),
      token({ rejected }) {
        told.push(rejected)
        return { token: rejected ? token : spoiled(token), expiresAt: tenant.clock.now() + 60_000 }
      },
    })
    await auth0.roles.list().run()
    await auth0.roles.list().run()
    expect(told).toEqual([false, true])
  })

  it('without any, logins work and the Management API says what is missing', async () => {
    const auth0 = connect(without())
    await expect(auth0.roles.list().run()).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/connect\(\) was given no credentials/),
    })
    const { clientId, clientSecret } = tenant.options
    const audience = `https://${tenant.domain}/api/v2/`
    await expect(auth0.login.clientCredentials({ clientId, clientSecret, audience }).run()).resolves.toHaveProperty(
      'access_token',
    )
  })
})

describe('custom domains', () => {
  const login = () => tenant.seed.customDomains[0]?.domain ?? ''

  it('keep the tenant’s audience by tenantDomain', async () => {
    const auth0 = connect({ ...tenant.options, domain: login(), tenantDomain: tenant.domain })
    await expect(auth0.roles.list().run()).resolves.toHaveProperty('items')
    expect(tenant.requests.at(-1)?.headers.host).toBe(login())
  })
})
