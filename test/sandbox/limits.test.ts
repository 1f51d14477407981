import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { createBucket } from '../../src/sandbox/limits/bucket.ts'
import { managementToken, send, start } from './bench.ts'

describe('bucket', () => {
  it('tops up at the top of each window, never above its size', () => {
    const take = createBucket({ burst: 5, refill: 10, window: 1000 })
    const at = (now: number) => take(now).allowed
    expect([at(100), at(100), at(100), at(100), at(900), at(999)]).toEqual([true, true, true, true, true, false])
    expect([1, 2, 3, 4, 5, 6].map(() => at(1000))).toEqual([true, true, true, true, true, false])
    expect(take(9_500)).toEqual({ allowed: true, limit: 5, remaining: 4, resetAt: 10_000 })
  })
})

describe('limits of a sandbox', () => {
  async function reads(tenant: Sandbox, count: number, path = '/api/v2/roles') {
    const headers = { authorization: `Bearer ${await managementToken(tenant)}` }
    const answers = []
    for (let index = 0; index < count; index += 1) answers.push(await send(tenant, 'GET', path, { headers }))
    return answers
  }

  it('limits nothing and sends no headers unless asked', async () => {
    const tenant = await start({ seed: 'free', clock: 'fixed' })
    const answers = await reads(tenant, 30)
    expect(answers.every(({ status, headers }) => status === 200 && !headers.has('x-ratelimit-limit'))).toBe(true)
  })

  it('answers 429 with Auth0 headers and body, and lets on in the next second', async () => {
    const tenant = await start({ seed: 'bucket', clock: 'fixed', rateLimit: { burst: 2, perSecond: 2 } })
    const [first, , third] = await reads(tenant, 3)
    const reset = String(tenant.clock.now() / 1000 + 1)
    expect(first?.headers.get('x-ratelimit-limit')).toBe('2')
    expect(first?.headers.get('x-ratelimit-remaining')).toBe('1')
    expect(third?.status).toBe(429)
    expect(third?.headers.get('x-ratelimit-reset')).toBe(reset)
    expect(third?.headers.has('retry-after')).toBe(false)
    expect(third?.body).toEqual({
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Global limit has been reached',
      errorCode: 'too_many_requests',
    })
    tenant.clock.advance(1000)
    expect((await reads(tenant, 1))[0]?.status).toBe(200)
  })

  it('refills a still clock when a client has waited on it', async () => {
    const tenant = await start({ seed: 'wait', clock: 'fixed', rateLimit: { burst: 1, perSecond: 1 } })
    const [, refused] = await reads(tenant, 2)
    expect(refused?.status).toBe(429)
    const before = tenant.clock.now()
    await new Promise<void>((resolve) => tenant.options.clock.after(1, resolve))
    expect(tenant.clock.now()).toBe(before + 1)
    tenant.clock.advance(999)
    expect((await reads(tenant, 1))[0]?.status).toBe(200)
  })

  it('knows the plans: a global bucket, or one per endpoint', async () => {
    const free = await start({ seed: 1, clock: 'fixed', rateLimit: 'free' })
    expect((await reads(free, 3)).map(({ status }) => status)).toEqual([200, 200, 429])
    const essentials = await start({ seed: 2, clock: 'fixed', rateLimit: 'essentials' })
    const logs = await reads(essentials, 11, '/api/v2/logs')
    expect(logs.at(-1)?.status).toBe(429)
    expect((await reads(essentials, 1, '/api/v2/users'))[0]?.headers.get('x-ratelimit-limit')).toBe('40')
  })

  it('knows the limits of the Authentication API by operation', async () => {
    const enterprise = await start({ seed: 4, clock: 'fixed', rateLimit: 'enterprise' })
    const answers = await Promise.all(Array.from({ length: 11 }, () => send(enterprise, 'GET', '/userinfo')))
    expect(answers.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(1)
    expect((await send(enterprise, 'GET', '/.well-known/jwks.json')).headers.get('x-ratelimit-limit')).toBe('100')
  })

  it('refuses a plan it does not know', async () => {
    await expect(start({ rateLimit: 'gold' as never })).rejects.toThrow('no rate-limit plan gold')
  })

  it('can limit the Authentication API besides', async () => {
    const authentication = { burst: 1, perSecond: 1 }
    const tenant = await start({ seed: 3, clock: 'fixed', rateLimit: { burst: 9, perSecond: 9, authentication } })
    const ask = () => send(tenant, 'GET', '/.well-known/jwks.json')
    expect((await ask()).status).toBe(200)
    expect(await ask()).toMatchObject({ status: 429, body: { error: 'too_many_requests' } })
  })
})
