import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  ApiError,
  NetworkError,
  planData,
  QuotaExceededError,
  RateLimitError,
  TimeoutError,
} from '../../src/plan/index.ts'
import { SwiftClock } from './clock.ts'
import { type Answer, eventsOf, json, loopback, pipelineOn, tokensOf, towards } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
const DELETE = planData({ op: 'users.delete', params: { id: '1' } })
const PATCH = planData({ op: 'users.update', params: { id: '1' }, body: { blocked: true } })
const POST = planData({ op: 'users.create', body: { connection: 'db', email: 'a@example.com' } })
const token = (grant_type: string) => planData({ op: 'authentication.token', body: { grant_type } })

const REQUESTS = {
  GET,
  DELETE,
  PATCH,
  POST,
  'client_credentials grant': token('client_credentials'),
  'password grant': token('password'),
}

const FAULTS: Record<string, Answer> = {
  500: (_, reply) => json(reply, 500, { statusCode: 500, error: 'Internal Server Error', message: 'oops' }),
  408: (_, reply) => json(reply, 408, { statusCode: 408, error: 'Request Timeout', message: 'slow' }),
  503: (_, reply) => json(reply, 503, { statusCode: 503, error: 'Service Unavailable', message: 'later' }),
  '503 with Retry-After': (_, reply) => json(reply, 503, { message: 'later' }, { 'retry-after': '2' }),
  '429': (_, reply) => json(reply, 429, { errorCode: 'too_many_requests', message: 'limit' }, { 'retry-after': '2' }),
  too_many_attempts: (_, reply) => json(reply, 429, { error: 'too_many_attempts', error_description: 'blocked' }),
  'spent quota': (_, reply) =>
    json(
      reply,
      429,
      { error: 'too_many_requests', error_description: 'quota exceeded' },
      {
        'auth0-client-quota-limit': 'b=per_hour;q=10;r=0;t=3540',
        'retry-after': '3540',
      },
    ),
  404: (_, reply) => json(reply, 404, { statusCode: 404, error: 'Not Found', message: 'no such user' }),
  reset: ({ socket }) => socket.resetAndDestroy(),
}

/** Which faults are answered by a second request. */
const AGAIN: Record<keyof typeof REQUESTS, readonly string[]> = {
  GET: ['500', '408', '503', '503 with Retry-After', '429', 'reset'],
  DELETE: ['500', '408', '503', '503 with Retry-After', '429', 'reset'],
  PATCH: ['500', '408', '503', '503 with Retry-After', '429', 'reset'],
  POST: ['503 with Retry-After', '429'],
  'client_credentials grant': ['500', '408', '503', '503 with Retry-After', '429', 'reset'],
  'password grant': ['503 with Retry-After', '429'],
}

const cases = Object.entries(REQUESTS).flatMap(([request, plan]) =>
  Object.keys(FAULTS).map((fault) => [request as keyof typeof REQUESTS, fault, plan] as const),
)

describe('the retry table on real sockets', () => {
  it.each(cases)('%s, %s', async (request, fault, plan) => {
    const server = await loopback((seen, reply, count) => {
      if (count === 1) FAULTS[fault]!(seen, reply, count)
      else json(reply, 200, { done: true })
    })
    const clock = new SwiftClock()
    const outcome = await pipelineOn(server.transport, { clock }).execute(plan).outcome()
    const again = AGAIN[request].includes(fault)
    expect(server.seen).toHaveLength(again ? 2 : 1)
    expect(outcome.status).toBe(again ? 'ok' : 'error')
    if (fault === '429' || fault === '503 with Retry-After') expect(clock.waits.some((ms) => ms >= 2000)).toBe(true)
  })

  it.each(['POST', 'password grant'] as const)('%s that may have been applied says so', async (request) => {
    for (const fault of ['500', 'reset']) {
      const server = await loopback(FAULTS[fault]!)
      const outcome = await pipelineOn(server.transport, { clock: new SwiftClock() })
        .execute(REQUESTS[request])
        .outcome()
      expect(outcome.status === 'error' && outcome.error.message).toMatch(/may have been applied/)
      expect(outcome.status === 'error' && outcome.error.attempts).toBe(1)
    }
  })

  it('a refused connection is tried again even for POST', async () => {
    const socket = createServer()
    await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
    const { port } = socket.address() as { port: number }
    await new Promise((resolve) => socket.close(resolve))
    const transport = towards(`http://127.0.0.1:${port}`)
    const plan = planData({ ...POST, options: { maxRetries: 2 } })
    const execution = pipelineOn(transport, { clock: new SwiftClock() }).execute(plan)
    const events = await eventsOf(execution)
    expect(events.filter((event) => event.kind === 'attempt')).toHaveLength(3)
    const outcome = await execution.outcome()
    expect(outcome.status === 'error' && outcome.error).toBeInstanceOf(NetworkError)
    expect(outcome.status === 'error' && outcome.error.message).not.toMatch(/may have been applied/)
  })
})

describe('a token that cannot be had', () => {
  it('ends the plan after the token request has been tried within its own deadline, instead of asking for ever', async () => {
    let asked = 0
    const unreachable = new NetworkError('The connection could not be made.', { plan: GET, attempts: 3 })
    const tokens = {
      ...tokensOf(),
      token: () => ({
        subscribe(observer: { error?(error: unknown): void }) {
          asked += 1
          observer.error?.(asked < 5 ? unreachable : new Error('asked for ever'))
          return { unsubscribe() {} }
        },
      }),
    }
    const server = await loopback((_, reply) => json(reply, 200, {}))
    const outcome = await pipelineOn(server.transport, { clock: new SwiftClock(), tokens }).execute(GET).outcome()
    expect(outcome).toMatchObject({ status: 'error', error: { kind: 'network' } })
    expect(asked).toBe(1)
    expect(server.seen).toEqual([])
  })
})

describe('waits and counts', () => {
  it('keeps to maxRetries, of the plan before the session', async () => {
    const server = await loopback(FAULTS['500']!)
    const clock = new SwiftClock()
    const session = pipelineOn(server.transport, { clock, retry: { maxRetries: 3 } })
    await session.execute(GET).outcome()
    expect(server.seen).toHaveLength(4)
    await session.execute(planData({ ...GET, options: { maxRetries: 1 } })).outcome()
    expect(server.seen).toHaveLength(6)
  })

  it('sends once with retry: false', async () => {
    const server = await loopback(FAULTS['500']!)
    await pipelineOn(server.transport, { retry: false }).execute(GET).outcome()
    expect(server.seen).toHaveLength(1)
  })

  it('backs off with full jitter: 500 ms at first, doubled, at most 8 s', async () => {
    const server = await loopback(FAULTS['500']!)
    const clock = new SwiftClock(60_000)
    const execution = pipelineOn(server.transport, { clock, random: () => 0.5, timeout: 120_000 }).execute(
      planData({ ...GET, options: { maxRetries: 7 } }),
    )
    const delays = (await eventsOf(execution)).flatMap((event) => (event.kind === 'retry' ? [event.delay] : []))
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000])
  })

  it('waits for the reset of the headers, and not beyond the deadline', async () => {
    const clock = new SwiftClock()
    const reset = (seconds: number) => String(Math.ceil(clock.now() / 1000) + seconds)
    const limit =
      (after: number): Answer =>
      (_, reply, count) =>
        count === 1
          ? json(
              reply,
              429,
              { message: 'limit' },
              { 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(after) },
            )
          : json(reply, 200, {})
    const soon = await loopback(limit(4))
    const events = await eventsOf(pipelineOn(soon.transport, { clock, random: () => 0 }).execute(GET))
    expect(events.find((event) => event.kind === 'retry')).toMatchObject({ delay: 4000, attempt: 1 })
    expect(events.at(-1)?.kind).toBe('value')

    for (const [seconds, advice] of [
      [45, /the deadline of 30 s ends before.*timeout: \d+000/],
      [90, /a plan waits for no longer than a minute/],
    ] as const) {
      const late = await loopback(limit(seconds))
      const began = clock.now()
      const outcome = await pipelineOn(late.transport, { clock }).execute(GET).outcome()
      expect(late.seen).toHaveLength(1)
      const error = outcome.status === 'error' ? outcome.error : undefined
      expect(error).toBeInstanceOf(RateLimitError)
      expect((error as RateLimitError).retryAt! - began).toBeGreaterThan((seconds - 10) * 1000)
      expect(error?.message).toMatch(advice)
    }
  })

  it('never waits for a spent quota', async () => {
    const server = await loopback(FAULTS['spent quota']!)
    const outcome = await pipelineOn(server.transport, { timeout: 9_000_000 })
      .execute(token('client_credentials'))
      .outcome()
    expect(outcome.status === 'error' && outcome.error).toBeInstanceOf(QuotaExceededError)
    expect(server.seen).toHaveLength(1)
  })

  it('can be cancelled during a back-off', async () => {
    const server = await loopback(FAULTS['429']!)
    const execution = pipelineOn(server.transport).execute(GET)
    await new Promise<void>((resolve) => {
      execution.events.subscribe({ next: (event) => event.kind === 'wait' && resolve(), error() {} })
    })
    execution.abort('enough')
    await expect(execution).rejects.toMatchObject({ kind: 'aborted', attempts: 1 })
    expect(server.seen).toHaveLength(1)
  })

  it('ends a body that stalls at the deadline', async () => {
    const server = await loopback((_, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      reply.write('{"user_id":')
    })
    const plan = planData({ ...GET, options: { timeout: 80 } })
    const outcome = await pipelineOn(server.transport).execute(plan).outcome()
    expect(outcome.status === 'error' && outcome.error).toBeInstanceOf(TimeoutError)
    expect(outcome.status === 'error' && outcome.error.message).toMatch(/deadline of 0.08 s passed after one attempt/)
  })

  it('lets one deadline run over all attempts', async () => {
    const server = await loopback(FAULTS['500']!)
    const clock = new SwiftClock()
    const outcome = await pipelineOn(server.transport, { clock, random: () => 1 })
      .execute(GET)
      .outcome()
    expect(outcome.status === 'error' && outcome.error).toBeInstanceOf(ApiError)
    const waited = clock.waits.reduce((sum, ms) => sum + ms, 0)
    expect(waited).toBeLessThan(30_000)
    expect(server.seen.length).toBeGreaterThan(3)
  })
})
