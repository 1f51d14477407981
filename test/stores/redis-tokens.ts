import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CachedToken, TokenCache } from '../../src/index.ts'
import type { Redis } from './redis.ts'

const DELETE_IF = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
const PREFIX = 'tokens:'
/** Milliseconds after which a lock is free although nobody gave it back: longer than a token request may take. */
const LOCK = 35_000

/**
 * Access tokens in Redis, encrypted at rest.
 *
 * @param secret 32 bytes that all processes have and Redis has not.
 */
export function redisTokens(redis: Redis, secret: Buffer): TokenCache {
  return {
    async get(key) {
      const text = await redis.get(PREFIX + key)
      return text === null ? undefined : (JSON.parse(decrypt(text, secret)) as CachedToken)
    },
    async set(key, token) {
      const value = encrypt(JSON.stringify(token), secret)
      await redis.set(PREFIX + key, value)
      if (token.expiresAt !== undefined) await redis.pExpireAt(PREFIX + key, Math.ceil(token.expiresAt))
    },
    async delete(key, token) {
      // Ciphertexts of one token differ, so that the one that was read is compared.
      const text = await redis.get(PREFIX + key)
      if (text === null || (JSON.parse(decrypt(text, secret)) as CachedToken).token !== token) return
      await redis.eval(DELETE_IF, { keys: [PREFIX + key], arguments: [text] })
    },
    async exclusive(key, work, signal) {
      const lock = `${PREFIX}${key}:lock`
      const owner = randomUUID()
      const mine = () => redis.set(lock, owner, { condition: 'NX', expiration: { type: 'PX', value: LOCK } })
      while ((await mine()) === null) await sleep(20, undefined, { signal })
      try {
        await work()
      } finally {
        await redis.eval(DELETE_IF, { keys: [lock], arguments: [owner] })
      }
    },
  }
}

function encrypt(text: string, secret: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, nonce)
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64')
}

function decrypt(text: string, secret: Buffer): string {
  const bytes = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}
