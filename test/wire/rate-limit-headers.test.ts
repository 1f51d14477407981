import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from '../../src/wire/answer-headers.ts'
import { parseQuotaHeader, parseRateLimit } from '../../src/wire/index.ts'

const now = Date.UTC(2026, 10, 24, 9, 1, 0)

describe('parseRateLimit', () => {
  it('is undefined where the headers say nothing', () => {
    expect(parseRateLimit({ 'content-type': 'x' }, now)).toBeUndefined()
  })

  it('reads the bucket, whose reset is in seconds of the epoch', () => {
    const headers = { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1790000001' }
    expect(parseRateLimit(headers, now)).toEqual({ limit: 10, remaining: 0, resetAt: 1_790_000_001_000 })
  })

  it('leaves out what is no number, and a reset of zero', () => {
    const headers = { 'x-ratelimit-limit': 'ten', 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '0' }
    expect(parseRateLimit(headers, now)).toEqual({})
  })

  it('reads Retry-After as seconds or as a date', () => {
    expect(parseRateLimit({ 'retry-after': '3' }, now)).toEqual({ retryAfter: 3000 })
    expect(parseRetryAfter(new Date(now + 5000).toUTCString(), now)).toBe(5000)
    expect(parseRetryAfter(new Date(now - 5000).toUTCString(), now)).toBe(0)
    expect(parseRetryAfter('soon', now)).toBeUndefined()
  })

  it('takes a custom policy where it leaves less than the bucket of the tenant', () => {
    const policy = { 'auth0-ratelimit': 'client;q=10;t=1;r=0' }
    expect(parseRateLimit(policy, now)).toEqual({ limit: 10, remaining: 0, resetAt: now + 1000 })
    const tenant = { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '49', 'x-ratelimit-reset': '1790000001' }
    expect(parseRateLimit({ ...tenant, ...policy }, now)).toEqual({ limit: 10, remaining: 0, resetAt: now + 1000 })
    const roomy = { 'auth0-ratelimit': 'client;q=100;t=1;r=99, api;q=90;t=1;r=80' }
    expect(parseRateLimit({ ...tenant, ...roomy }, now)).toMatchObject({ limit: 50, remaining: 49 })
    expect(parseRateLimit(roomy, now)).toMatchObject({ limit: 90, remaining: 80 })
  })
})

describe('parseQuotaHeader', () => {
  it('reads both windows', () => {
    expect(parseQuotaHeader('b=per_hour;q=10;r=7;t=3540,b=per_day;q=50;r=47;t=43200', now)).toEqual([
      { bucket: 'per_hour', quota: 10, remaining: 7, resetAt: now + 3_540_000 },
      { bucket: 'per_day', quota: 50, remaining: 47, resetAt: now + 43_200_000 },
    ])
  })

  it('reads the form without b=, that an SDK expects, and unknown buckets', () => {
    expect(parseQuotaHeader('per_week; q=5; r=0; t=60', now)).toEqual([
      { bucket: 'per_week', quota: 5, remaining: 0, resetAt: now + 60_000 },
    ])
  })

  it('leaves out entries that are not whole', () => {
    expect(parseQuotaHeader('b=per_hour;q=10;r=x;t=1,b=per_day;q=5;r=4;t=2', now)).toHaveLength(1)
    expect(parseQuotaHeader('', now)).toEqual([])
    expect(parseQuotaHeader(undefined, now)).toEqual([])
  })
})
