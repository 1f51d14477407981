import { ConfigurationError, canonicalJson, sha256 } from '../plan/index.ts'
import { DecisionError, type LockRun } from '../run/index.ts'
import { keyOf, type RedisClient, Scripts } from './client.ts'
import { checkedLease, Lease } from './lease.ts'

/** How `redisLock()` holds a lock. */
export interface RedisLockOptions {
  /** Milliseconds after which the lock of a process that died is free again; 30 000 when left out, at least 1000. */
  readonly lease?: number
}

/**
 * Lets one process at a time run the same: a runbook with its parameters on one tenant. The lock is renewed while the run
 * lasts; before each line of its journal, so before each request, Redis is asked whether the run still has it.
 *
 * @param client a connected client of `redis`, `@redis/client` or `ioredis`.
 * @returns What `runRunbook(…, { lock })` takes. It rejects with a DecisionError that names the process that runs the same.
 * @throws ConfigurationError for a lease that is too short and for what is not a client.
 * @example
 * // not run: needs a Redis server
 * import { createClient } from '@redis/client'
 * const client = await createClient({ url: 'redis://localhost' }).connect()
 * const runbook = await loadRunbook('rotate.ts')
 * await runRunbook(runbook, auth0, { journal: 'run.jsonl', lock: redisLock(client) })
 */
export function redisLock(client: RedisClient, options: RedisLockOptions = {}): LockRun {
  const scripts = new Scripts(client, 'redisLock')
  const ms = checkedLease(options.lease, 'redisLock')
  return async ({ runbook, tenant, params }) => {
    const identity = sha256(canonicalJson([runbook, tenant, params ?? {}]))
    const lease = await Lease.take(scripts, keyOf(tenant, 'run', identity.slice(0, 32)), ms)
    if (!(lease instanceof Lease)) {
      throw new DecisionError(
        runbook,
        `The process ${lease.pid} on ${lease.host} runs "${runbook}" on ${tenant} with the same parameters, since ${lease.at}. ` +
          `Nothing was sent. Wait for it to end, and run again; where it has died, the lock is free within ${ms / 1000} seconds.`,
      )
    }
    return {
      async check() {
        if (await lease.holds()) return
        throw new ConfigurationError(
          `The lock of "${runbook}" on ${tenant} was lost: this process stood still for longer than ${ms / 1000} seconds, or ` +
            'somebody deleted it. The run ended there, and sent nothing more. Continue the run.',
        )
      },
      release: () => lease.release(),
    }
  }
}
