import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { manage, managementToken, send, start } from './bench.ts'

const published = async (tenant: Sandbox): Promise<readonly string[]> =>
  (await send(tenant, 'GET', '/.well-known/jwks.json')).body.keys.map((key: { kid: string }) => key.kid)
const listed = async (tenant: Sandbox) => (await manage(tenant, 'GET', '/keys/signing')).body as Listed[]
interface Listed {
  readonly kid: string
  readonly cert: string
  readonly current?: boolean
  readonly next?: boolean
  readonly previous?: boolean
}
const status = async (tenant: Sandbox, token: string): Promise<number> =>
  (await send(tenant, 'GET', '/api/v2/roles', { headers: { authorization: `Bearer ${token}` } })).status

describe('T6 keys/signing/rotate', () => {
  it('T6 signs with the key that stood next, and lists what the JWKS publishes', async () => {
    const tenant = await start()
    const before = await listed(tenant)
    const old = await managementToken(tenant)
    expect(decodeProtectedHeader(old).kid).toBe(before.find((key) => key.current)?.kid)
    const { body, status: made } = await manage(tenant, 'POST', '/keys/signing/rotate')
    expect(made).toBe(201)
    expect(body.kid).toBe(before.find((key) => key.next)?.kid)
    expect(body.cert).toContain('BEGIN CERTIFICATE')
    const fresh = await managementToken(tenant)
    expect(decodeProtectedHeader(fresh).kid).toBe(body.kid)
    expect([...(await published(tenant))].sort()).toEqual((await listed(tenant)).map((key) => key.kid).sort())
    expect([await status(tenant, old), await status(tenant, fresh)]).toEqual([200, 200])
  })

  it('T6 rotates twice: tokens of every key verify until theirs is revoked', async () => {
    const tenant = await start()
    const first = await managementToken(tenant)
    await manage(tenant, 'POST', '/keys/signing/rotate')
    await manage(tenant, 'POST', '/keys/signing/rotate')
    expect(await status(tenant, first)).toBe(200)
    const kid = decodeProtectedHeader(first).kid ?? ''
    const token = await managementToken(tenant)
    const headers = { authorization: `Bearer ${token}` }
    expect((await send(tenant, 'PUT', `/api/v2/keys/signing/${kid}/revoke`, { headers })).status).toBe(200)
    expect([await status(tenant, first), await status(tenant, token)]).toEqual([401, 200])
    expect(await published(tenant)).not.toContain(kid)
  })

  it('T6 is undone by reset(), and kept by a snapshot', async () => {
    const tenant = await start({ seed: 'rotating' })
    const [first] = await listed(tenant)
    await manage(tenant, 'POST', '/keys/signing/rotate')
    const after = await listed(tenant)
    const copy = await start({ seed: 'rotating', from: tenant.snapshot() })
    expect(await listed(copy)).toEqual(after)
    tenant.reset()
    expect((await listed(tenant)).find((key) => key.current)?.kid).toBe(first?.kid)
  })
})
