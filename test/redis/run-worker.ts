import { connect } from '../../src/index.ts'
import { redisAudit, redisJournal, redisLock } from '../../src/redis/index.ts'
import { runRunbook } from '../../src/runbook/index.ts'
import type { Order } from '../stores/worker.ts'
import { openRedis } from './open-redis.ts'
import { applications } from './runbook.ts'

/** Runs the runbook of applications with all that it shares in Redis, as a process of its own. */
async function work({ connection, redis: url, requests }: Order): Promise<void> {
  const redis = openRedis(url)
  await redis.connect()
  const auth0 = connect(connection)
  process.send?.({ kind: 'ready', failed: [] })
  await new Promise((resolve) => process.once('message', resolve))
  const run = runRunbook(applications(requests), auth0, {
    journal: redisJournal(redis, 'applications', { durability: 'memory', lease: 1000 }),
    audit: redisAudit(redis, 'all'),
    lock: redisLock(redis, { lease: 1000 }),
  })
  const failed = await run.then(
    ({ error }) => (error === undefined ? [] : [String(error)]),
    (error: Error) => [error.message],
  )
  await redis.close()
  process.send?.({ kind: 'done', failed }, () => process.disconnect())
}

await work(JSON.parse(process.argv[2] ?? '') as Order)
