import { describe, expect, it } from 'vitest'
import { type ConnectOptions, connect, type LimitedTenant, type RateLimiter, type TokenCache } from '../../src/index.ts'

const client = { domain: 'stores.example.com', clientId: 'application', clientSecret: 'canary-secret' }
const tokens: TokenCache = { get: () => undefined, set() {}, delete() {} }
const limiter: RateLimiter = {
  acquire: (_, request) => ({ queued: false, begin: () => request.granted(), estimate: () => undefined, settle() {} }),
  state: () => [{ rateKey: 'management', limit: 10, remaining: 4, inFlight: 2, waiting: 1 }],
}

const answer = (body: object) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describe('connect({ stores })', () => {
  it.each<[string, unknown, RegExp]>([
    ['no object', { stores: true }, /"stores" must be an object of tokens, limiter\. /],
    ['an unknown member', { stores: { token: tokens } }, /"stores\.token" is not an option\. Did you mean "tokens"\?/],
    [
      'half a cache',
      { stores: { tokens: { get() {} } } },
      /must have get\(\), set\(\) and delete\(\)\. Give it set\(\) and delete\(\)\./,
    ],
    ['a cache that is none', { stores: { tokens: null } }, /must have get\(\), set\(\) and delete\(\)/],
    [
      'a lock that is none',
      { stores: { tokens: { ...tokens, exclusive: true } } },
      /"stores\.tokens\.exclusive" must be a function/,
    ],
    [
      'a limiter that is none',
      { stores: { limiter } },
      /"stores\.limiter" must be a function .* Write \(tenant\) => limiter/,
    ],
    ['what opens no limiter', { stores: { limiter: () => undefined } }, /"stores\.limiter" opened no limiter/],
    ['a limiter and none', { stores: { limiter: () => limiter }, rateLimit: false }, /exclude each other/],
  ])('refuses %s', (_, options, message) => {
    expect(() => connect({ ...client, ...(options as ConnectOptions) })).toThrow(message)
  })

  it('refuses a cache beside a token of one’s own, which is never kept', () => {
    const { domain } = client
    expect(() => connect({ domain, token: 'eyJ', stores: { tokens } })).toThrow(/"token" and "stores.tokens" exclude/)
    expect(() => connect({ domain, token: 'eyJ', stores: { limiter: () => limiter } })).not.toThrow()
  })

  it('asks the cache for tokens, opens the limiter of the tenant, and shows its buckets', async () => {
    const kept = new Map<string, string>()
    const sent: string[] = []
    const opened: LimitedTenant[] = []
    const auth0 = connect({
      ...client,
      domain: 'login.example.com',
      tenantDomain: 'stores.example.com',
      transport(request) {
        sent.push(request.url)
        return request.url.endsWith('/oauth/token') ? answer({ access_token: 'eyJ', expires_in: 60 }) : answer([])
      },
      stores: {
        tokens: { ...tokens, set: async (key, { token }) => void kept.set(key, token) },
        limiter(tenant) {
          opened.push(tenant)
          return limiter
        },
      },
    })
    await auth0.roles.list().run()
    await auth0.as({ clientId: 'other', clientSecret: 'secret' }).roles.list().run()
    expect(opened.map(({ tenant }) => tenant)).toEqual(['stores.example.com'])
    expect([...kept.values()]).toEqual(['eyJ', 'eyJ'])
    expect(sent).toHaveLength(4)
    expect(auth0.limits().buckets).toEqual([{ rateKey: 'management', limit: 10, remaining: 4, queued: 1, inFlight: 2 }])
  })
})
