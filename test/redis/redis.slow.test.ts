import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { type IoRedisClient, redisAudit, redisJournal, redisLock, redisTokens } from '../../src/redis/index.ts'
import { defineRunbook, runRunbook, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { requires } from '../support/index.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

let redis: RedisServer
let tenant: Sandbox
let folder: string

beforeEach(async (context) => {
  requires(context, 'redis')
  folder = mkdtempSync(join(tmpdir(), 'redis-'))
  redis = await startRedis(folder)
  tenant = await sandbox()
})
afterEach(async () => {
  await redis?.close()
  await tenant?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

const key = randomBytes(32)
const signal = new AbortController().signal

/** Everything that Redis keeps, as one text. */
async function everything(): Promise<string> {
  const { client } = redis
  const dumps = await Promise.all(
    (await client.keys('*')).map(async (name) => {
      const type = await client.type(name)
      if (type === 'string') return [name, await client.get(name)]
      if (type === 'list') return [name, await client.lRange(name, 0, -1)]
      if (type === 'stream') return [name, await client.xRange(name, '-', '+')]
      if (type === 'hash') return [name, await client.hGetAll(name)]
      return [name, await client.zRange(name, 0, -1)]
    }),
  )
  return JSON.stringify(dumps)
}

/** The calling style of ioredis over the client that there is. */
function ioredis(): IoRedisClient {
  return {
    defineCommand() {},
    eval: (script, keys, ...rest) =>
      redis.client.eval(script, { keys: rest.slice(0, keys), arguments: rest.slice(keys) }),
  }
}

describe('redisTokens', () => {
  it.each([
    ['redis', () => redis.client],
    ['ioredis', ioredis],
  ])('keeps a token encrypted, through a client of %s', async (_, client) => {
    const tokens = redisTokens(client(), { key })
    await tokens.set('a', { token: 'canary-token-of-a', expiresAt: Date.now() + 60_000, scopes: ['read:canaries'] })
    expect(await tokens.get('a')).toMatchObject({ token: 'canary-token-of-a', scopes: ['read:canaries'] })
    expect(await everything()).not.toMatch(/canar/)
    await tokens.delete('a', 'another')
    expect(await tokens.get('a')).toBeDefined()
    await tokens.delete('a', 'canary-token-of-a')
    expect(await tokens.get('a')).toBeUndefined()
  })

  it('is of no use with another key, or in another place', async () => {
    const tokens = redisTokens(redis.client, { key: key.toString('hex') })
    await tokens.set('a', { token: 'canary' })
    await expect(redisTokens(redis.client, { key: randomBytes(32) }).get('a')).rejects.toThrow(/with another key/)
    await redis.client.set('tenantlab:{b}:token', (await redis.client.get('tenantlab:{a}:token')) ?? '')
    await expect(tokens.get('b')).rejects.toThrow(/another key, or was changed/)
  })

  it.each([
    ['a short key', () => redisTokens(redis.client, { key: randomBytes(16) }), /"key" must be 32 bytes/],
    ['a key that is a word', () => redisTokens(redis.client, { key: 'canary-key' }), /64 hexadecimal digits/],
    ['no client', () => redisTokens({} as never, { key }), /not a Redis client/],
    ['a short lease', () => redisLock(redis.client, { lease: 10 }), /"lease" must be/],
    ['a journal without a name', () => redisJournal(redis.client, ''), /needs a name/],
  ])('refuses %s, and shows no key', (_, make, message) => {
    expect(make).toThrow(message)
    expect(make).not.toThrow(/canary/)
  })

  it('gives a turn to one at a time, and forgets who died', async () => {
    const tokens = redisTokens(redis.client, { key })
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await sleep(2)
      inside -= 1
    }
    await Promise.all(Array.from({ length: 10 }, () => tokens.exclusive?.('a', work, signal)))
    expect(most).toBe(1)
    expect(await redis.client.keys('*')).toEqual([])
  })
})

describe('X8: redisLock', () => {
  const run = { runbook: 'rotate', tenant: 'a.example.com', params: { month: 1 } }

  it('has never two owners: 500 rounds on a lock whose owner died', async () => {
    const locks = Array.from({ length: 10 }, () => redisLock(redis.client))
    const [place = ''] = await placesAfter(async () => void (await locks[0]?.(run)))
    for (let round = 0; round < 500; round += 1) {
      // As an owner leaves it that died a moment ago: still there, and gone between two of the questions.
      await redis.client.set(place, '{"pid":1,"host":"gone","at":"then"}', { expiration: { type: 'PX', value: 1 } })
      const taken = await Promise.allSettled(locks.map(async (lock) => lock(run)))
      const owners = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      expect(owners.length).toBeLessThanOrEqual(1)
      await Promise.all(owners.map((owner) => owner.release()))
    }
  })

  it('names the process that runs the same, and lets another tenant or another month run', async () => {
    const lock = redisLock(redis.client)
    const held = await lock(run)
    await expect(lock(run)).rejects.toThrow(new RegExp(`process ${process.pid} on .* runs "rotate"`))
    await Promise.all(
      [
        { ...run, tenant: 'b.example.com' },
        { ...run, params: { month: 2 } },
      ].map((other) => lock(other)),
    )
    await held.release()
    await (await lock(run)).release()
  })

  it('is renewed while nothing happens, and tells when it was lost', async () => {
    const held = await redisLock(redis.client, { lease: 1000 })(run)
    await sleep(1500)
    await held.check()
    const [place = ''] = await redis.client.keys('*')
    await redis.client.del(place)
    await expect(Promise.resolve(held.check())).rejects.toThrow(/was lost/)
    await held.release()
  })
})

async function placesAfter(work: () => Promise<void>): Promise<string[]> {
  await work()
  return redis.client.keys('*')
}

describe('redisJournal', () => {
  const entry = { type: 'resumed', at: 'now' } as const
  const opened = {
    type: 'journal',
    version: 2,
    run: 'r',
    runbook: 'rotate',
    mode: 'run',
    tenant: 't',
    at: 'now',
    who: 'w',
  } as const

  it('keeps entries in order for the next that opens it, and has one writer', async () => {
    const open = redisJournal(redis.client, 'rotate')
    const first = await open()
    await first.append(opened)
    await first.append(entry)
    await expect(Promise.resolve(open())).rejects.toThrow(new RegExp(`process ${process.pid} .* journal "rotate"`))
    await first.close()
    const second = await open()
    expect(second.entries).toEqual([opened, entry])
    await second.close()
  })

  it.each(['expired', 'taken by another'])('refuses a line when its lease is %s', async (how) => {
    const journal = await redisJournal(redis.client, 'rotate')()
    await journal.append(opened)
    const owner = 'tenantlab:{journal rotate}:owner'
    if (how === 'expired') await redis.client.del(owner)
    else await redis.client.set(owner, 'another')
    await expect(Promise.resolve(journal.append(entry))).rejects.toThrow(/lease .* was lost/)
    expect(await redis.client.lLen('tenantlab:{journal rotate}:entries')).toBe(1)
    await journal.close()
    expect(await redis.client.get(owner)).toBe(how === 'expired' ? null : 'another')
  })

  it('survives the end of Redis: what was appended is on its disk', async () => {
    const journal = await redisJournal(redis.client, 'rotate')()
    await journal.append(opened)
    await redis.close()
    redis = await startRedis(folder)
    await redis.client.del('tenantlab:{journal rotate}:owner')
    const again = await redisJournal(redis.client, 'rotate')()
    expect(again.entries).toEqual([opened])
    await again.close()
    await journal.close()
  })

  it('refuses a Redis that keeps nothing on disk, unless that is meant', async () => {
    const volatile = await startRedis()
    try {
      await expect(Promise.resolve(redisJournal(volatile.client, 'a')())).rejects.toThrow(/keeps nothing on disk/)
      const journal = await redisJournal(volatile.client, 'a', { durability: 'memory' })()
      await journal.close()
    } finally {
      await volatile.close()
    }
  })

  it.each(['no JSON', '{"type":"strange"}'])('refuses what is not a journal: %s', async (line) => {
    await redis.client.rPush('tenantlab:{journal rotate}:entries', line)
    await expect(Promise.resolve(redisJournal(redis.client, 'rotate')())).rejects.toThrow(/not a journal/)
    expect(await redis.client.exists('tenantlab:{journal rotate}:owner')).toBe(0)
  })
})

describe('runRunbook with all of it', () => {
  let between: (() => void) | undefined
  const runbook = defineRunbook({
    name: 'applications',
    async *steps({ auth0, step }) {
      const create = (name: string) =>
        step(name, auth0.clients.create({ name }), {
          undo: ({ result }) => auth0.clients(result.client_id ?? '').delete(),
        })
      yield* create('one')
      between?.()
      yield* create('two')
    },
  })
  const shared = () => ({
    journal: redisJournal(redis.client, 'run'),
    audit: redisAudit(redis.client, 'all'),
    lock: redisLock(redis.client),
  })

  it('stops on a fault, goes on elsewhere, is undone, and shows no secret', async () => {
    const auth0 = connect(tenant.options)
    const names = async () => (await auth0.clients.list().all().run()).map(({ name }) => name).sort()
    const before = await names()
    between = () =>
      tenant.faults.add({ kind: 'status', status: 400, match: { path: '/api/v2/clients', method: 'POST' }, times: 1 })
    expect((await runRunbook(runbook, auth0, shared())).status).toBe('failed')
    between = undefined
    expect((await runRunbook(runbook, auth0, shared())).status).toBe('done')
    expect(await names()).toEqual([...before, 'one', 'two'].sort())
    const own = { ...shared(), journal: redisJournal(redis.client, 'run, undo') }
    const undone = await undoRun(redisJournal(redis.client, 'run'), auth0, own)
    expect(undone.status).toBe('done')
    expect(await names()).toEqual(before)
    const kept = await everything()
    expect(kept).toContain('"record"')
    expect(kept).not.toContain('eyJ')
    expect(kept).not.toContain(tenant.options.clientSecret)
    expect((await redis.client.keys('*:owner')).concat(await redis.client.keys('*:run:*'))).toEqual([])
  })

  it('lets one of two run the same, and none of its requests go out after the lock was lost', async () => {
    const auth0 = connect(tenant.options)
    const { lock } = shared()
    const held = await lock({ runbook: 'applications', tenant: auth0.domain })
    const sent = tenant.requests.length
    await expect(runRunbook(runbook, auth0, { lock })).rejects.toThrow(/runs "applications"/)
    expect(tenant.requests).toHaveLength(sent)
    await held.release()

    const losing = defineRunbook({
      name: 'losing',
      async *steps({ auth0: session, step }) {
        yield* step('one', session.clients.create({ name: 'one' }))
        await redis.client.flushAll()
        yield* step('two', session.clients.create({ name: 'two' }))
      },
    })
    await expect(runRunbook(losing, auth0, { lock })).rejects.toThrow(/lock of "losing" .* was lost/)
    const writes = tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients')
    expect(writes).toHaveLength(1)
  })
})
