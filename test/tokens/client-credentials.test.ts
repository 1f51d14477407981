import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clientCredentialsSource } from '../../src/tokens/index.ts'
import { environment, ok, refusal, StillClock, TokenServer, take, unsigned } from './support.ts'

const credentials = { clientId: 'application', clientSecret: 'canary-client-secret' }
const again = { rejected: false }

function fields(server: TokenServer, request = 0): Readonly<Record<string, string>> {
  const body = server.asked[request]?.body
  return body?.kind === 'form' ? body.fields : {}
}

describe('client credentials', () => {
  it('asks the tenant as the documentation says', async () => {
    const server = new TokenServer().answers(ok('t1'))
    const env = environment(server, new StillClock(), { organization: 'org_1' })
    await take(clientCredentialsSource(env, credentials).token(again))
    expect(server.asked[0]).toMatchObject({ method: 'POST', origin: `https://${env.domain}`, path: '/oauth/token' })
    expect(fields(server)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'application',
      client_secret: 'canary-client-secret',
      audience: env.audience,
      organization: 'org_1',
    })
  })

  it('spends one token for many sources of the same application, also for one made later', async () => {
    const server = new TokenServer().answers(ok('t1'))
    const env = environment(server, new StillClock())
    const first = await take(clientCredentialsSource(env, credentials).token(again))
    const second = await take(clientCredentialsSource({ ...env }, { ...credentials }).token(again))
    expect([first.source, second.source]).toEqual(['request', 'cache'])
    expect(second.token).toBe('t1')
    expect(server.asked).toHaveLength(1)
  })

  it('gives a cached token synchronously', async () => {
    const server = new TokenServer().answers(ok('t1'))
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    await take(source.token(again))
    let token: string | undefined
    source.token(again).subscribe({ next: (bearer) => (token = bearer.token) })
    expect(token).toBe('t1')
  })

  it.each([
    ['secret', {}, { clientSecret: 'another' }],
    ['application', {}, { clientId: 'other' }],
    ['audience', { audience: 'https://api.example.com/' }, {}],
    ['organization', { organization: 'org_2' }, {}],
  ])('keeps tokens apart by %s', async (_, env, client) => {
    const server = new TokenServer().answers(ok('t1'), ok('t2'))
    const clock = new StillClock()
    const first = environment(server, clock)
    await take(clientCredentialsSource(first, credentials).token(again))
    const other = clientCredentialsSource({ ...first, ...env }, { ...credentials, ...client })
    expect((await take(other.token(again))).token).toBe('t2')
  })

  it('keeps the tokens of two clocks apart, since their times mean different things', async () => {
    const server = new TokenServer().answers(ok('t1'), ok('t2'))
    const env = environment(server, new StillClock())
    await take(clientCredentialsSource(env, credentials).token(again))
    const other = clientCredentialsSource({ ...env, clock: new StillClock() }, credentials)
    expect((await take(other.token(again))).token).toBe('t2')
  })

  it('asks once for all plans that wait at the same time', async () => {
    const server = new TokenServer().answers(ok('t1'))
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => take(source.token(again))))
    expect(new Set(tokens.map((bearer) => bearer.token))).toEqual(new Set(['t1']))
    expect(server.asked).toHaveLength(1)
  })

  it('goes on for the others when one plan is cancelled, and lets go when all are', async () => {
    const server = new TokenServer().answers(ok('t1'))
    server.held = true
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    const cancelled = source.token(again).subscribe({ next: () => expect.unreachable() })
    const waiting = take(source.token(again))
    await Promise.resolve()
    cancelled.unsubscribe()
    server.release()
    expect((await waiting).token).toBe('t1')

    source.drop('t1')
    const last = source.token(again).subscribe({})
    await Promise.resolve()
    last.unsubscribe()
    expect(server.aborted).toBe(1)
  })

  it('renews ten seconds before expiry', async () => {
    const server = new TokenServer().answers(ok('t1', { expires_in: 3600 }), ok('t2'))
    const clock = new StillClock()
    const source = clientCredentialsSource(environment(server, clock), credentials)
    await take(source.token(again))
    clock.advance(3_589_000)
    expect((await take(source.token(again))).token).toBe('t1')
    clock.advance(1000)
    expect((await take(source.token(again))).token).toBe('t2')
  })

  it('does not ask for every call when a token lives shorter than the leeway', async () => {
    const server = new TokenServer().answers(ok('t1', { expires_in: 8 }))
    const clock = new StillClock()
    const source = clientCredentialsSource(environment(server, clock), credentials)
    await take(source.token(again))
    clock.advance(5000)
    await take(source.token(again))
    expect(server.asked).toHaveLength(1)
  })

  it('forgets a token that was refused, and only that one', async () => {
    const server = new TokenServer().answers(ok('t1'), ok('t2'))
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    await take(source.token(again))
    source.drop('another')
    expect((await take(source.token(again))).token).toBe('t1')
    source.drop('t1')
    expect((await take(source.token({ rejected: true }))).token).toBe('t2')
  })

  it('remembers a bad secret for half a minute, and says that it sent nothing', async () => {
    const refused = refusal(401, 'access_denied', 'Unauthorized')
    const server = new TokenServer().answers(refused, refused)
    const clock = new StillClock()
    const source = clientCredentialsSource(environment(server, clock), credentials)
    await expect(take(source.token(again))).rejects.toMatchObject({ kind: 'api', status: 401 })
    clock.advance(12_000)
    await expect(take(source.token(again))).rejects.toMatchObject({
      status: 401,
      attempts: 0,
      message: expect.stringMatching(/12 s ago and nothing was sent now; correct the credential, or wait 18 s/),
    })
    expect(server.asked).toHaveLength(1)
    clock.advance(18_000)
    await expect(take(source.token(again))).rejects.toMatchObject({ status: 401 })
    expect(server.asked).toHaveLength(2)
  })

  it.each([
    ['a missing grant', refusal(403, 'access_denied', 'Client is not authorized')],
    ['a fault of the server', refusal(500, 'server_error', 'Oops')],
    ['a broken connection', new Error('reset')],
  ])('does not remember %s', async (_, failure) => {
    const server = new TokenServer().answers(failure, ok('t2'))
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    await expect(take(source.token(again))).rejects.toThrow()
    expect((await take(source.token(again))).token).toBe('t2')
  })

  it('keeps what the answer told about quotas', async () => {
    const clock = new StillClock()
    const server = new TokenServer().answers(
      ok('t1', { expires_in: 60 }, { 'auth0-client-quota-limit': 'b=per_hour;q=10;r=7;t=3540' }),
    )
    const env = environment(server, clock)
    await take(clientCredentialsSource(env, credentials).token(again))
    expect(clientCredentialsSource(env, credentials).quotas().client).toEqual([
      { bucket: 'per_hour', quota: 10, remaining: 7, resetAt: clock.now() + 3_540_000 },
    ])
  })

  it('tells the scopes of the answer, else of the token', async () => {
    const server = new TokenServer().answers(
      ok('opaque', { expires_in: 60, scope: 'read:users read:clients' }),
      ok(unsigned({ scope: 'read:logs' })),
    )
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    expect((await take(source.token(again))).scopes).toEqual(['read:users', 'read:clients'])
    source.drop('opaque')
    expect((await take(source.token(again))).scopes).toEqual(['read:logs'])
  })

  it('says what is wrong with an answer that holds no token', async () => {
    const page = { status: 200, headers: {}, body: '<html>welcome</html>' }
    const server = new TokenServer().answers(page)
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    await expect(take(source.token(again))).rejects.toThrow(/answered 200 without an access_token\. Check/)
  })

  it('prints neither secret nor token, and neither do its errors and the shared cache', async () => {
    const server = new TokenServer().answers(ok('canary-token'), refusal(401, 'access_denied', 'Unauthorized'))
    const source = clientCredentialsSource(environment(server, new StillClock()), credentials)
    await take(source.token(again))
    source.drop('other')
    const bad = clientCredentialsSource(environment(server, new StillClock()), credentials)
    const error = await take(bad.token(again)).catch((reason: unknown) => reason)
    const shared = (globalThis as Record<symbol, unknown>)[Symbol.for('tenantlab.tokens')]
    for (const value of [source, error, shared, bad]) {
      const printed = [inspect(value, { depth: null, showHidden: true }), JSON.stringify(value), String(value)].join()
      expect(printed).not.toMatch(/canary/)
    }
    expect(Object.keys(globalThis)).not.toContain('tenantlab.tokens')
  })
})
