import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { type ConnectOptions, connect } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'id-token', clock: 'fixed' })
})
afterAll(() => tenant.close())

function login(options: ConnectOptions = {}) {
  const { email: username, password } = tenant.seed.users[1] ?? { email: '', password: '' }
  const auth0 = connect({ ...tenant.options, ...options })
  return auth0.login.password({ username, password, realm: 'Username-Password-Authentication', scope: 'openid' })
}

const keyRequests = () => tenant.requests.filter(({ path }) => path === '/.well-known/jwks.json').length

describe('the ID token of a login', () => {
  it('is verified with keys that are fetched once for all sessions', async () => {
    await expect(login().run()).resolves.toHaveProperty('id_token')
    await expect(login().run()).resolves.toHaveProperty('id_token')
    expect(keyRequests()).toBe(1)
  })

  it('must name the organization that the session expects', async () => {
    const organization = tenant.seed.organizations[0]?.id ?? ''
    await expect(login({ idToken: { organization } }).run()).rejects.toMatchObject({
      kind: 'id_token',
      check: 'org_id',
    })
  })

  it('must not have expired on the session’s clock', async () => {
    const later = { now: () => tenant.clock.now() + 100 * 86_400_000, after: tenant.options.clock.after }
    await expect(login({ clock: later }).run()).rejects.toMatchObject({ kind: 'id_token', check: 'exp' })
  })

  it('needs no nonce where the grant has none', async () => {
    await expect(login({ idToken: { nonce: 'n1' } }).run()).resolves.toHaveProperty('id_token')
  })

  it('is left unchecked when the session says so', async () => {
    const before = keyRequests()
    const later = { now: () => tenant.clock.now() + 100 * 86_400_000, after: tenant.options.clock.after }
    await expect(login({ idToken: false, clock: later }).run()).resolves.toHaveProperty('id_token')
    expect(keyRequests()).toBe(before)
  })

  it('is refused when the keys cannot be had', async () => {
    tenant.faults.add({ kind: 'html', match: { path: '/.well-known/jwks.json' } })
    const fresh = { dispatcher: { dispatch: tenant.options.dispatcher.dispatch.bind(tenant.options.dispatcher) } }
    await expect(login({ ...fresh, timeout: 2000 }).run()).rejects.toMatchObject({ kind: 'network' })
    tenant.faults.clear()
  })
})
