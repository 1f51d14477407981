import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { has } from '../../scripts/needs.mjs'
import { redisTokens } from '../../src/redis/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { type RedisServer, startRedis } from '../redis/redis-server.ts'
import { requires } from '../support/index.ts'
import { Processes } from './processes.ts'
import type { Order } from './worker.ts'

const secret = randomBytes(32).toString('hex')
let redis: RedisServer
let processes: Processes
let tenant: Sandbox
let folder: string

beforeAll(async () => {
  if (!has('redis')) return
  folder = mkdtempSync(join(tmpdir(), 'two-processes-'))
  processes = await Processes.build()
})
afterAll(() => {
  processes?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})
beforeEach(async (context) => {
  requires(context, 'redis')
  redis = await startRedis()
  tenant = await sandbox({ rateLimit: { burst: 10, perSecond: 10 } })
  writeFileSync(certificates(), await tenant.ca())
})
afterEach(async () => {
  await redis?.close()
  await tenant?.close()
})

const certificates = () => join(folder, 'ca.pem')

function orderOf(stores: Order['stores'], requests: number, timeout?: number): Order {
  const { httpsUrl = '', domain, options } = tenant
  const host = httpsUrl.replace('https://127.0.0.1', 'localhost')
  const { clientId, clientSecret } = options
  const connection = { domain: host, audience: `https://${domain}/api/v2/`, clientId, clientSecret }
  return { connection, redis: redis.url, secret, stores, requests, timeout }
}

/** The same work for two processes at once. */
async function two(stores: Order['stores'], requests: number): Promise<void> {
  const order = orderOf(stores, requests)
  const reports = await processes.run([order, order], certificates())
  expect(reports).toEqual([
    { kind: 'done', failed: [] },
    { kind: 'done', failed: [] },
  ])
}

const asked = (path: string) => tenant.requests.filter((request) => request.path === path)
const refused = () => tenant.requests.filter(({ status }) => status === 429)

/** Every twelve characters of a text, which no other text shows by chance. */
function partsOf(text: string): string[] {
  return Array.from({ length: Math.max(1, text.length - 11) }, (_, at) => text.slice(at, at + 12))
}

describe('two processes and one tenant', () => {
  it('spend one token when they share the store of tokens, which shows none of it', async () => {
    await two(['tokens'], 3)
    expect(asked('/oauth/token')).toHaveLength(1)
    const keys = await redis.client.keys('*')
    expect(keys).toHaveLength(1)
    const key = keys[0] ?? ''
    const kept = (await redis.client.get(key)) ?? ''
    const known = await redisTokens(redis.client, { key: secret }).get(/\{(.+)\}/.exec(key)?.[1] ?? '')
    expect(known?.token).toMatch(/^eyJ/)
    const readable = `${kept}\n${Buffer.from(kept, 'base64').toString('latin1')}`
    // Twelve characters in a row: shorter ones are found in random text of this length by chance.
    const parts = [JSON.stringify(known), secret, tenant.options.clientSecret ?? ''].flatMap(partsOf)
    expect(parts.filter((part) => readable.includes(part))).toEqual([])
  })

  it('spend two where they share nothing', async () => {
    await two([], 3)
    expect(asked('/oauth/token')).toHaveLength(2)
  })

  it('keep the limit of 10 requests per second together, without one refusal, when they share the limiter', async () => {
    await two(['tokens', 'limiter'], 30)
    expect(asked('/api/v2/roles')).toHaveLength(60)
    expect(refused()).toEqual([])
  })

  it('are refused where each keeps a limiter of its own', async () => {
    await two(['tokens'], 30)
    expect(refused().length).toBeGreaterThan(0)
  })

  it('take the slots of one that was killed when their leases end', async () => {
    tenant.faults.add({ kind: 'slow', delay: 60_000, match: { path: '/api/v2/roles' } })
    const dying = await processes.start(orderOf(['tokens', 'limiter'], 5, 5000), certificates())
    dying.send('go')
    await vi.waitFor(() => expect(asked('/api/v2/roles').length).toBeGreaterThan(1), 10_000)
    const died = once(dying, 'exit')
    dying.kill('SIGKILL')
    await died
    const before = asked('/api/v2/roles').length
    tenant.faults.clear()
    const held = (await redis.client.keys('*:held:*'))[0] ?? ''
    expect(await redis.client.zCard(held)).toBe(2)
    expect(await processes.run([orderOf(['tokens', 'limiter'], 5)], certificates())).toMatchObject([{ failed: [] }])
    expect(asked('/api/v2/roles')).toHaveLength(before + 5)
  })
})
