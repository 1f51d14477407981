import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { Processes } from '../stores/processes.ts'
import { requires } from '../support/index.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

let redis: RedisServer
let tenant: Sandbox
let processes: Processes
let folder: string

beforeEach(async (context) => {
  requires(context, 'redis')
  folder = mkdtempSync(join(tmpdir(), 'killed-'))
  processes = await Processes.build(join(import.meta.dirname, 'run-worker.ts'))
  redis = await startRedis()
  tenant = await sandbox()
  writeFileSync(join(folder, 'ca.pem'), await tenant.ca())
})
afterEach(async () => {
  processes?.close()
  await redis?.close()
  await tenant?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

const created = () => tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients')

it.each([1, 4])(
  'X8: a run that was killed after %i writes is continued by another process, and none is sent twice',
  async (writes) => {
    const { httpsUrl = '', domain, options } = tenant
    const connection = {
      domain: httpsUrl.replace('https://127.0.0.1', 'localhost'),
      audience: `https://${domain}/api/v2/`,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
    }
    const order = { connection, redis: redis.url, secret: '', stores: [], requests: 8 }
    const certificates = join(folder, 'ca.pem')
    // The write after these is held, so that the process dies with it under way.
    tenant.faults.add({
      kind: 'slow',
      delay: 60_000,
      match: { method: 'POST', path: '/api/v2/clients' },
      after: writes,
    })
    const dying = await processes.start(order, certificates)
    dying.send('go')
    await vi.waitFor(() => expect(created()).toHaveLength(writes + 1), 20_000)
    // A second process is refused while the first has the lock.
    const [refused] = await processes.run([order], certificates)
    expect(refused?.failed.join()).toMatch(/runs "applications"/)
    const died = once(dying, 'exit')
    dying.kill('SIGKILL')
    await died
    tenant.faults.clear()
    await vi.waitFor(async () => expect(await redis.client.keys('*:owner')).toEqual([]), 10_000)
    const [continued] = await processes.run([order], certificates)
    expect(continued?.failed).toEqual([])
    const names = created().map(({ body }) => (body as { name: string }).name)
    expect(names.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `application ${number}`))
  },
  90_000,
)
