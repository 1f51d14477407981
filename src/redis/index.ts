// The room of what several processes share in Redis: tokens, rate limits, journals, audit trails, and the lock of a run.
export { redisAudit } from './audit.ts'
export type { IoRedisClient, NodeRedisClient, RedisClient } from './client.ts'
export { type RedisJournalOptions, redisJournal } from './journal.ts'
export { redisLimiter } from './limiter.ts'
export { type RedisLockOptions, redisLock } from './lock.ts'
export { type RedisTokenOptions, redisTokens } from './tokens.ts'
