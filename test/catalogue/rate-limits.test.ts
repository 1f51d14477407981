import { describe, expect, it } from 'vitest'
import { publishedLimits, rows } from '../../src/catalogue/index.ts'
import { planLimits } from '../../src/sandbox/limits/plans.ts'

describe('published rate limits', () => {
  it('name only rate keys that operations have', () => {
    const known = new Set(rows().map(({ rateKey }) => rateKey))
    const named = Object.values(publishedLimits).flatMap(({ endpoints }) => Object.keys(endpoints))
    expect(named.filter((key) => !known.has(key))).toEqual([])
  })

  it('are what the tables of each plan say', () => {
    const { free, essentials, enterprise } = publishedLimits
    expect(free.management).toEqual({ burst: 2, count: 2, per: 'second', covers: 'global' })
    expect(essentials.endpoints['management.users.read']).toEqual({ burst: 40, count: 500, per: 'minute' })
    expect(essentials.management).toEqual({ burst: 10, count: 150, per: 'minute', covers: 'rest' })
    expect(enterprise.management).toEqual({ burst: 50, count: 16, per: 'second', covers: 'global' })
    expect(enterprise.endpoints['management.users.read']).toBeUndefined()
    // Only the free plan has a published limit for these two.
    expect([free, essentials].map(({ endpoints }) => endpoints['authentication.jwks']?.burst)).toEqual([20, undefined])
    expect([free, enterprise].map(({ endpoints }) => endpoints['authentication.token']?.burst)).toEqual([30, undefined])
  })

  it('are buckets of whole windows in the sandbox', () => {
    const { management, authentication, endpoints } = planLimits('essentials')
    expect(management).toBeUndefined()
    expect(authentication).toEqual({ burst: 25, refill: 25, window: 1000 })
    expect(endpoints.management).toEqual({ burst: 10, refill: 2.5, window: 1000 })
    expect(endpoints['authentication.userinfo']).toEqual({ burst: 10, refill: 5, window: 60_000 })
    expect(planLimits('free').endpoints['management.keys.signing.write']).toEqual({
      burst: 5,
      refill: 5,
      window: 86_400_000,
    })
  })
})
