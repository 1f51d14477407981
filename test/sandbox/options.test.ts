import { describe, expect, it } from 'vitest'
import { rateLimit, retry } from '../../src/rx.ts'
import { type SandboxOptions, sandbox } from '../../src/sandbox/index.ts'

describe('C20 option objects swallow nothing', () => {
  it.each<[string, object]>([
    ['seeed', { seeed: 'x' }],
    ['rateLimit', { rateLimit: { burst: 1, persecond: 1 } }],
    ['rateLimit', { rateLimit: { burst: 1 } }],
    ['latency', { latency: { min: 1 } }],
    ['tls', { tls: 'no' }],
    ['port', { port: 'x' }],
    ['unknown', { unknown: 'reject' }],
    ['users', { users: -1 }],
    ['data', { data: { users: [] } }],
  ])('C20: sandbox() refuses %s', async (name, options) => {
    await expect(sandbox(options as SandboxOptions)).rejects.toThrow(`sandbox(): "${name}"`)
  })

  it('C20: stages refuse what they do not honour', () => {
    expect(() => retry({ count: 3 } as object)).toThrow('"count" is not an option')
    expect(() => retry(3 as unknown as object)).toThrow('takes an object')
    expect(() => rateLimit({ burst: 1, perSecond: 1, per_second: 2 } as never)).toThrow('"per_second" is not an option')
    expect(retry({ maxRetries: 3 })).toBeTypeOf('function')
    expect(rateLimit({ burst: 1, perSecond: 1, headroom: 0.2 })).toBeTypeOf('function')
    expect(rateLimit('free')).toBeTypeOf('function')
  })
})
