import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connect, type Session } from '../../src/index.ts'
import { redisLimiter, redisTokens } from '../../src/redis/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { type RedisServer, startRedis } from '../redis/redis-server.ts'
import { requires } from '../support/index.ts'

let redis: RedisServer
let tenant: Sandbox
let warned: { mock: { calls: unknown[][] }; mockRestore(): void }

beforeEach(async (context) => {
  requires(context, 'redis')
  redis = await startRedis()
  tenant = await sandbox({ rateLimit: { burst: 10, perSecond: 10 } })
  warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
})
afterEach(async () => {
  warned?.mockRestore()
  await redis?.close()
  await tenant?.close()
})

/** Code and failed member of each warning. */
function told(): string[] {
  const told = warned.mock.calls.map(([message, options]) => {
    const { code } = options as { code: string }
    return `${code.split('_')[1]} ${/ in (\w+)\(\)/.exec(String(message))?.[1]}`
  })
  return told.sort()
}

function session(): Session {
  // The time of the machine: two clocks have nothing in common.
  const { clock: _, ...options } = tenant.options
  const { client } = redis
  return connect({
    ...options,
    rateLimit: { burst: 5, perSecond: 50 },
    stores: { tokens: redisTokens(client, { key: randomBytes(32) }), limiter: redisLimiter(client) },
  })
}

it('goes on without a store that is gone, and tells each failure once', async () => {
  const auth0 = session()
  await auth0.roles.list().run()
  await vi.waitFor(async () =>
    expect(await redis.client.zCard((await redis.client.keys('*:held:*'))[0] ?? 'x')).toBe(0),
  )
  await redis.stop()
  await Promise.all([1, 2, 3].map(() => auth0.roles.list().run()))
  expect(told()).toEqual(['LIMITER acquire'])
  const later = session()
  await Promise.all([1, 2, 3].map(() => later.roles.list().run()))
  expect(told()).toEqual(['LIMITER acquire', 'LIMITER acquire', 'TOKEN exclusive', 'TOKEN get', 'TOKEN set'])
  // A session that had its token keeps it, and one that had none fetches one for all its plans.
  expect(tenant.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(2)
})

it('shows what all processes know of the buckets, and keeps ceilings in the store', async () => {
  const auth0 = session()
  await Promise.all([1, 2, 3].map(() => auth0.roles.list().run()))
  // What an answer said is told to the store while its plan goes on.
  await vi.waitFor(() => {
    const bucket = auth0.limits().buckets.find(({ rateKey }) => rateKey === 'management')
    expect(bucket).toMatchObject({ limit: 10, queued: 0 })
    expect(bucket?.remaining).toBeLessThan(10)
  })
  expect(await redis.client.keys('*:ceiling:management')).toHaveLength(1)
})
