import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CachedToken, TokenCache } from '../../src/tokens/index.ts'
import { clientCredentialsSource } from '../../src/tokens/index.ts'
import { environment, ok, refusal, StillClock, TokenServer, take } from './support.ts'

const credentials = { clientId: 'application', clientSecret: 'canary-client-secret' }
const again = { rejected: false }

/** A store as another machine would have it: it answers later, and keeps copies. */
class DistantCache implements TokenCache {
  readonly entries = new Map<string, string>()
  readonly calls: string[] = []
  failing = false

  async get(key: string): Promise<CachedToken | undefined> {
    await this.#answer('get')
    const text = this.entries.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as CachedToken)
  }

  async set(key: string, token: CachedToken): Promise<void> {
    await this.#answer('set')
    this.entries.set(key, JSON.stringify(token))
  }

  async delete(key: string, token: string): Promise<void> {
    await this.#answer('delete')
    if (this.entries.get(key)?.includes(`"${token}"`)) this.entries.delete(key)
  }

  async #answer(name: string): Promise<void> {
    this.calls.push(name)
    await Promise.resolve()
    if (this.failing) throw new Error('connect ECONNREFUSED redis://me:canary-password@10.0.0.1 for canary-token')
  }
}

/** What another process sees of the same store: nothing of this process's memory. */
const elsewhere = (cache: TokenCache): TokenCache => ({
  get: (key) => cache.get(key),
  set: (key, token) => cache.set(key, token),
  delete: (key, token) => cache.delete(key, token),
  ...(cache.exclusive && { exclusive: (key, work, signal) => cache.exclusive?.(key, work, signal) as Promise<void> }),
})

/** Lets one after the other have its turn. */
function withTurns(cache: DistantCache): TokenCache & { readonly turns: string[] } {
  let last: Promise<unknown> = Promise.resolve()
  const turns: string[] = []
  return {
    ...elsewhere(cache),
    turns,
    exclusive(key, work) {
      turns.push(key)
      const turn = last.then(work)
      last = turn.catch(() => {})
      return turn
    },
  }
}

let warned: { mock: { calls: unknown[][] } }
beforeEach(() => {
  warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const warnings = () => warned.mock.calls.map(([message]) => String(message))

function setting(...answers: Parameters<TokenServer['answers']>) {
  const server = new TokenServer().answers(...answers)
  const cache = new DistantCache()
  const clock = new StillClock()
  const env = environment(server, clock)
  const source = (shared: TokenCache = cache) => clientCredentialsSource({ ...env, cache: shared }, credentials)
  return { server, cache, clock, env, source }
}

describe('a cache that several processes share', () => {
  it('brings the token that another process fetched, and its scopes', async () => {
    const { server, cache, source } = setting(ok('t1', { expires_in: 3600, scope: 'read:users' }))
    expect(await take(source().token(again))).toMatchObject({ token: 't1', source: 'request' })
    const other = await take(source(elsewhere(cache)).token(again))
    expect(other).toMatchObject({ token: 't1', source: 'cache', scopes: ['read:users'] })
    expect(server.asked).toHaveLength(1)
  })

  it('is asked by a key that shows nothing', async () => {
    const { cache, source, env } = setting(ok('t1'))
    await take(source().token(again))
    const [key = ''] = cache.entries.keys()
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(key).not.toContain(env.domain)
  })

  it('is asked once: afterwards a token passes synchronously', async () => {
    const { cache, source } = setting(ok('t1'))
    await take(source().token(again))
    cache.calls.length = 0
    let token: string | undefined
    source()
      .token(again)
      .subscribe({ next: (bearer) => (token = bearer.token) })
    expect(token).toBe('t1')
    expect(cache.calls).toEqual([])
  })

  it('is asked once for all plans that wait', async () => {
    const { server, cache, source } = setting(ok('t1'))
    await Promise.all(Array.from({ length: 9 }, () => take(source().token(again))))
    expect(cache.calls).toEqual(['get', 'set'])
    expect(server.asked).toHaveLength(1)
  })

  it('has one process fetch and the others wait for it, where the store gives turns', async () => {
    const { server, cache, source } = setting(ok('t1'))
    const turns = withTurns(cache)
    const tokens = await Promise.all([1, 2, 3].map(() => take(source(elsewhere(turns)).token(again))))
    expect(tokens.map(({ token }) => token)).toEqual(['t1', 't1', 't1'])
    expect(turns.turns).toHaveLength(3)
    expect(server.asked).toHaveLength(1)
  })

  it('has each process fetch its own where it gives none', async () => {
    const { server, cache, source } = setting(ok('t1'), ok('t2'))
    await Promise.all([1, 2].map(() => take(source(elsewhere(cache)).token(again))))
    expect(server.asked).toHaveLength(2)
  })

  it('tells the error of the request, and gives the turn back', async () => {
    const { cache, source } = setting(refusal(403, 'access_denied', 'No grant'), ok('t2'))
    const turns = withTurns(cache)
    await expect(take(source(elsewhere(turns)).token(again))).rejects.toThrow('No grant')
    expect((await take(source(elsewhere(turns)).token(again))).token).toBe('t2')
    expect(warnings()).toEqual([])
  })

  it('is renewed before expiry, by whoever comes first', async () => {
    const { server, cache, clock, source } = setting(ok('t1', { expires_in: 3600 }), ok('t2', { expires_in: 3600 }))
    await take(source().token(again))
    clock.advance(3_590_000)
    expect((await take(source().token(again))).token).toBe('t2')
    expect((await take(source(elsewhere(cache)).token(again))).token).toBe('t2')
    expect(server.asked).toHaveLength(2)
  })

  it('keeps keys that no other process can have, and times of another clock, to this process', async () => {
    const { env, cache } = setting()
    const server = new TokenServer().answers(ok('t1'), ok('t2'))
    for (const clock of [new StillClock(), new StillClock()]) {
      await take(clientCredentialsSource({ ...env, clock, send: server.send, cache }, credentials).token(again))
    }
    expect(cache.entries.size).toBe(2)
  })
})

describe('a token that the tenant refused', () => {
  it('is gone from the store, and the next one takes its place', async () => {
    const { cache, source } = setting(ok('t1'), ok('t2'))
    await take(source().token(again))
    source().drop('t1')
    expect((await take(source().token({ rejected: true }))).token).toBe('t2')
    expect([...cache.entries.values()].join()).toContain('"t2"')
  })

  it('leaves the newer one alone that another process has put there', async () => {
    const { server, cache, source } = setting(ok('t1'), ok('t2'))
    const [here, there] = [elsewhere(cache), elsewhere(cache)]
    await take(source(here).token(again))
    await take(source(there).token(again))
    source(there).drop('t1')
    await take(source(there).token({ rejected: true }))
    source(here).drop('t1')
    expect(await take(source(here).token({ rejected: true }))).toMatchObject({ token: 't2', source: 'cache' })
    expect(server.asked).toHaveLength(2)
  })

  it('is not taken from a store that will not let it go', async () => {
    const { cache, source } = setting(ok('t1'), ok('t2'))
    const stubborn = { ...elsewhere(cache), delete: () => Promise.reject(new Error('read-only')) }
    await take(source(stubborn).token(again))
    source(stubborn).drop('t1')
    expect((await take(source(stubborn).token({ rejected: true }))).token).toBe('t2')
    expect(warnings()).toEqual([expect.stringContaining('failed in delete(): read-only.')])
  })
})

describe('a store that fails', () => {
  it('costs a token, not the run, and is told once until it has worked again, without secrets', async () => {
    const { server, cache, clock, source } = setting(ok('canary-token'), ok('t2'), ok('t3'), ok('t4'))
    cache.failing = true
    await take(source().token(again))
    clock.advance(90_000_000)
    await take(source().token(again))
    expect(server.asked).toHaveLength(2)
    expect(warnings()).toEqual([
      expect.stringMatching(/^The store of tokens .* failed in get\(\): .* A token that is not found is fetched/),
      expect.stringMatching(/failed in set\(\)/),
    ])
    expect(warnings().join()).not.toMatch(/canary-password/)
    expect(warnings()[1]).not.toMatch(/canary-token/)
    cache.failing = false
    clock.advance(90_000_000)
    await take(source().token(again))
    cache.failing = true
    clock.advance(90_000_000)
    await take(source().token(again))
    expect(warnings()).toHaveLength(4)
  })

  it.each([
    ['a text', 'eyJ'],
    ['a token that would break out of its header', { token: 'a\r\nhost: evil' }],
    ['no time', { token: 't0', expiresAt: 'tomorrow' }],
  ])('is not believed when it answers %s', async (_, answer) => {
    const { source } = setting(ok('t1'))
    const cache = { get: () => answer as CachedToken, set() {}, delete() {} }
    expect((await take(source(cache).token(again))).token).toBe('t1')
    expect(warnings()).toEqual([expect.stringContaining('it answered something that is no token')])
  })

  it('is not waited for longer than three seconds', async () => {
    vi.useFakeTimers()
    const { source } = setting(ok('t1'))
    const cache = { get: () => new Promise<never>(() => {}), set() {}, delete() {} }
    const token = take(source(cache).token(again))
    await vi.advanceTimersByTimeAsync(2999)
    expect(warnings()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect((await token).token).toBe('t1')
    expect(warnings()).toEqual([expect.stringContaining('no answer within 3 seconds')])
  })

  it('goes on without a turn after ten seconds, and does the work once though the turn comes later', async () => {
    vi.useFakeTimers()
    const { server, cache, source } = setting(ok('t1'))
    let late: (() => Promise<void>) | undefined
    const exclusive = (_: string, work: () => Promise<void>) => {
      late = work
      return new Promise<void>(() => {})
    }
    const token = take(source({ ...elsewhere(cache), exclusive }).token(again))
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await token).token).toBe('t1')
    await late?.()
    expect(server.asked).toHaveLength(1)
    expect(warnings()).toEqual([expect.stringContaining('failed in exclusive(): no answer within 10 seconds')])
  })

  it.each([
    ['that cannot be had', () => Promise.reject(new Error('no lock'))],
    ['that settles without the work', () => Promise.resolve()],
    [
      'that cannot be given back',
      async (_: string, work: () => Promise<void>) => {
        await work()
        throw new Error('connection lost')
      },
    ],
  ])('fetches the token although it has a lock %s', async (_, exclusive) => {
    const { server, cache, source } = setting(ok('t1'))
    expect((await take(source({ ...elsewhere(cache), exclusive }).token(again))).token).toBe('t1')
    await vi.waitFor(() => expect(warnings()).toEqual([expect.stringContaining('failed in exclusive()')]))
    expect(server.asked).toHaveLength(1)
  })

  it('is let go of with the last plan that waits', async () => {
    const { server, cache, source } = setting()
    let signal: AbortSignal | undefined
    const exclusive = (_: string, __: unknown, aborted: AbortSignal) => {
      signal = aborted
      return new Promise<void>(() => {})
    }
    const waiting = source({ ...elsewhere(cache), exclusive })
      .token(again)
      .subscribe({})
    await vi.waitFor(() => expect(signal).toBeDefined())
    waiting.unsubscribe()
    expect(signal?.aborted).toBe(true)
    expect(server.asked).toHaveLength(0)
    expect(warnings()).toEqual([])
  })
})
