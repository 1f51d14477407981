import { ConfigurationError } from '../plan/index.ts'
import { checkedEntries, type JournalEntry, type OpenJournal } from '../run/index.ts'
import { keyOf, type RedisClient, Scripts } from './client.ts'
import { checkedLease, Lease } from './lease.ts'

/** How `redisJournal()` keeps a journal. */
export interface RedisJournalOptions {
  /**
   * `disk` (when left out) refuses a Redis that keeps nothing on disk (`appendonly yes` is needed); `memory` takes it. Only with
   * `appendfsync always` does an entry survive the loss of power, and only then is no write sent twice after one.
   */
  readonly durability?: 'disk' | 'memory'
  /** Milliseconds after which the journal of a process that died is free again; 30 000 when left out, at least 1000. */
  readonly lease?: number
}

const OPEN = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
return redis.call('LRANGE', KEYS[2], 0, -1)
`
const APPEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('RPUSH', KEYS[2], ARGV[3])
`
const PERSISTENCE = "return redis.call('INFO', 'persistence')"

/**
 * Keeps the journal of a run in Redis, so that another machine can continue or undo it. One process at a time writes it: a
 * lease says which, and each line is refused once the lease is lost.
 *
 * @param client a connected client of `redis`, `@redis/client` or `ioredis`.
 * @param name which journal; a run that opens one with entries goes on after them.
 * @returns What `runRunbook(…, { journal })`, `undoRun()` and `settleRun()` take. It rejects with a ConfigurationError when
 *   another process has the journal, when what stands there is not a journal, and when Redis keeps nothing on disk.
 * @throws ConfigurationError for an empty name and for a lease that is too short.
 * @example
 * // not run: needs a Redis server
 * import { createClient } from '@redis/client'
 * const client = await createClient({ url: 'redis://localhost' }).connect()
 * const runbook = await loadRunbook('rotate.ts')
 * await runRunbook(runbook, auth0, { journal: redisJournal(client, 'rotate 2026-11'), lock: redisLock(client) })
 */
export function redisJournal(client: RedisClient, name: string, options: RedisJournalOptions = {}): OpenJournal {
  const scripts = new Scripts(client, 'redisJournal')
  const { durability = 'disk' } = options
  const ms = checkedLease(options.lease, 'redisJournal')
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError('redisJournal(): a journal needs a name. Give one that tells which run it is of.')
  }
  if (durability !== 'disk' && durability !== 'memory') {
    throw new ConfigurationError("redisJournal(): \"durability\" must be 'disk' or 'memory'.")
  }
  const owner = keyOf(`journal ${name}`, 'owner')
  const place = keyOf(`journal ${name}`, 'entries')
  return async () => {
    if (durability === 'disk') await requireDisk(scripts)
    const lease = await Lease.take(scripts, owner, ms)
    if (!(lease instanceof Lease)) {
      throw new ConfigurationError(
        `The process ${lease.pid} on ${lease.host} is running with the journal "${name}" in Redis. Wait for it to end; ` +
          `where it has died, the journal is free within ${ms / 1000} seconds.`,
      )
    }
    try {
      const lines = await scripts.run(OPEN, [owner, place], [lease.text])
      if (!Array.isArray(lines)) throw lost(name)
      const entries = [...checkedEntries(lines.map(parsed), `The journal "${name}" in Redis`)]
      return {
        entries,
        async append(entry) {
          if ((await scripts.run(APPEND, [owner, place], [lease.text, ms, JSON.stringify(entry)])) === 0)
            throw lost(name)
          entries.push(entry)
        },
        close: () => lease.release(),
      }
    } catch (error) {
      await lease.release()
      throw error
    }
  }
}

/** @throws ConfigurationError where Redis forgets all when it ends. */
async function requireDisk(scripts: Scripts): Promise<void> {
  const told = String(await scripts.run(PERSISTENCE, [], []))
  if (/^aof_enabled:1/m.test(told)) return
  throw new ConfigurationError(
    'redisJournal(): this Redis keeps nothing on disk (appendonly is off), so a run could not go on after it ends. Nothing ' +
      "was sent. Set appendonly yes and appendfsync always, or accept the loss with { durability: 'memory' }.",
  )
}

function parsed(line: unknown): unknown {
  try {
    return JSON.parse(String(line)) as JournalEntry
  } catch {
    // It is told as what is not a journal.
    return {}
  }
}

function lost(name: string): ConfigurationError {
  return new ConfigurationError(
    `The lease of the journal "${name}" in Redis was lost: this process stood still for too long, or somebody deleted it. The ` +
      'run ended there, and sent nothing more. Continue the run.',
  )
}
