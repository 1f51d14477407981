import { connect } from '../../src/index.ts'
import { redisLimiter, redisTokens } from '../../src/redis/index.ts'
import { openRedis } from '../redis/open-redis.ts'

/** What a process of its own is told to do. */
export interface Order {
  readonly connection: { readonly domain: string; readonly audience: string; clientId: string; clientSecret: string }
  readonly redis: string
  /** 32 bytes in hexadecimal. */
  readonly secret: string
  readonly stores: readonly ('tokens' | 'limiter')[]
  /** How many requests it sends at once. */
  readonly requests: number
  /** Milliseconds. */
  readonly timeout?: number
}

/** What it answers; `ready` before it is told to go. */
export interface Report {
  readonly kind: 'ready' | 'done'
  readonly failed: readonly string[]
}

/** Connects as it was told, waits for its turn to go, and sends its requests. */
async function work({ connection, redis: url, secret, stores, requests, timeout }: Order): Promise<void> {
  const redis = openRedis(url)
  await redis.connect()
  const auth0 = connect({
    ...connection,
    timeout,
    stores: {
      ...(stores.includes('tokens') && { tokens: redisTokens(redis, { key: secret }) }),
      ...(stores.includes('limiter') && { limiter: redisLimiter(redis) }),
    },
  })
  process.send?.({ kind: 'ready', failed: [] } satisfies Report)
  await new Promise((resolve) => process.once('message', resolve))
  const runs = Array.from({ length: requests }, () => auth0.roles.list().run().outcome())
  const outcomes = await Promise.all(runs)
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'error' ? [outcome.error.message] : []))
  // What is still to be told to Redis goes out first.
  await redis.close()
  process.send?.({ kind: 'done', failed } satisfies Report, () => process.disconnect())
}

await work(JSON.parse(process.argv[2] ?? '') as Order)
