// The entry for processes that share a tenant through Redis.
export type {
  IoRedisClient,
  NodeRedisClient,
  RedisClient,
  RedisJournalOptions,
  RedisLockOptions,
  RedisTokenOptions,
} from './redis/index.ts'
export { redisAudit, redisJournal, redisLimiter, redisLock, redisTokens } from './redis/index.ts'
