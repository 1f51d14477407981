import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type LimitedTenant,
  type OpenLimiter,
  type RateLimiter,
  rateLimit,
  SharedLimiter,
  type SlotAnswer,
  type SlotRequest,
  type SlotTicket,
  token,
} from '../../src/pipeline/index.ts'
import { planData, RateLimitError } from '../../src/plan/index.ts'
import { TestClock } from './clock.ts'
import { json, loopback, pipelineOn } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
let tenants = 0
const tenant = () => `shared-${++tenants}`

let warned: { mock: { calls: unknown[][] } }
beforeEach(() => {
  warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())
const warnings = () => warned.mock.calls.map(([message]) => String(message))

/** A limiter whose store the test plays. */
class PlayedLimiter implements RateLimiter {
  readonly asked: { rateKey: string; request: SlotRequest; settled: (SlotAnswer | undefined)[] }[] = []
  queued = true
  settle: () => void | Promise<void> = () => {}

  acquire(rateKey: string, request: SlotRequest): SlotTicket {
    const entry = { rateKey, request, settled: [] as (SlotAnswer | undefined)[] }
    this.asked.push(entry)
    return {
      queued: this.queued,
      begin: () => request.granted(),
      estimate: () => 7,
      settle: (answer) => {
        entry.settled.push(answer)
        return this.settle()
      },
    }
  }

  state() {
    return [{ rateKey: 'management', limit: 10, inFlight: 1, waiting: 0 }]
  }
}

function opened(options?: ConstructorParameters<typeof SharedLimiter>[3]) {
  const played = new PlayedLimiter()
  const tenants: LimitedTenant[] = []
  const open: OpenLimiter = (limited) => {
    tenants.push(limited)
    return played
  }
  return { played, tenants, limiter: new SharedLimiter(open, tenant(), new TestClock(), options) }
}

function take(limiter: RateLimiter, log: string[], maxQueue?: number): SlotTicket {
  const ticket = limiter.acquire('management', {
    maxQueue,
    plan: GET,
    lease: 30_000,
    granted: () => log.push('granted'),
    refused: (error) => log.push(error.message),
  })
  if (!ticket.queued) ticket.begin()
  return ticket
}

describe('a limiter over a store', () => {
  it('grants when the store has answered, and is told status and headers of the answer, no more', () => {
    const { played, limiter } = opened()
    const log: string[] = []
    const ticket = take(limiter, log)
    expect([ticket.queued, ticket.estimate()]).toEqual([true, 7])
    expect(log).toEqual([])
    played.asked[0]?.request.granted()
    expect(log).toEqual(['granted'])
    const answer = { status: 200, headers: { 'x-ratelimit-remaining': '3' }, body: '{"access_token":"canary"}' }
    ticket.settle(answer)
    ticket.settle(answer)
    expect(played.asked[0]?.settled).toEqual([{ status: 200, headers: { 'x-ratelimit-remaining': '3' } }])
  })

  it('may have a slot at once, and may say so within acquire()', () => {
    const { played, limiter } = opened()
    played.queued = false
    const log: string[] = []
    take(limiter, log)
    const eager = new SharedLimiter(
      () => ({
        acquire(_, request) {
          request.granted()
          return { queued: false, begin() {}, estimate: () => undefined, settle() {} }
        },
        state: () => [],
      }),
      tenant(),
      new TestClock(),
      undefined,
    )
    take(eager, log)
    expect(log).toEqual(['granted', 'granted'])
  })

  it('does not start what has left the queue, whenever the store answers', () => {
    const { played, limiter } = opened()
    const log: string[] = []
    take(limiter, log).settle(undefined)
    played.asked[0]?.request.granted()
    played.asked[0]?.request.refused(new Error('gone'))
    expect(log).toEqual([])
    expect(played.asked[0]?.settled).toEqual([undefined])
    expect(warnings()).toEqual([])
  })

  it('is told the ceilings, the headroom and the tenant of the session', () => {
    const { tenants } = opened('essentials')
    expect(tenants[0]).toMatchObject({ tenant: expect.stringContaining('shared-'), headroom: 0 })
    expect(tenants[0]?.ceilings('management.logs.read')).toEqual([
      { bucket: 'management.logs.read', burst: 10, perSecond: 100 / 60 },
    ])
    expect(tenants[0]?.ceilings('authentication.userinfo').map(({ bucket }) => bucket)).toEqual([
      'authentication',
      'authentication.userinfo',
    ])
    const own = opened({ burst: 3, perSecond: 2, headroom: 0.3 })
    expect(own.tenants[0]?.headroom).toBe(0.3)
    expect(own.tenants[0]?.ceilings('management.roles')).toEqual([{ bucket: 'management', burst: 3, perSecond: 2 }])
    expect(opened().tenants[0]?.ceilings('management')).toEqual([])
  })

  it('passes on a refusal in words of this package', () => {
    const { played, limiter } = opened()
    const log: string[] = []
    take(limiter, log)
    const error = new RateLimitError('Full.', { status: 429, serverMessage: '', plan: GET })
    played.asked[0]?.request.refused(error)
    expect(log).toEqual(['Full.'])
    expect(warnings()).toEqual([])
  })
})

describe('a limiter whose store fails', () => {
  it('leaves its requests to the limiter of the process, and is told once', () => {
    const { played, limiter } = opened()
    const log: string[] = []
    const tickets = [take(limiter, log), take(limiter, log), take(limiter, log)]
    for (const { request } of played.asked) request.refused(new Error('connect ECONNREFUSED'))
    // The limiter of a process lets two out while it knows nothing.
    expect(log).toEqual(['granted', 'granted'])
    expect(warnings()).toEqual([
      expect.stringMatching(/stores\.limiter opened failed in acquire\(\): connect ECONNREFUSED\. /),
    ])
    tickets[0]?.settle({ status: 200, headers: {} })
    expect(log).toHaveLength(3)
    expect(played.asked.flatMap(({ settled }) => settled)).toEqual([])
  })

  it.each<[string, RateLimiter['acquire']]>([
    [
      'throws',
      () => {
        throw new Error('offline')
      },
    ],
    [
      'refuses within acquire()',
      (_, request) => {
        request.refused(new Error('offline'))
        return { queued: false, begin() {}, estimate: () => undefined, settle() {} }
      },
    ],
  ])('goes on at once where it %s', (_, acquire) => {
    const limiter = new SharedLimiter(() => ({ acquire, state: () => [] }), tenant(), new TestClock(), undefined)
    const log: string[] = []
    for (let n = 0; n < 3; n++) take(limiter, log)
    expect(log).toEqual(['granted', 'granted'])
    expect(limiter.state()).toMatchObject([{ rateKey: 'management', inFlight: 2, waiting: 1 }])
    expect(warnings()).toHaveLength(1)
  })

  it('keeps the ceilings and the maxQueue of the session', () => {
    const acquire = () => {
      throw new Error('offline')
    }
    const options = { burst: 1, perSecond: 1 }
    const limiter = new SharedLimiter(() => ({ acquire, state: () => [] }), tenant(), new TestClock(), options)
    const log: string[] = []
    for (let n = 0; n < 3; n++) take(limiter, log, 1)
    expect(log).toEqual(['granted', expect.stringContaining('this one allows 1')])
  })

  it('tells that a slot could not be given back, also later', async () => {
    const { played, limiter } = opened()
    played.settle = () => Promise.reject(new Error('timeout'))
    const ticket = take(limiter, [])
    played.asked[0]?.request.granted()
    ticket.settle(undefined)
    await vi.waitFor(() => expect(warnings()).toEqual([expect.stringContaining('failed in settle(): timeout.')]))
  })

  it('shows what the process knows where its state cannot be told', () => {
    const fail = () => {
      throw new Error('offline')
    }
    const limiter = new SharedLimiter(() => ({ acquire: fail, state: fail }), tenant(), new TestClock(), undefined)
    take(limiter, [])
    expect(limiter.state()).toMatchObject([{ rateKey: 'management', inFlight: 1 }])
    expect(warnings()).toHaveLength(2)
  })

  it('is none at all where it has no acquire()', () => {
    expect(() => new SharedLimiter(() => ({}) as RateLimiter, tenant(), new TestClock(), undefined)).toThrow(
      '"stores.limiter" opened no limiter. Return an object with acquire(rateKey, request) and state().',
    )
  })
})

describe('the stage', () => {
  it('waits for the store, tells the plan’s deadline as lease, and opens another for options of its own', async () => {
    const server = await loopback((_, response) => json(response, 200, {}, { 'x-ratelimit-remaining': '4' }))
    const { played, tenants, limiter } = opened()
    const clock = new TestClock()
    const plain = pipelineOn(server.transport, { clock, limiter })
    const run = plain.execute({ ...GET, options: { timeout: 1234 } })
    expect(server.seen).toHaveLength(0)
    expect(played.asked[0]).toMatchObject({ rateKey: 'management.users.read', request: { lease: 1234 } })
    played.asked[0]?.request.granted()
    await run
    expect(played.asked[0]?.settled).toMatchObject([{ status: 200, headers: { 'x-ratelimit-remaining': '4' } }])

    const stages = [rateLimit({ burst: 5, perSecond: 5 }), token()]
    const own = pipelineOn(server.transport, { clock, limiter, stages })
    played.queued = false
    await own.execute(GET)
    await own.execute(GET)
    expect(tenants).toHaveLength(2)
    expect(tenants[1]?.ceilings('management')).toEqual([{ bucket: 'management', burst: 5, perSecond: 5 }])
    expect(played.asked).toHaveLength(3)
  })
})
