import { describe, expect, it } from 'vitest'
import { createPipeline, limiterFor } from '../../src/pipeline/index.ts'
import { planData } from '../../src/plan/index.ts'
import type { HttpReply, Transport } from '../../src/wire/index.ts'
import { TestClock } from './clock.ts'
import { tokensOf } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
let tenants = 0

/** A limit that fills evenly, or at the top of each second. */
class Bucket {
  readonly size: number
  readonly perSecond: number
  readonly evenly: boolean
  #level: number
  #at: number

  constructor(size: number, perSecond: number, evenly: boolean, now: number) {
    this.size = size
    this.perSecond = perSecond
    this.evenly = evenly
    this.#level = size
    this.#at = now
  }

  level(now: number): number {
    const passed = this.evenly ? (now - this.#at) / 1000 : Math.floor(now / 1000) - Math.floor(this.#at / 1000)
    this.#level = Math.min(this.size, this.#level + passed * this.perSecond)
    this.#at = now
    return this.#level
  }

  take(now: number): boolean {
    if (this.level(now) < 1) return false
    this.#level -= 1
    return true
  }
}

interface Server {
  readonly transport: Transport
  readonly counted: { refused: number; sent: number; others: number }
}

interface Setting {
  readonly visible: Bucket
  readonly hidden?: Bucket
  /** How a refusal by the hidden limit looks. */
  readonly shows: 'its limit' | 'none left, and a later reset' | 'requests left'
  /** Milliseconds between the requests of others, who draw from the same limits. */
  readonly others?: number
  readonly latency?: number
}

function serverOf(clock: TestClock, setting: Setting): Server {
  const { visible, hidden, shows, others, latency = 20 } = setting
  const counted = { refused: 0, sent: 0, others: 0 }
  const reset = (seconds: number): string => String(Math.floor(clock.now() / 1000) + seconds)
  const answer = (): HttpReply => {
    const now = clock.now()
    counted.sent += 1
    const seen = visible.level(now) >= 1
    const allowed = seen && (hidden === undefined || hidden.take(now))
    if (allowed) visible.take(now)
    else counted.refused += 1
    const left = Math.floor(visible.level(now))
    let [limit, remaining, resetAt] = [visible.size, left, reset(1)]
    if (!allowed && seen) {
      if (shows === 'its limit') [limit, remaining] = [hidden!.size, 0]
      else if (shows === 'none left, and a later reset') [remaining, resetAt] = [0, reset(2)]
    }
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': resetAt,
    }
    const body = allowed ? '{"user_id":"1"}' : '{"statusCode":429,"message":"Too many requests"}'
    return { status: allowed ? 200 : 429, headers, body }
  }
  const other = (): void => {
    const now = clock.now()
    counted.others += 1
    if (visible.level(now) >= 1 && (hidden === undefined || hidden.take(now))) visible.take(now)
    clock.after(others!, other)
  }
  if (others !== undefined) clock.after(others, other)
  const transport: Transport = () => ({
    subscribe(observer) {
      let cancel = clock.after(latency / 2, () => {
        const reply = answer()
        cancel = clock.after(latency / 2, () => {
          observer.next?.(reply)
          observer.complete?.()
        })
      })
      return { unsubscribe: () => cancel() }
    },
  })
  return { transport, counted }
}

/** Runs reads, all at once or one after the other, and returns how many were refused and how long it took. */
async function reads(count: number, setting: (now: number) => Setting, sequential = false, ceiling?: object) {
  const clock = new TestClock()
  const tenant = `hidden-${++tenants}`
  const server = serverOf(clock, setting(clock.now()))
  let seed = 7
  const random = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed / 2147483648
  }
  const limiter = limiterFor(tenant, clock, ceiling as never, random)
  const pipeline = createPipeline({
    environment: { domain: 'tenant.example', audience: 'https://tenant.example/api/v2/' },
    transport: server.transport,
    tokens: tokensOf(),
    tokensOf: () => tokensOf(),
    limiter,
    clock,
    random,
    timeout: 600_000,
  })
  const began = clock.now()
  const all = async () => {
    if (sequential) for (let n = 0; n < count; n += 1) await pipeline.execute(GET)
    else await Promise.all(Array.from({ length: count }, () => pipeline.execute(GET)))
    return clock.now()
  }
  const ended = await clock.drive(all(), () => false)
  return { ...server.counted, seconds: (ended - began) / 1000 }
}

describe('X6: a hidden bucket', () => {
  it.each([
    ['as the row has it', 'its limit', true, undefined],
    ['where the refusal has a later reset', 'none left, and a later reset', true, undefined],
    ['where the limits fill at the top of a second', 'its limit', false, undefined],
    ['where the headers show requests left', 'requests left', true, undefined],
    ['with others in it', 'its limit', true, 500],
    ['with others in it, and a later reset', 'none left, and a later reset', false, 500],
  ] as const)('is learnt %s', async (_, shows, evenly, others) => {
    const { refused, seconds } = await reads(100, (now) => ({
      visible: new Bucket(10, 10, evenly, now),
      hidden: new Bucket(20, 5, evenly, now),
      shows,
      ...(others !== undefined && { others }),
    }))
    expect(refused).toBeLessThanOrEqual(20)
    expect(seconds).toBeLessThan(others === undefined ? 20 : 30)
  })
})

describe('N21: one page after the other', () => {
  it.each([
    ['10/s, burst 5', 50, 5, 10, true, 4.8],
    ['20/s, burst 10', 100, 10, 20, true, 4.8],
    ['4/s, burst 2', 20, 2, 4, true, 4.8],
    ['10/s, burst 5, filled at the top of a second', 50, 5, 10, false, 10.5],
  ] as const)('goes at the rate of the limit: %s', async (_, count, burst, perSecond, evenly, most) => {
    const { refused, seconds } = await reads(
      count,
      (now) => ({ visible: new Bucket(burst, perSecond, evenly, now), shows: 'requests left', latency: 8 }),
      true,
    )
    expect(seconds).toBeLessThan(most)
    expect(refused).toBeLessThanOrEqual(1)
  })
})
