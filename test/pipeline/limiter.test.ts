import { describe, expect, it } from 'vitest'
import type { SlotRequest, SlotTicket } from '../../src/pipeline/index.ts'
import { limiterFor } from '../../src/pipeline/index.ts'
import { planData, RateLimitError } from '../../src/plan/index.ts'
import type { HttpReply } from '../../src/wire/index.ts'
import { TestClock } from './clock.ts'
import { type Answer, eventsOf, json, loopback, pipelineOn } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
let tenants = 0
const tenant = () => `limited-${++tenants}`

function take(
  limiter: ReturnType<typeof limiterFor>,
  log: string[],
  name: string,
  extra: Partial<SlotRequest> = {},
): SlotTicket {
  const ticket = limiter.acquire('management', {
    maxQueue: undefined,
    plan: GET,
    lease: 30_000,
    granted: () => log.push(name),
    refused: (error) => log.push(error.message),
    ...extra,
  })
  ticket.begin()
  return ticket
}

const reply = (status: number, headers: Record<string, string> = {}): HttpReply => ({ status, headers, body: '' })
const told = (clock: TestClock, remaining: number, seconds = 1, limit = 10): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(Math.floor(clock.now() / 1000) + seconds),
})

describe('the least wait of requests', () => {
  const of = (limiter: ReturnType<typeof limiterFor>, counts: Readonly<Record<string, number>>) =>
    limiter.leastWait?.(new Map(Object.entries(counts)))

  it('is none while no limit is known', () => {
    expect(of(limiterFor(tenant(), new TestClock()), { management: 1000 })).toBeUndefined()
  })

  it.each([
    [{ burst: 10, perSecond: 2 }, 110],
    [{ burst: 1, perSecond: 5 }, 57],
    [{ burst: 3, perSecond: 0.5 }, 3],
    ['free', 40],
    ['enterprise', 333],
  ] as const)('under %j is as long as %i requests take', async (options, count) => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock, options)
    const begin = clock.now()
    const leastWait = of(limiter, { management: count })
    const log: string[] = []
    let last = begin
    const tickets: SlotTicket[] = []
    for (let index = 0; index < count; index += 1)
      tickets.push(
        take(limiter, log, String(index), {
          granted: () => {
            last = clock.now()
            queueMicrotask(() => tickets[index]?.settle(reply(200)))
          },
        }),
      )
    for (let step = 0; step < count * 4; step += 1) {
      await Promise.resolve()
      clock.advance(500)
    }
    expect(leastWait?.rateKey).toBe('management')
    expect(Math.abs((leastWait?.ms ?? 0) - (last - begin))).toBeLessThanOrEqual(500)
  })

  it('adds up rate keys that draw from one ceiling, and names the one that takes longest', () => {
    const limiter = limiterFor(tenant(), new TestClock(), { burst: 10, perSecond: 10 })
    expect(of(limiter, { 'management.users.read': 10, 'management.users.write': 10 })).toEqual({
      ms: 1000,
      rateKey: 'management',
    })
  })

  it('goes by what the server told: what is left, its reset, and windows as long as that', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock)
    take(limiter, [], 'a').settle(reply(200, told(clock, 4)))
    expect(of(limiter, { management: 4 })).toEqual({ ms: 0, rateKey: 'management' })
    const untilReset = of(limiter, { management: 5 })?.ms ?? 0
    expect(untilReset).toBeGreaterThan(0)
    expect(untilReset).toBeLessThanOrEqual(1000)
    expect(of(limiter, { management: 14 })?.ms).toBe(untilReset)
    expect(of(limiter, { management: 24 + 1 })?.ms).toBe(untilReset + 2000)
  })
})

describe('a bucket', () => {
  it('lets two out until something is known, then what the server told', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock)
    const log: string[] = []
    const tickets = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => take(limiter, log, name))
    expect(log).toEqual(['a', 'b'])
    tickets[0]!.settle(reply(200, told(clock, 4)))
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e'])
    tickets[1]!.settle(reply(200, told(clock, 3)))
    expect(log).toHaveLength(5)
    expect(limiter.state()).toMatchObject([{ rateKey: 'management', limit: 10, remaining: 3, inFlight: 3, waiting: 1 }])
  })

  it('opens up for endpoints without headers after the first answer', () => {
    const limiter = limiterFor(tenant(), new TestClock())
    const log: string[] = []
    const tickets = [1, 2, 3, 4, 5].map((name) => take(limiter, log, String(name)))
    tickets[0]!.settle(reply(200))
    expect(log).toEqual(['1', '2', '3', '4', '5'])
  })

  it('never goes above what is told less what is in flight, whatever order answers come in', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock, { burst: 10, perSecond: 10 })
    const log: string[] = []
    const tickets = [1, 2, 3, 4].map((name) => take(limiter, log, String(name)))
    tickets[0]!.settle(reply(200, told(clock, 3)))
    tickets[1]!.settle(reply(200, told(clock, 5)))
    expect(limiter.state()[0]).toMatchObject({ remaining: 3, inFlight: 2 })
    take(limiter, log, '5')
    take(limiter, log, '6')
    expect(log).toEqual(['1', '2', '3', '4', '5'])
  })

  it('waits for the reset when nothing remains, though the clock stand still', () => {
    const clock = new TestClock()
    const standing = { now: () => Date.parse('2026-01-01T00:00:00Z'), after: clock.after.bind(clock) }
    for (const each of [clock, standing]) {
      const limiter = limiterFor(tenant(), each)
      const log: string[] = []
      const reset = { ...told(clock, 0), 'x-ratelimit-reset': String(Math.floor(each.now() / 1000) + 1) }
      take(limiter, log, 'a').settle(reply(200, reset))
      take(limiter, log, 'b')
      expect(log).toEqual(['a'])
      clock.advance(1000)
      expect(log).toEqual(['a', 'b'])
    }
  })

  it('is a ceiling with a preset: burst at once, then its pace', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock, { burst: 3, perSecond: 2 })
    const log: string[] = []
    for (let name = 1; name <= 6; name++) take(limiter, log, String(name))
    expect(log).toHaveLength(3)
    clock.advance(499)
    expect(log).toHaveLength(3)
    clock.advance(1)
    expect(log).toHaveLength(4)
    clock.advance(1000)
    expect(log).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  it('knows the published limits by plan, endpoints of their own included', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock, 'essentials')
    const log: string[] = []
    const key = (rateKey: string, count: number) => {
      log.length = 0
      for (let n = 0; n < count; n++) {
        const ticket = limiter.acquire(rateKey, {
          maxQueue: undefined,
          plan: GET,
          lease: 30_000,
          granted: () => log.push(''),
          refused() {},
        })
        ticket.begin()
      }
      return log.length
    }
    expect(key('management.users.read', 60)).toBe(40)
    expect(key('management.users.write', 60)).toBe(20)
    expect(key('management.roles', 60)).toBe(10)
    expect(key('management.actions', 60)).toBe(0)
  })

  it('empties at a 429 until the time told, then finds out with a few', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock, { burst: 10, perSecond: 100 }, () => 0)
    const log: string[] = []
    const first = take(limiter, log, 'a')
    first.settle(reply(429, { ...told(clock, 0, 3), 'x-ratelimit-limit': '10' }))
    for (const name of ['b', 'c', 'd', 'e']) take(limiter, log, name)
    clock.advance(2999)
    expect(log).toEqual(['a'])
    clock.advance(1)
    expect(log).toEqual(['a', 'b', 'c'])
  })

  it('finds a hidden second bucket by refusals although requests are left, and learns a pace', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock, { burst: 50, perSecond: 50 }, () => 0)
    const log: string[] = []
    for (let round = 0; round < 4; round++) {
      const tickets = Array.from({ length: 10 }, (_, n) => take(limiter, log, `${round}-${n}`))
      for (const ticket of tickets) ticket.settle(reply(429, told(clock, 40)))
      clock.advance(2000)
    }
    const [state] = limiter.state()
    expect(state?.learnedPerSecond).toBeGreaterThan(0)
    expect(state!.learnedPerSecond!).toBeLessThan(50)
  })

  it('keeps the order of arrival, lets a waiting request leave, and refuses beyond maxQueue', () => {
    const clock = new TestClock()
    const limiter = limiterFor(tenant(), clock)
    const log: string[] = []
    const tickets = ['a', 'b', 'c', 'd', 'e'].map((name) => take(limiter, log, name))
    tickets[2]!.settle(undefined)
    let refused: Error | undefined
    take(limiter, log, 'f', { maxQueue: 2, refused: (error) => (refused = error) })
    expect(refused).toBeInstanceOf(RateLimitError)
    expect(refused?.message).toMatch(/2 plans wait for the rate limit management already, and this one allows 2/)
    tickets[0]!.settle(reply(200, told(clock, 9)))
    expect(log).toEqual(['a', 'b', 'd', 'e'])
  })

  it('is the same for every session of a tenant', () => {
    const clock = new TestClock()
    const name = tenant()
    expect(limiterFor(name, clock)).toBe(limiterFor(name, clock, { burst: 5, perSecond: 1 }))
    expect(limiterFor(name, new TestClock())).not.toBe(limiterFor(name, clock))
  })
})

/** A server with the documented fixed window: up to `burst` at the top of each second. */
function windowed(clock: TestClock, perSecond: number): { answer: Answer; state: { open: number; refused: number } } {
  let second = -1
  let level = 0
  const state = { open: 0, refused: 0 }
  const answer: Answer = (_, response) => {
    const now = Math.floor(clock.now() / 1000)
    if (now !== second) {
      second = now
      level = perSecond
    }
    const allowed = level > 0
    if (allowed) level -= 1
    else state.refused += 1
    const headers = {
      'x-ratelimit-limit': String(perSecond),
      'x-ratelimit-remaining': String(level),
      'x-ratelimit-reset': String(now + 1),
    }
    json(response, allowed ? 200 : 429, allowed ? {} : { errorCode: 'too_many_requests', message: 'limit' }, headers)
  }
  return { answer, state }
}

describe('100 plans at once against 10 per second', () => {
  it.each([
    ['without a preset', undefined, 10],
    ['with the preset', { burst: 10, perSecond: 10 }, 10],
    ['with a preset that promises too much', { burst: 50, perSecond: 50 }, 60],
  ])('%s all succeed with the default deadline', async (_, options, refusals) => {
    const clock = new TestClock()
    const { answer, state } = windowed(clock, 10)
    const server = await loopback(answer)
    const limiter = limiterFor(tenant(), clock, options)
    const pipeline = pipelineOn(server.transport, { clock, limiter })
    const began = clock.now()
    const executions = Array.from({ length: 100 }, () => pipeline.execute(GET))
    const inFlight = () => limiter.state().some((bucket) => bucket.inFlight > 0)
    const outcomes = await clock.drive(Promise.all(executions.map((execution) => execution.outcome())), inFlight)
    expect(outcomes.filter((outcome) => outcome.status === 'error')).toEqual([])
    expect(state.refused).toBeLessThanOrEqual(refusals)
    expect((clock.now() - began) / 1000).toBeLessThan(20)
  })
})

describe('a hidden second bucket', () => {
  it('is kept although the headers show requests left', async () => {
    const clock = new TestClock()
    const hidden = { level: 40, at: clock.now() }
    let [second, visible, refused] = [0, 50, 0]
    const server = await loopback((_, response) => {
      const now = Math.floor(clock.now() / 1000)
      if (now !== second) [second, visible] = [now, 50]
      visible -= 1
      hidden.level = Math.min(40, hidden.level + (clock.now() - hidden.at) / 500)
      hidden.at = clock.now()
      const allowed = hidden.level >= 1
      if (allowed) hidden.level -= 1
      else refused += 1
      const headers = {
        'x-ratelimit-limit': '50',
        'x-ratelimit-remaining': String(visible),
        'x-ratelimit-reset': String(now + 1),
      }
      json(response, allowed ? 200 : 429, allowed ? {} : { message: 'limit' }, headers)
    })
    const limiter = limiterFor(tenant(), clock)
    const pipeline = pipelineOn(server.transport, { clock, limiter })
    const executions = Array.from({ length: 160 }, () => pipeline.execute(GET))
    const inFlight = () => limiter.state().some((bucket) => bucket.inFlight > 0)
    const outcomes = await clock.drive(Promise.all(executions.map((execution) => execution.outcome())), inFlight)
    expect(outcomes.filter((outcome) => outcome.status === 'error')).toEqual([])
    expect(refused).toBeLessThan(80)
  })
})

describe('waiting for a slot', () => {
  it('shows as an event, does not count against the deadline, and can be cancelled', async () => {
    const clock = new TestClock()
    const server = await loopback((_, response) => json(response, 200, {}))
    const limiter = limiterFor(tenant(), clock, { burst: 1, perSecond: 1 / 60 })
    const pipeline = pipelineOn(server.transport, { clock, limiter })
    await pipeline.execute(GET)
    const slow = pipeline.execute(GET)
    const gone = pipeline.execute(GET)
    const kinds = eventsOf(slow)
    gone.abort()
    await expect(gone).rejects.toMatchObject({ kind: 'aborted', attempts: 0 })
    clock.advance(60_000)
    await slow
    expect((await kinds).slice(0, 2)).toMatchObject([
      { kind: 'wait', reason: 'slot', ms: 60_000, rateKey: 'management.users.read' },
      { kind: 'token' },
    ])
    expect(server.seen).toHaveLength(2)
  })
})
