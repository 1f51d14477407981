import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchIn } from '../../../src/display/live/watch.ts'
import type { MimeBundle } from '../../../src/display/look.ts'
import type { DisplayPlace } from '../../../src/display/target.ts'
import type { Observer, PlanEvent } from '../../../src/plan/index.ts'
import { Timeline } from './timeline.ts'

/** A source of events that the test drives. */
class Events {
  #observer: Observer<PlanEvent<string>> = {}
  subscribe(observer: Observer<PlanEvent<string>>): { unsubscribe(): void } {
    this.#observer = observer
    return { unsubscribe: () => undefined }
  }
  next(event: PlanEvent<string>): void {
    this.#observer.next?.(event)
  }
  complete(): void {
    this.#observer.complete?.()
  }
  error(error: unknown): void {
    this.#observer.error?.(error)
  }
}

const page = (at: number, number: number, total?: number): PlanEvent<string> => ({
  kind: 'page',
  at,
  page: number,
  items: 10,
  collected: number * 10,
  ...(total === undefined ? {} : { total }),
})

describe('watch()', () => {
  let time: Timeline
  let events: Events
  let writes: { bundle: MimeBundle; place: DisplayPlace | undefined; at: number }[]

  beforeEach(() => {
    time = new Timeline()
    events = new Events()
    writes = []
  })
  afterEach(() => expect(time.pending).toBe(0))

  const notebook = () => ({
    target: {
      kind: 'notebook' as const,
      write: (bundle: MimeBundle, place?: DisplayPlace) => void writes.push({ bundle, place, at: time.now() }),
    },
    now: () => time.now(),
    after: (ms: number, act: () => void) => time.after(ms, act),
  })
  const text = (): string => writes.at(-1)?.bundle['text/plain'] ?? ''

  it('opens one display and changes it in place', async () => {
    const value = watchIn(events, notebook())
    time.advance(500)
    events.next(page(0, 1))
    events.next({ kind: 'value', at: 1, value: 'all' })
    events.complete()
    expect(await value).toBe('all')
    expect(writes.map(({ place }) => place?.update)).toEqual([false, true, true])
    expect(new Set(writes.map(({ place }) => place?.id)).size).toBe(1)
    for (const { bundle } of writes)
      expect(Object.keys(bundle)).toEqual(['text/plain', 'text/html', 'application/vnd.tenantlab+json'])
  })

  it('writes at most ten times a second, and the last state always', () => {
    void watchIn(events, notebook())
    for (let number = 1; number <= 1000; number += 1) {
      time.advance(1)
      events.next(page(number, number, 20_000))
    }
    events.complete()
    // One when it opens, ten within the second, one at the end.
    expect(writes.length).toBeLessThanOrEqual(12)
    expect(writes.length).toBeGreaterThan(9)
    const inside = writes.slice(0, -1)
    for (const [place, write] of inside.entries()) {
      if (place > 0) expect(write.at - (inside[place - 1]?.at ?? 0)).toBeGreaterThanOrEqual(100)
    }
    expect(text()).toContain('10000 of 20000 items')
    expect(text()).toContain('done')
  })

  it('tells count, rate, what remains, retries, waits and the time to the next request', () => {
    void watchIn(events, notebook())
    events.next({ kind: 'attempt', at: 0, attempt: 1, method: 'GET', url: 'https://acme.example.com/api/v2/users' })
    events.next({ kind: 'response', at: 500, attempt: 1, status: 200, ms: 500, rateLimit: { limit: 50, remaining: 7 } })
    events.next(page(500, 1, 40))
    events.next(page(1000, 2, 40))
    events.next({ kind: 'retry', at: 1000, attempt: 2, reason: '503', delay: 100 })
    events.next({ kind: 'wait', at: 1000, reason: 'server', ms: 3000 })
    time.advance(100)
    expect(text()).toMatch(/items +20 of 40 items/)
    expect(text()).toMatch(/rate +20 items per second/)
    expect(text()).toMatch(/to come .*20 of 40/)
    expect(text()).toMatch(/rate limit +7 of 50 left/)
    expect(text()).toMatch(/retries +1/)
    expect(text()).toMatch(/waits +1/)
    expect(text()).toMatch(/next request +in 2\.9 s/)
    time.advance(2000)
    expect(text()).toMatch(/next request +in 1 s/)
    events.complete()
    expect(text()).not.toContain('next request')
  })

  it('ends in the error, with the next step, and rejects', async () => {
    const value = watchIn(events, notebook())
    events.error(new Error('The tenant is away. Try again.'))
    await expect(value).rejects.toThrow('The tenant is away')
    expect(text()).toContain('failed')
    expect(text()).toContain('Try again.')
  })

  it('writes nothing after the end', () => {
    void watchIn(events, notebook())
    events.complete()
    const count = writes.length
    events.next(page(0, 1))
    time.advance(1000)
    expect(writes.length).toBe(count)
  })

  it('writes the last state alone where output goes to a file', () => {
    const { now, after, target } = notebook()
    void watchIn(events, { now, after, target: { ...target, kind: 'terminal' } })
    for (let number = 1; number <= 30; number += 1) {
      time.advance(50)
      events.next(page(number, number))
    }
    expect(writes).toEqual([])
    events.complete()
    expect(writes.length).toBe(1)
    expect(text()).toContain('300 items')
  })

  it('rewrites one line of a terminal and clears it at the end', () => {
    const written: string[] = []
    const { now, after, target } = notebook()
    const terminal = { write: (part: string) => written.push(part), columns: 40 }
    void watchIn(events, { now, after, target: { ...target, kind: 'terminal' }, terminal })
    time.advance(200)
    events.next(page(0, 1))
    events.complete()
    expect(written.every((part) => part.startsWith('\r\u001b[2K') && !part.includes('\n'))).toBe(true)
    expect(written.at(-1)).toBe('\r\u001b[2K')
    expect(writes.length).toBe(1)
  })

  it('hides what a tenant hides in a URL', () => {
    void watchIn(events, notebook())
    events.next({ kind: 'keys', at: 0, source: 'request', url: 'https://acme.example.com/jwks?ticket=canary-5e1f' })
    time.advance(100)
    expect(JSON.stringify(writes)).not.toContain('canary-5e1f')
    events.complete()
  })
})
