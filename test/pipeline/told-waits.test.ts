import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { limiterFor } from '../../src/pipeline/index.ts'
import { planData, systemClock, type TenantlabError } from '../../src/plan/index.ts'
import { connect } from '../../src/session/index.ts'
import { DelegateSource } from '../../src/tokens/delegate.ts'
import type { TokenEnvironment } from '../../src/tokens/index.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { parseRetryAfter } from '../../src/wire/answer-headers.ts'
import { parseRateLimit, ServerTime, type Transport } from '../../src/wire/index.ts'
import { SwiftClock } from './clock.ts'
import { json, loopback, pipelineOn, towards } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
const POST = planData({ op: 'roles.create', body: { name: 'x' } })

/** Waits that no server means: too short, in the past, or no time at all. */
const TOO_SHORT: readonly (readonly [string, Record<string, string>])[] = [
  ['0', { 'retry-after': '0' }],
  ['-1', { 'retry-after': '-1' }],
  ['a date in the past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }],
  ['NaN', { 'retry-after': 'NaN' }],
  ['a fraction', { 'retry-after': '0.001' }],
  ['a reset in the past', { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }],
  ['a negative reset', { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '-5' }],
]
const TOO_LONG: readonly (readonly [string, Record<string, string>])[] = [
  ['61 seconds', { 'retry-after': '61' }],
  ['a day', { 'retry-after': '86400' }],
  ['no number that a date can hold', { 'retry-after': '99999999999999999999' }],
  ['the year 9999', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }],
  ['a reset in milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1999999999000' }],
]

const failure = async (execution: { outcome(): Promise<unknown> }) =>
  ((await execution.outcome()) as { error?: TenantlabError & { retryAt?: number } }).error

describe('C1 a wait that the server tells', () => {
  it.each([503, 429].flatMap((status) => TOO_SHORT.map(([name, headers]) => ({ status, name, headers }))))(
    'of $name with $status is no shorter than a back-off, and the attempts are counted',
    async ({ status, headers }) => {
      const server = await loopback((_, reply) => json(reply, status, {}, headers))
      const clock = new SwiftClock()
      const began = clock.now()
      const pipeline = pipelineOn(server.transport, { clock, random: () => 0.5 })
      const error = await failure(pipeline.execute(GET))
      expect(error).toBeDefined()
      expect(server.seen.length).toBeLessThanOrEqual(10)
      expect(clock.now() - began, 'the deadline always holds').toBeLessThan(30_000)
      // 0.5, 1, 2, 4 seconds, half of each.
      const pauses = clock.waits.filter((ms) => ms >= 250)
      expect(pauses.length).toBeGreaterThanOrEqual(server.seen.length - 1)
    },
  )

  it.each(TOO_SHORT)('of %s holds the deadline on the real clock', async (_, headers) => {
    const server = await loopback((_, reply) => json(reply, 429, {}, headers))
    const error = await failure(pipelineOn(server.transport, { timeout: 300, tenant: 'c1.example' }).execute(POST))
    expect(error?.kind).toMatch(/rate_limit|timeout/)
    expect(server.seen.length).toBeLessThanOrEqual(10)
    // The time that it advises is not the one that it had.
    const advised = /timeout: (\d+)/.exec(error?.message ?? '')?.[1]
    if (advised !== undefined) expect(Number(advised)).toBeGreaterThan(300)
  })

  it.each(TOO_LONG)('of %s fails at once and says when to come back', async (_, headers) => {
    for (const status of 'retry-after' in headers ? [429, 503] : [429]) {
      const server = await loopback((_, reply) => json(reply, status, {}, headers))
      const clock = new SwiftClock(1_000_000)
      const error = await failure(pipelineOn(server.transport, { clock, timeout: 9_000_000 }).execute(POST))
      expect(server.seen).toHaveLength(1)
      expect(error).toMatchObject({ status, applied: 'no' })
      expect(error?.retryAt).toBeGreaterThan(clock.now() + 60_000)
      expect(error?.message).toMatch(/no longer than a minute/)
    }
  })

  it('is spread, so that a crowd does not come back at once', async () => {
    const waits = new Set<number>()
    for (const random of [0, 0.3, 0.9]) {
      const server = await loopback((_, reply, count) =>
        count === 1 ? json(reply, 429, {}, { 'retry-after': '2' }) : json(reply, 200, {}),
      )
      const execution = pipelineOn(server.transport, { clock: new SwiftClock(), random: () => random }).execute(GET)
      execution.events.subscribe({ next: (event) => event.kind === 'retry' && waits.add(event.delay) })
      await execution
    }
    expect(waits.size).toBe(3)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2000)
  })
})

describe('C2 the clocks of server and machine', () => {
  it.each([15_000, -15_000, 120_000, -120_000])(
    'differ by %d ms: a reset is waited for as long as it takes',
    async (ahead) => {
      // Two requests per second, as a tenant with another clock would tell it.
      let window = 0
      let count = 0
      const server = await loopback((_, reply) => {
        const now = Date.now() + ahead
        const second = Math.floor(now / 1000)
        if (second !== window) [window, count] = [second, 0]
        count += 1
        const headers = {
          date: new Date(now).toUTCString(),
          'x-ratelimit-limit': '2',
          'x-ratelimit-remaining': String(Math.max(0, 2 - count)),
          'x-ratelimit-reset': String(second + 1),
        }
        json(reply, count > 2 ? 429 : 200, {}, headers)
      })
      const tenant = `c2-${ahead}.example`
      const pipeline = pipelineOn(server.transport, { tenant, limiter: limiterFor(tenant) })
      const waits: number[] = []
      const runs = [1, 2, 3, 4, 5].map((id) =>
        pipeline.execute(planData({ op: 'users.get', params: { id: String(id) } })),
      )
      for (const run of runs) {
        run.events.subscribe({ next: (event) => event.kind === 'wait' && waits.push(event.ms ?? 0) })
      }
      await Promise.all(runs)
      expect(Math.max(...waits)).toBeLessThan(3000)
    },
  )

  it('bounds the difference by every answer, and takes clocks that may agree to agree', () => {
    const time = new ServerTime()
    const at = Date.parse('2026-03-01T12:00:00Z')
    time.heard(new Date(at).toUTCString(), at + 400, at + 450)
    expect(time.ahead).toBe(0)
    const behind = new ServerTime()
    behind.heard(new Date(at - 20_000).toUTCString(), at + 300, at + 350)
    behind.heard(new Date(at - 19_000).toUTCString(), at + 1010, at + 1060)
    expect(behind.ahead).toBe(-20_060)
    behind.heard('no date', at, at)
    expect(behind.ahead).toBe(-20_060)
  })

  it('a reset that lies far away is believed for a minute', async () => {
    const server = await loopback((_, reply) =>
      json(
        reply,
        200,
        {},
        { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
      ),
    )
    const clock = new SwiftClock(100_000)
    const pipeline = pipelineOn(server.transport, { clock, timeout: 200_000 })
    await pipeline.execute(GET)
    await pipeline.execute(GET)
    expect(clock.waits).toContain(60_000)
  })

  it('reads a Retry-After and a reset by the clock of the server', () => {
    const now = Date.parse('2026-03-01T12:00:00Z')
    expect(parseRetryAfter(new Date(now + 125_000).toUTCString(), now + 120_000)).toBe(5000)
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((now + 125_000) / 1000) }
    expect(parseRateLimit(headers, now, 120_000)?.resetAt).toBe(now + 5000)
  })
})

describe('C3 what no time heals', () => {
  const codes = [
    'ENOTFOUND',
    'EAI_AGAIN',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_INVALID_URL',
    'ERR_INVALID_CHAR',
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ]
  it.each(codes)('%s is told after one attempt', async (code) => {
    let asked = 0
    const auth0 = connect({
      domain: `${code.toLowerCase().replaceAll('_', '-')}.example`,
      token: 'x',
      transport: async () => {
        asked += 1
        throw Object.assign(new Error('no'), { code })
      },
    })
    expect(await failure(auth0.users('u').get().run())).toMatchObject({ kind: 'network', attempts: 1, code })
    expect(asked).toBe(1)
  })

  it('a host that no name server knows fails at once, its token request too', async () => {
    const auth0 = connect({ domain: 'my-tennant.eu.auth0.invalid', clientId: 'c', clientSecret: 's' })
    expect(await failure(auth0.users('u').get().run())).toMatchObject({ kind: 'network', applied: 'no' })
  })

  it('a port that speaks no HTTP fails at once', async () => {
    const { createServer: plain } = await import('node:net')
    const sockets: Socket[] = []
    const server = plain((socket) => {
      sockets.push(socket)
      socket.on('error', () => {}).write('220 ready\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const environment = { domain: 'no-http.example', audience: 'https://no-http.example/api/v2/' }
    const transport = undiciTransport()
    const there: Transport = (request) => transport({ ...request, url: `http://127.0.0.1:${port}/` })
    const error = await failure(pipelineOn(there, { environment }).execute(GET))
    for (const socket of sockets) socket.destroy()
    server.close()
    expect(error).toMatchObject({ kind: 'network', attempts: 1 })
  })

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('%s of a name that resolved before is tried again', async (code) => {
    let asked = 0
    const auth0 = connect({
      domain: `resolved-${code.toLowerCase().replace('_', '-')}.example`,
      token: 'x',
      retry: { initialDelay: 1 },
      transport: async () => {
        asked += 1
        if (asked === 2) throw Object.assign(new Error('no'), { code })
        return { status: 200, headers: {}, body: '{}' }
      },
    })
    await auth0.users('u').get().run()
    await auth0.users('u').get().run()
    expect(asked).toBe(3)
  })
})

describe('C9 one blip while somebody is asked', () => {
  const answers: Record<string, () => { status: number; body: string }> = {
    pending: () => ({ status: 403, body: JSON.stringify({ error: 'authorization_pending' }) }),
    slow: () => ({ status: 403, body: JSON.stringify({ error: 'slow_down' }) }),
    502: () => ({ status: 502, body: '<html>Bad gateway</html>' }),
    408: () => ({ status: 408, body: '' }),
    cut: () => {
      throw Object.assign(new Error('cut'), { code: 'ECONNRESET' })
    },
    empty: () => ({ status: 200, body: '' }),
    nothing: () => ({ status: 204, body: '' }),
    html: () => ({ status: 200, body: '<html>A proxy</html>' }),
    half: () => ({ status: 200, body: '{"access_token":"t",' }),
    denied: () => ({ status: 403, body: JSON.stringify({ error: 'access_denied' }) }),
    token: () => ({ status: 200, body: JSON.stringify({ access_token: 't', expires_in: 60 }) }),
  }
  const poll = (script: string[], timeout?: number) => {
    let asked = 0
    const clock = new SwiftClock(600_000)
    const transport = () => ({
      subscribe(observer: { next?(reply: unknown): void; error?(error: unknown): void; complete?(): void }) {
        try {
          const give = answers[script[Math.min(asked++, script.length - 1)] as string] as () => object
          observer.next?.({ headers: {}, ...give() })
          observer.complete?.()
        } catch (error) {
          observer.error?.(error)
        }
        return { unsubscribe() {} }
      },
    })
    const plan = planData({
      op: 'authentication.token',
      body: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'd' },
      repeat: { kind: 'poll', until: 'grant', every: 5000, ...(timeout !== undefined && { timeout }) },
    })
    const auth0 = connect({
      domain: 'c9.example',
      clock,
      transport: transport as never,
      clientId: 'c',
      idToken: false,
    } as never)
    const execution = auth0.run(plan)
    const waits: number[] = []
    execution.events.subscribe({
      next: (event) => event.kind === 'wait' && event.reason === 'poll' && waits.push(event.ms ?? 0),
      error() {},
    })
    return { execution, waits, count: () => asked }
  }

  it.each([
    [
      ['pending', '502', 'token'],
      [5000, 10_000],
    ],
    [
      ['502', 'pending', 'token'],
      [10_000, 10_000],
    ],
    [
      ['pending', 'cut', 'pending', 'token'],
      [5000, 10_000, 10_000],
    ],
    [
      ['408', '408', 'token'],
      [10_000, 20_000],
    ],
    [
      ['slow', '502', 'token'],
      [10_000, 20_000],
    ],
    [
      ['pending', 'empty', 'half', 'token'],
      [5000, 10_000, 20_000],
    ],
    [
      ['pending', 'nothing', 'pending', 'half', 'token'],
      [5000, 10_000, 10_000, 20_000],
    ],
    [
      ['pending', 'html', 'slow', 'token'],
      [5000, 10_000, 15_000],
    ],
    [
      ['502', '502', '502', '502', '502', 'token'],
      [10_000, 20_000, 40_000, 60_000, 60_000],
    ],
  ])('%j asks less often and goes on', async (script, expected) => {
    const { execution, waits } = poll(script)
    expect(await execution).toMatchObject({ access_token: 't' })
    expect(waits).toEqual(expected)
  })

  it('ends with what no asking changes, and when nothing but failures come', async () => {
    expect(await failure(poll(['pending', 'denied']).execution)).toMatchObject({ code: 'access_denied' })
    const dead = poll(['502'])
    expect(await failure(dead.execution)).toMatchObject({ status: 502 })
    expect(dead.count()).toBe(10)
  })

  it('X19 keeps a shortest pause, whatever a plan from JSON says', async () => {
    const every = await poll(['pending', 'token']).waits
    expect(every).toBeDefined()
    const auth0 = connect({
      domain: 'x19.example',
      clientId: 'c',
      idToken: false,
      transport: async () => answers.pending!(),
    } as never)
    const plan = planData({
      op: 'authentication.token',
      body: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'd' },
      repeat: { kind: 'poll', until: 'grant', every: 0, timeout: 250 },
    })
    expect(await failure(auth0.run(plan))).toMatchObject({ kind: 'timeout', attempts: 3 })
  })
})

describe('C31 limits of numbers', () => {
  it.each([2 ** 31, 3e9, 1e12])('X11 a wait of %d ms does not end at once', async (ms) => {
    let fired = false
    const cancel = systemClock.after(ms, () => {
      fired = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(fired).toBe(false)
    cancel()
  })

  it('X11 a long timeout of a plan is one', async () => {
    const server = createServer((_, reply) => setTimeout(() => reply.end('{}'), 30))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const pipeline = pipelineOn(towards(`http://127.0.0.1:${port}`))
    expect(await pipeline.execute(planData({ ...POST, options: { timeout: 3e9 } })).outcome()).toMatchObject({
      status: 'ok',
    })
    server.close()
  })

  it.each([
    ['seconds', (now: number) => Math.floor(now / 1000) + 3600],
    ['milliseconds', (now: number) => now + 3_600_000],
    ['a date', (now: number) => new Date(now + 3_600_000)],
  ])('a function that tells the expiry in %s is asked once', async (_, expiresAt) => {
    let asked = 0
    const environment = { clock: systemClock, domain: 'd', audience: 'a' } as TokenEnvironment
    const source = new DelegateSource(environment, () => {
      asked += 1
      return { token: 'x', expiresAt: expiresAt(Date.now()) }
    })
    const get = () =>
      new Promise<{ expiresAt?: number }>((next, error) => source.token({ rejected: false }).subscribe({ next, error }))
    const { expiresAt: kept } = await get()
    await get()
    expect(asked).toBe(1)
    expect(Math.abs((kept ?? 0) - Date.now() - 3_600_000)).toBeLessThan(2000)
  })
})
