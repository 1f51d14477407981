import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { has } from '../../scripts/needs.mjs'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { Processes } from '../stores/processes.ts'
import { requires } from '../support/index.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

let processes: Processes
let folder: string

beforeAll(async () => {
  if (!has('redis')) return
  folder = mkdtempSync(join(tmpdir(), 'four-processes-'))
  processes = await Processes.build()
})
afterAll(() => {
  processes?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})
beforeEach((context) => requires(context, 'redis'))

/** The same work for several processes at once; how many of their requests the tenant served and refused. */
async function share(count: number, requests: number, rateLimit: { burst: number; perSecond: number }) {
  const redis: RedisServer = await startRedis()
  const tenant: Sandbox = await sandbox({ rateLimit })
  try {
    const certificates = join(folder, 'ca.pem')
    writeFileSync(certificates, await tenant.ca())
    const { httpsUrl = '', domain, options } = tenant
    const connection = {
      domain: httpsUrl.replace('https://127.0.0.1', 'localhost'),
      audience: `https://${domain}/api/v2/`,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
    }
    const stores = ['tokens', 'limiter'] as const
    const order = { connection, redis: redis.url, secret: 'ab'.repeat(32), stores, requests }
    const reports = await processes.run(
      Array.from({ length: count }, () => order),
      certificates,
    )
    expect(reports.flatMap(({ failed }) => failed)).toEqual([])
    const asked = tenant.requests.filter(({ path }) => path === '/api/v2/roles')
    const served = asked.filter(({ status }) => status === 200).length
    return { served, refused: asked.length - served }
  } finally {
    await redis.close()
    await tenant.close()
  }
}

describe('X7: four processes that share the limit of a tenant', () => {
  it.each([
    [4, 50, { burst: 10, perSecond: 10 }],
    [4, 50, { burst: 25, perSecond: 20 }],
    [3, 20, { burst: 5, perSecond: 4 }],
  ])(
    '%i × %i requests under %o: hardly one is refused',
    async (count, requests, limit) => {
      const { served, refused } = await share(count, requests, limit)
      expect(served).toBe(count * requests)
      expect(refused).toBeLessThanOrEqual(10)
    },
    120_000,
  )
})
