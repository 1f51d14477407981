import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { followIn } from '../../../src/display/live/follow.ts'
import { watchIn } from '../../../src/display/live/watch.ts'
import type { MimeBundle } from '../../../src/display/look.ts'
import type { DisplayPlace } from '../../../src/display/target.ts'
import type { Execution } from '../../../src/plan/index.ts'
import { type Sandbox, sandbox } from '../../../src/sandbox/index.ts'
import { connect, type Session } from '../../../src/session/index.ts'

describe('live displays of the embedded tenant', () => {
  let tenant: Sandbox
  let auth0: Session
  let last: MimeBundle | undefined
  let opened = 0
  const around = {
    target: {
      kind: 'notebook' as const,
      write(bundle: MimeBundle, place?: DisplayPlace) {
        if (place?.update === false) opened += 1
        last = bundle
      },
    },
    now: () => performance.now(),
    after(ms: number, act: () => void) {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
  }

  beforeAll(async () => {
    tenant = await sandbox({ seed: 'live', clock: 'fixed', tls: false })
    auth0 = connect(tenant.options)
    for (const name of ['one', 'two', 'three']) await auth0.roles.create({ name }).run()
  })
  afterAll(() => tenant?.close())

  it('watches a plan, and the execution gives its value', async () => {
    opened = 0
    const users = await watchIn(auth0.users.list({ per_page: 1 }).all(), around)
    expect(opened).toBe(1)
    expect(last?.['text/plain']).toMatch(new RegExp(`users.list · done · ${users.length} of ${users.length} items`))
    expect(last?.['application/vnd.tenantlab+json']).toMatchObject({
      status: 'ok',
      items: users.length,
      pages: users.length,
    })
  })

  it('watches what already runs, from its start', async () => {
    const running = auth0.users.list({ per_page: 1 }).all().run()
    await running
    await watchIn(running, around)
    expect(last?.['application/vnd.tenantlab+json']).toMatchObject({ operation: 'users.list', status: 'ok' })
  })

  it('watches a flow', async () => {
    await watchIn(auth0.tenants.settings.update({ friendly_name: 'Live' }).diff(), around)
    expect(last?.['application/vnd.tenantlab+json']).toMatchObject({ status: 'ok' })
  })

  it('shows an abort', async () => {
    tenant.faults.add({ kind: 'slow', delay: 60_000, match: { path: '/api/v2/clients' }, times: 1 })
    const execution = watchIn(auth0.clients.list(), around) as Execution<unknown>
    execution.abort('enough')
    const end = await execution.outcome()
    expect(end).toMatchObject({ status: 'error', error: { kind: 'aborted' } })
    expect(last?.['text/plain']).toContain('failed')
  })

  it('follows a list in a table that grows', async () => {
    opened = 0
    const roles = await followIn(auth0.roles.list({ per_page: 1 }), { rows: 2 }, around)
    expect(opened).toBe(1)
    expect(roles.length).toBeGreaterThanOrEqual(3)
    expect(last?.['text/plain']).toContain(`${roles.length} roles · done`)
    expect(last?.['text/plain']).toContain(`${roles.length - 2} came before these.`)
    expect(last?.['application/vnd.tenantlab+json']).toMatchObject({ count: roles.length, newest: roles.slice(-2) })
  })

  it('follows no further than asked', async () => {
    const before = tenant.requests.length
    expect(await followIn(auth0.roles.list({ per_page: 1 }), { most: 2 }, around)).toHaveLength(2)
    expect(tenant.requests.length - before).toBe(2)
    expect(await followIn(auth0.roles.list(), { most: 0 }, around)).toEqual([])
    expect(tenant.requests.length - before).toBe(2)
  })

  it('stops at a signal with what has come, also while a request is open', async () => {
    const controller = new AbortController()
    tenant.faults.add({ kind: 'slow', delay: 60_000, match: { path: '/api/v2/roles' }, times: 1 })
    const following = followIn(auth0.roles.list({ per_page: 1 }), { signal: controller.signal }, around)
    setImmediate(() => controller.abort())
    expect(await following).toEqual([])
    expect(last?.['text/plain']).toContain('stopped')
  })

  it('keeps the table when the list fails', async () => {
    tenant.faults.add({ kind: 'status', status: 400, match: { path: '/api/v2/roles' }, times: 1 })
    await expect(followIn(auth0.roles.list(), {}, around)).rejects.toMatchObject({ kind: 'api' })
    expect(last?.['text/plain']).toContain('failed')
  })
})
