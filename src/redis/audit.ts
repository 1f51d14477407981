import { ConfigurationError } from '../plan/index.ts'
import type { AuditTrail } from '../run/index.ts'
import { keyOf, type RedisClient, Scripts } from './client.ts'

const ADD = "return redis.call('XADD', KEYS[1], '*', 'record', ARGV[1])"

/**
 * Keeps audit records in a Redis stream, one field `record` with JSON for each request of each run, in the order of
 * Redis's time. It grows until somebody trims it.
 *
 * @param client a connected client of `redis`, `@redis/client` or `ioredis`.
 * @param name which trail; the stream's key is `tenantlab:{audit NAME}:records`.
 * @returns What `runRunbook(…, { audit })` takes. A record that cannot be written ends the run.
 * @throws ConfigurationError for an empty name and for what is not a client.
 * @example
 * // not run: needs a Redis server
 * import { createClient } from '@redis/client'
 * const client = await createClient({ url: 'redis://localhost' }).connect()
 * const runbook = await loadRunbook('rotate.ts')
 * await runRunbook(runbook, auth0, { journal: 'run.jsonl', audit: redisAudit(client, 'production') })
 */
export function redisAudit(client: RedisClient, name: string): AuditTrail {
  const scripts = new Scripts(client, 'redisAudit')
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError('redisAudit(): a trail needs a name. Give one that all runs share.')
  }
  const place = keyOf(`audit ${name}`, 'records')
  return {
    async record(record) {
      await scripts.run(ADD, [place], [JSON.stringify(record)])
    },
    close() {},
  }
}
