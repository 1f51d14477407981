import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RanCell } from '../../src/notebook/cells/kernel-run.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { runStored, shownBy, stored, twins } from './stored.ts'

// An embedded tenant plays the real one: the notebooks reach it over the network, by AUTH0_* variables alone.
describe('notebooks with a real tenant', () => {
  let tenant: Sandbox
  let folder: string
  let environment: Record<string, string>

  beforeAll(async () => {
    tenant = await sandbox()
    folder = mkdtempSync(join(tmpdir(), 'tenantlab-live-'))
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, await tenant.ca())
    const domain = `localhost:${new URL(tenant.httpsUrl ?? '').port}`
    const { clientId, clientSecret } = tenant.options
    environment = {
      NODE_EXTRA_CA_CERTS: ca,
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_SECRET: clientSecret,
      TENANTLAB_TENANT: domain,
    }
  })
  beforeEach(() => tenant.reset())
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await tenant.close()
  })

  /** Those that the prose lets leave the sandbox. */
  const leaving = stored.filter(({ name }) => /^(00|01|04|05|07)-/.test(name))

  const said = (cells: readonly RanCell[] | undefined): string =>
    (cells ?? []).map((cell) => shownBy(cell.outputs)).join()
  const writes = (): string[] =>
    tenant.requests
      .filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
      .map(({ method, path }) => `${method} ${path}`)

  it('stop at the first write, and send none', async () => {
    const results = await runStored(leaving, environment)
    expect(results.size).toBe(5)
    for (const name of ['00-first-steps.ipynb', '05-token-quotas.ipynb', '07-network-acls.ipynb']) {
      const cells = results.get(name)
      expect(cells?.at(-1)?.status, name).toBe('error')
      expect(said(cells)).toContain('WriteDeniedError')
    }
    expect(tenant.requests.some(({ path }) => path === '/api/v2/users')).toBe(true)
    expect(writes()).toEqual([])
  })

  it('take back what they wrote, where writes are allowed', async () => {
    const auth0 = connect(tenant.options)
    const state = async (): Promise<unknown> => ({
      settings: await auth0.tenants.settings.get().run(),
      clients: (await auth0.clients.list().all().run()).map(({ client_id, token_quota }) => [
        client_id,
        token_quota ?? null,
      ]),
      organizations: (await auth0.organizations.list().all().run()).map(({ id, token_quota }) => [
        id,
        token_quota ?? null,
      ]),
      acls: await auth0.networkAcls.list().all().run(),
    })
    const before = await state()
    const results = await runStored(leaving, { ...environment, TENANTLAB_ALLOW_WRITES: '1' })
    for (const [name, cells] of results) {
      expect(cells.at(-1)?.status, `${name}: ${shownBy(cells.at(-1)?.outputs ?? [])}`).toBe('ok')
    }
    expect(writes()).toContain('PATCH /api/v2/tenants/settings')
    expect(writes()).toContain('POST /api/v2/network-acls')
    expect(await state()).toEqual(before)
  })

  it('stay in the sandbox where they need an outbox', async () => {
    const mfa = stored.filter(({ name }) => name.startsWith('02-'))
    const results = await runStored([...mfa, ...twins], environment)
    expect(results.size).toBe(1 + twins.length)
    for (const [name, cells] of results) {
      expect(cells.at(-1)?.status, `${name}: ${shownBy(cells.at(-1)?.outputs ?? [])}`).toBe('ok')
      expect(said(cells), name).toContain('only the sandbox has')
    }
    expect(tenant.requests).toEqual([])
  })
})
