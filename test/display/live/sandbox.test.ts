import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { followIn } from '../../../src/display/live/follow.ts'
import { watchIn } from '../../../src/display/live/watch.ts'
import type { MimeBundle } from '../../../src/display/look.ts'
import type { DisplayPlace } from '../../../src/display/target.ts'
import { AbortedError, type Execution } from '../../../src/plan/index.ts'
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

  it.each([0, 1, 2])('N9 an interrupt stops it, and is no failure: after %i pages', async (count) => {
    const list = auth0.roles.list({ per_page: 1 })
    const page = await list.run()
    async function* pages() {
      for (let at = 0; at < count; at += 1) yield page
      throw new AbortedError('roles.list was aborted.')
    }
    await expect(followIn(Object.create(list, { pages: { value: pages } }), {}, around)).rejects.toMatchObject({
      kind: 'aborted',
    })
    expect(last?.['text/plain']).toMatch(new RegExp(`^${count} roles? · stopped`))
    expect(last?.['text/plain']).not.toMatch(/failed|Error/)
  })

  it('keeps the table when the list fails', async () => {
    tenant.faults.add({ kind: 'status', status: 400, match: { path: '/api/v2/roles' }, times: 1 })
    await expect(followIn(auth0.roles.list(), {}, around)).rejects.toMatchObject({ kind: 'api' })
    expect(last?.['text/plain']).toContain('failed')
  })

  describe('N9 a log is followed like a file', () => {
    const write = async (...names: string[]): Promise<void> => {
      for (const name of names) await auth0.roles.create({ name }).run()
    }
    const dates = (entries: readonly { readonly date?: unknown }[]): readonly unknown[] =>
      entries.map(({ date }) => date)
    const written = async (after: string): Promise<readonly string[]> => {
      const all: string[] = []
      for await (const { log_id } of auth0.logs.list({ from: after, take: 100 })) all.push(log_id ?? '')
      return all
    }
    const newest = async (): Promise<string> => (await auth0.logs.list({ per_page: 1 }).first().run())?.log_id ?? ''

    it('shows what was there, then what is written, the newest at the end', async () => {
      await write('before')
      const start = await newest()
      const following = followIn(auth0.logs.list(), { most: 3, every: 5 }, around)
      setTimeout(() => void write('a', 'b', 'c'), 30)
      const came = await following
      expect(came.map(({ log_id }) => log_id)).toEqual(await written(start))
      expect(dates(came)).toEqual([...dates(came)].sort())
      const { newest: drawn, lag } = last!['application/vnd.tenantlab+json'] as {
        newest: { log_id: string }[]
        lag: number
      }
      expect(drawn.at(-1)?.log_id).toBe(came.at(-1)?.log_id)
      expect(drawn.map(({ log_id }) => log_id)).toContain(start)
      expect(lag).toBeGreaterThanOrEqual(0)
      expect(last?.['text/plain']).toMatch(/^3 logs · done · lag \d/)
    })

    it('loses none and shows none twice while hundreds are written in between', async () => {
      const start = await newest()
      const controller = new AbortController()
      const following = followIn(auth0.logs.list(), { every: 1, signal: controller.signal }, around)
      await Promise.all(Array.from({ length: 60 }, (_, at) => write(`many-${at}`, `more-${at}`)))
      const end = await newest()
      while (!(last?.['text/plain'] ?? '').includes('120 logs')) await new Promise((next) => setTimeout(next, 5))
      controller.abort()
      const came = (await following).map(({ log_id }) => log_id)
      expect(came).toEqual(await written(start))
      expect(came.at(-1)).toBe(end)
      expect(new Set(came).size).toBe(came.length)
    })

    it('goes on from a given entry, and takes what is chosen', async () => {
      const start = await newest()
      await write('chosen', 'other')
      const came = await followIn(
        auth0.logs.list({ from: start }),
        { most: 1, every: 1, where: ({ description }) => String(description).includes('role') },
        around,
      )
      expect(came[0]?.log_id).toBe((await written(start))[0])
    })

    it('refuses a search, which a cursor would silently drop', async () => {
      await expect(followIn(auth0.logs.list({ q: 'type:f' }), {}, around)).rejects.toThrow(/where: \(entry\)/)
      await expect(followIn(auth0.logs.list({ sort: 'date:1' }), {}, around)).rejects.toMatchObject({
        kind: 'configuration',
      })
    })
  })

  it('N9 events of the embedded tenant are followed as they happen', async () => {
    const following = followIn(auth0.events.subscribe(), { most: 2 }, around)
    setTimeout(async () => {
      const connection = 'Username-Password-Authentication'
      for (const name of ['ada', 'eve']) {
        await auth0.users.create({ connection, email: `${name}@example.com`, password: 'Analytical-1843!' }).run()
      }
    }, 50)
    expect((await following).map(({ type }) => type)).toEqual(['user.created', 'user.created'])
    expect(last?.['text/plain']).toContain('2 events · done')
  })
})
