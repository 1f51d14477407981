import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { delegateSource, manualSource, noSource, type TokenRequest } from '../../src/tokens/index.ts'
import { environment, StillClock, TokenServer, take, unsigned } from './support.ts'

const again = { rejected: false }
const nobody = new TokenServer()

describe('a manual token', () => {
  it('is given as it is, with what it shows of itself', async () => {
    const clock = new StillClock()
    const expires = clock.now() / 1000 + 60
    const token = unsigned({ exp: expires, scope: 'read:users read:logs' })
    const source = manualSource(environment(nobody, clock), token)
    expect(await take(source.token(again))).toMatchObject({
      token,
      source: 'manual',
      expiresAt: expires * 1000,
      scopes: ['read:users', 'read:logs'],
    })
  })

  it('may be opaque', async () => {
    const bearer = await take(manualSource(environment(nobody, new StillClock()), 'opaque').token(again))
    expect(bearer).not.toHaveProperty('scopes')
    expect(bearer).not.toHaveProperty('expiresAt')
  })

  it('is refused before anything is sent once it has expired, with the time and the next step', async () => {
    const clock = new StillClock(Date.UTC(2026, 0, 1))
    const source = manualSource(environment(nobody, clock), unsigned({ exp: Date.UTC(2026, 0, 1, 1) / 1000 }))
    await take(source.token(again))
    clock.advance(3_600_000)
    await expect(take(source.token(again))).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/expired at 2026-01-01T01:00:00.000Z, and nothing was sent\. Connect with/),
    })
  })
})

describe('a first mistake with a manual token', () => {
  const from = (domain: string, claims: object) =>
    manualSource(
      { ...environment(nobody, new StillClock()), domain, audience: `https://${domain}/api/v2/` },
      unsigned(claims),
    ).token(again)

  it.each([
    [
      'another API',
      'a.eu.auth0.com',
      ['https://api.example.com'],
      /is for https:\/\/api\.example\.com, and not for the Management API/,
    ],
    [
      'the region',
      'a.eu.auth0.com',
      'https://a.us.auth0.com/api/v2/',
      /is for a\.us\.auth0\.com, and the domain is a\.eu\.auth0\.com/,
    ],
    ['user information', 'login.example.com', 'https://login.example.com/userinfo', /not for the Management API/],
  ])('is told before anything is sent: %s', async (_, domain, aud, sentence) => {
    await expect(take(from(domain, { aud }))).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(sentence),
    })
  })

  it.each([
    ['its own audience', 'a.eu.auth0.com', 'https://a.eu.auth0.com/api/v2/'],
    ["that of the tenant's own domain behind a custom one", 'login.example.com', 'https://a.eu.auth0.com/api/v2/'],
    ['one of several', 'a.eu.auth0.com', ['https://a.eu.auth0.com/userinfo', 'https://a.eu.auth0.com/api/v2/']],
    ['none', 'a.eu.auth0.com', undefined],
  ])('is none: %s', async (_, domain, aud) => {
    expect((await take(from(domain, { aud }))).source).toBe('manual')
  })
})

describe('a token function', () => {
  it('is asked for each request while it does not say how long a token holds', async () => {
    const asked: TokenRequest[] = []
    const env = environment(nobody, new StillClock())
    const source = delegateSource(env, (request) => `token-${asked.push(request)}`)
    expect((await take(source.token(again))).token).toBe('token-1')
    expect((await take(source.token(again))).token).toBe('token-2')
    expect(asked[0]).toMatchObject({ rejected: false, audience: env.audience })
    expect(asked[0]?.signal.aborted).toBe(false)
  })

  it.each([
    ['milliseconds', (at: number) => at],
    ['a Date', (at: number) => new Date(at)],
  ])('is asked again only when its time is over, given as %s', async (_, form) => {
    const clock = new StillClock()
    let count = 0
    const source = delegateSource(environment(nobody, clock), () => ({
      token: `token-${++count}`,
      expiresAt: form(clock.now() + 60_000),
    }))
    await take(source.token(again))
    clock.advance(49_000)
    expect((await take(source.token(again))).token).toBe('token-1')
    clock.advance(1000)
    const bearers = await Promise.all([take(source.token(again)), take(source.token(again))])
    expect(bearers.map((bearer) => bearer.token)).toEqual(['token-2', 'token-2'])
  })

  it('is told when Auth0 refused its token', async () => {
    const clock = new StillClock()
    const told: boolean[] = []
    const source = delegateSource(environment(nobody, clock), ({ rejected }) => {
      told.push(rejected)
      return { token: `token-${told.length}`, expiresAt: clock.now() + 60_000 }
    })
    await take(source.token(again))
    source.drop('token-1')
    expect((await take(source.token({ rejected: true }))).token).toBe('token-2')
    expect((await take(source.token(again))).token).toBe('token-2')
    expect(told).toEqual([false, true])
  })

  it('has its signal aborted when the plan is cancelled', async () => {
    let signal: AbortSignal | undefined
    const source = delegateSource(environment(nobody, new StillClock()), (request) => {
      signal = request.signal
      return new Promise<string>(() => {})
    })
    source.token(again).subscribe({}).unsubscribe()
    expect(signal?.aborted).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a text with blanks', 'Bearer abc'],
    ['a time without a token', { expiresAt: 5 }],
    ['a time that is none', { token: 'abc', expiresAt: 'tomorrow' }],
  ])('that brings %s is told what it must bring', async (_, answer) => {
    const source = delegateSource(environment(nobody, new StillClock()), () => answer as never)
    await expect(take(source.token(again))).rejects.toThrow(/brought no usable token\. It must return/)
  })

  it('that throws is named, with what it said', async () => {
    const source = delegateSource(environment(nobody, new StillClock()), () => {
      throw new Error('The vault is sealed.')
    })
    await expect(take(source.token(again))).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('failed: The vault is sealed. Nothing was sent to the Management API'),
      cause: expect.objectContaining({ message: 'The vault is sealed.' }),
    })
  })
})

describe('no credentials', () => {
  it('say what is missing', async () => {
    await expect(take(noSource(environment(nobody, new StillClock())).token(again))).rejects.toThrow(
      /needs a Management API token.*Connect with clientId and clientSecret/,
    )
  })
})

describe('client authentication', () => {
  const client = { clientId: 'own', clientSecret: 'canary-own' }
  const other = { clientId: 'other', clientSecret: 'canary-other' }

  it('is the plan’s application, else the session’s, else nobody’s', async () => {
    const env = environment(nobody, new StillClock())
    for (const source of [
      manualSource(env, 't', client),
      delegateSource(env, () => 't', client),
      noSource(env, client),
    ]) {
      expect(await source.clientFields(undefined)).toEqual({ client_id: 'own', client_secret: 'canary-own' })
      expect(await source.clientFields(other)).toEqual({ client_id: 'other', client_secret: 'canary-other' })
      expect(inspect(source, { depth: null, showHidden: true }) + JSON.stringify(source)).not.toMatch(/canary/)
    }
    expect(await noSource(env).clientFields(undefined)).toEqual({})
    expect(await noSource(env, { clientId: 'public' }).clientFields(undefined)).toEqual({ client_id: 'public' })
  })
})
