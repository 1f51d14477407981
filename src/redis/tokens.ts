import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CachedToken, TokenCache } from '../tokens/index.ts'
import { keyOf, type RedisClient, Scripts } from './client.ts'
import { Seal } from './seal.ts'

/** How `redisTokens()` keeps tokens. */
export interface RedisTokenOptions {
  /** 32 bytes, or 64 hexadecimal digits, that all processes have and Redis has not. */
  readonly key: Uint8Array | string
}

const GET = "return redis.call('GET', KEYS[1])"
const SET = `
redis.call('SET', KEYS[1], ARGV[1])
if ARGV[2] ~= '' then redis.call('PEXPIREAT', KEYS[1], ARGV[2]) end
return 1
`
const TAKE = "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0"
const DELETE_IF = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
/** Milliseconds after which a turn is over although nobody ended it: longer than a token request may take. */
const TURN = 35_000
/** Milliseconds between two questions for the turn. */
const AGAIN = 20

/**
 * Keeps access tokens in Redis, so that all processes spend one. They are encrypted (AES-256-GCM) with a key of yours, and
 * deleted when they expire.
 *
 * @param client a connected client of `redis`, `@redis/client` or `ioredis`.
 * @param options `key`: 32 bytes, or 64 hexadecimal digits.
 * @returns A cache for `connect({ stores: { tokens } })`. Where Redis fails, a token is fetched from the tenant, and a
 *   warning tells it once.
 * @throws ConfigurationError for a key of another length, and for what is not a client.
 * @example
 * // not run: needs a Redis server
 * import { createClient } from '@redis/client'
 * const client = await createClient({ url: 'redis://localhost' }).connect()
 * const auth0 = connect({ stores: { tokens: redisTokens(client, { key: process.env['TOKEN_KEY'] ?? '' }) } })
 */
export function redisTokens(client: RedisClient, options: RedisTokenOptions): TokenCache {
  const scripts = new Scripts(client, 'redisTokens')
  const seal = new Seal(options?.key, 'redisTokens')
  const read = async (place: string): Promise<{ text: string; token: CachedToken } | undefined> => {
    const text = await scripts.run(GET, [place], [])
    return typeof text === 'string' ? { text, token: JSON.parse(seal.open(text, place)) as CachedToken } : undefined
  }
  return {
    async get(key) {
      return (await read(keyOf(key, 'token')))?.token
    },
    async set(key, token) {
      const place = keyOf(key, 'token')
      const until = token.expiresAt === undefined ? '' : Math.ceil(token.expiresAt)
      await scripts.run(SET, [place], [seal.close(JSON.stringify(token), place), until])
    },
    async delete(key, token) {
      const place = keyOf(key, 'token')
      const found = await read(place)
      // Two encryptions of one token differ, so the text that was read is compared.
      if (found?.token.token === token) await scripts.run(DELETE_IF, [place], [found.text])
    },
    async exclusive(key, work, signal) {
      const place = keyOf(key, 'turn')
      const owner = randomUUID()
      while ((await scripts.run(TAKE, [place], [owner, TURN])) !== 1) await sleep(AGAIN, undefined, { signal })
      try {
        await work()
      } finally {
        await scripts.run(DELETE_IF, [place], [owner])
      }
    },
  }
}
