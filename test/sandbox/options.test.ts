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
    ['hostNames', { hostNames: ['two words'] }],
    ['hostNames', { hostNames: ['https://tenant.example.com'] }],
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

describe('T23 users that are brought', () => {
  const good = { email: 'ada@example.com', password: 'Analytical-1843!' }

  it.each<[string, object | null, string]>([
    ['nobody', null, 'needs an email and a password.'],
    ['an unknown field', { ...good, nickNam: 'ada' }, "'Additional properties not allowed: nickNam'."],
    ['a wrong type', { ...good, email_verified: 'yes' }, 'on property email_verified.'],
    ['no address', { ...good, email: 'ada' }, 'on property email.'],
    ['another connection', { ...good, connection: 'google-oauth2' }, 'may be in Username-Password-Authentication only'],
    ['a doubtful mfa', { ...good, mfa: 'yes' }, 'may have true or false for "mfa".'],
  ])('T23: %s is refused by its place in the list', async (_what, user, message) => {
    const users = [{ ...good, email: 'first@example.com' }, user] as SandboxOptions['users'] & object
    await expect(sandbox({ users })).rejects.toThrow('sandbox(): "users"[1] ')
    await expect(sandbox({ users })).rejects.toThrow(message)
  })

  it('T23: two users of one address are refused, whatever its case', async () => {
    const users = [good, { ...good, email: 'Ada@Example.com', password: 'Another-1843!' }]
    await expect(sandbox({ users })).rejects.toThrow(/"users"\[1\] has the address Ada@Example.com, which another user/)
    await expect(sandbox({ users: [{ ...good, email: 'user-one@example.com' }] })).rejects.toThrow(/"users"\[0\] has/)
  })
})
