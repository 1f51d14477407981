import { describe, expect, it } from 'vitest'
import {
  type Page,
  type PlanData,
  type PlanEvent,
  planData,
  secretSlot,
  ValidationError,
} from '../../src/plan/index.ts'
import { TestClock } from './clock.ts'
import { type Answer, eventsOf, json, loopback, pipelineOn, type Seen } from './server.ts'

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, n) => ({ id: from + n }))

/** A list by page number, with as many records as `total`, of which the server gives at most `most` per page. */
const offset =
  (key: string, total: number, most = 100, wrapped = true): Answer =>
  ({ query }, reply) => {
    const limit = Math.min(Number(query.get('per_page')), most)
    const start = Number(query.get('page')) * limit
    const items = numbers(start, Math.min(start + limit, total))
    const totals = wrapped && query.get('include_totals') === 'true'
    json(reply, 200, totals ? { start, limit, length: items.length, total, [key]: items } : items)
  }

/** A list by cursor. */
const checkpoint =
  (key: string, total: number): Answer =>
  ({ query }, reply) => {
    const start = Number(query.get('from') ?? 0)
    const end = Math.min(start + Number(query.get('take')), total)
    json(reply, 200, { [key]: numbers(start, end), ...(end < total && { next: String(end) }) })
  }

const list = (op: string, query?: Record<string, string | number | boolean>): PlanData =>
  planData({ op, ...(query && { query }) })
const all = (plan: PlanData, most?: number): PlanData =>
  planData({ ...plan, repeat: { kind: 'pages', result: 'items', ...(most !== undefined && { most }) } })
const first = (plan: PlanData): PlanData => planData({ ...plan, repeat: { kind: 'pages', result: 'first' } })
const asked = (seen: readonly Seen[]): string[] => seen.map(({ query }) => String(query))

describe('lists by page number', () => {
  it('gives the first page, with a total and the plan of the next', async () => {
    const server = await loopback(offset('users', 5))
    const bound: PlanData[] = []
    const bindList = (data: PlanData) => {
      bound.push(data)
      return { data } as never
    }
    const page = await pipelineOn(server.transport, { bindList }).execute<Page<object>>(
      list('users.list', { per_page: 2 }),
    )
    expect(page).toEqual({ items: [{ id: 0 }, { id: 1 }], total: 5 })
    expect(Object.keys(page)).toEqual(['items', 'total'])
    expect(bound).toEqual([])
    expect(page.next?.data.query).toEqual({ page: 1, per_page: 2, include_totals: true })
    expect(page.next).toBe(page.next)
  })

  it('collects all in pages of the largest size, without asking for an empty one', async () => {
    const server = await loopback(offset('users', 200))
    const execution = pipelineOn(server.transport).execute<object[]>(all(list('users.list', { q: 'x' })))
    expect(await execution).toEqual(numbers(0, 200))
    expect(asked(server.seen)).toEqual([
      'q=x&page=0&per_page=100&include_totals=true',
      'q=x&page=1&per_page=100&include_totals=true',
    ])
    const pages = (await eventsOf(execution)).filter((event) => event.kind === 'page')
    expect(pages).toMatchObject([
      { page: 1, items: 100, collected: 100, total: 200 },
      { page: 2, items: 100, collected: 200, total: 200 },
    ])
  })

  it('loses nothing where the server makes pages smaller', async () => {
    const server = await loopback(offset('users', 130, 50))
    expect(await pipelineOn(server.transport).execute(all(list('users.list')))).toEqual(numbers(0, 130))
    expect(server.seen).toHaveLength(3)
  })

  it('takes bare arrays', async () => {
    const server = await loopback(offset('users', 150, 100, false))
    expect(await pipelineOn(server.transport).execute(all(list('users.list')))).toEqual(numbers(0, 150))
  })

  it('takes a number of items, and the first alone, with no larger a page', async () => {
    const server = await loopback(offset('users', 500))
    const pipeline = pipelineOn(server.transport)
    expect(await pipeline.execute(all(list('users.list'), 3))).toEqual(numbers(0, 3))
    expect(await pipeline.execute(all(list('users.list'), 120))).toEqual(numbers(0, 120))
    expect(await pipeline.execute(all(list('users.list'), 0))).toEqual([])
    expect(await pipeline.execute(first(list('users.list')))).toEqual({ id: 0 })
    expect(server.seen.map(({ query }) => query.get('per_page'))).toEqual(['3', '100', '100', '1'])
    const empty = await loopback(offset('users', 0))
    expect(await pipelineOn(empty.transport).execute(first(list('users.list')))).toBeUndefined()
  })

  it('says at once that more match than paging reaches', async () => {
    const server = await loopback(offset('users', 5230))
    const outcome = await pipelineOn(server.transport)
      .execute(all(list('users.list')))
      .outcome()
    expect(server.seen).toHaveLength(1)
    expect(outcome.status === 'error' && outcome.error).toBeInstanceOf(ValidationError)
    expect(outcome.status === 'error' && outcome.error.message).toMatch(
      /reaches 1000 records, and 5230 match.*usersExports/,
    )
    expect(await pipelineOn(server.transport).execute(all(list('users.list'), 1000))).toHaveLength(1000)
  })
})

describe('lists by cursor', () => {
  it('follows next', async () => {
    const server = await loopback(checkpoint('clients', 250))
    expect(await pipelineOn(server.transport).execute(all(list('clients.list')))).toEqual(numbers(0, 250))
    expect(asked(server.seen)).toEqual(['take=100', 'take=100&from=100', 'take=100&from=200'])
  })

  it('goes by page number where the query asks for it', async () => {
    const server = await loopback(offset('clients', 3))
    const pipeline = pipelineOn(server.transport)
    await pipeline.execute(list('clients.list', { per_page: 2 }))
    expect(asked(server.seen)).toEqual(['per_page=2&page=0&include_totals=true'])
  })

  it('pages logs by the Link header, to the first empty page', async () => {
    const server = await loopback(({ query, headers }, reply) => {
      const start = Number(query.get('from'))
      const end = Math.min(start + 2, 5)
      const link = `<https://${headers.host}/api/v2/logs?take=2&from=${end}>; rel="next"`
      json(reply, 200, numbers(start, end), { link })
    })
    expect(await pipelineOn(server.transport).execute(all(list('logs.list', { from: '1', take: 2 })))).toEqual(
      numbers(1, 5),
    )
    expect(server.seen.map(({ query }) => query.get('from'))).toEqual(['1', '3', '5'])
  })

  it('does not believe the total of a log search', async () => {
    const server = await loopback(({ query }, reply) => {
      const start = Number(query.get('page')) * 2
      const logs = numbers(start, Math.min(start + 2, 3))
      json(reply, 200, { start, limit: 2, length: logs.length, total: logs.length, logs })
    })
    expect(await pipelineOn(server.transport).execute(all(list('logs.list', { per_page: 2 })))).toEqual(numbers(0, 3))
  })
})

describe('pages()', () => {
  it('sends page by page as they are asked for, and again for each loop', async () => {
    const server = await loopback(checkpoint('clients', 250))
    const pages = pipelineOn(server.transport).pages<object>(list('clients.list'))
    expect(server.seen).toHaveLength(0)
    for await (const page of pages) {
      expect(page.items).toHaveLength(100)
      break
    }
    expect(server.seen).toHaveLength(1)
    const sizes: number[] = []
    for await (const page of pages) sizes.push(page.items.length)
    expect(sizes).toEqual([100, 100, 50])
  })

  it('gives all that paging reaches before it says that there is more', async () => {
    const server = await loopback(offset('users', 1500))
    let count = 0
    const loop = async () => {
      for await (const page of pipelineOn(server.transport).pages(list('users.list'))) count += page.items.length
    }
    await expect(loop()).rejects.toBeInstanceOf(ValidationError)
    expect(count).toBe(1000)
  })

  it('ends the request in flight when its signal aborts', async () => {
    const controller = new AbortController()
    const server = await loopback(() => controller.abort())
    const pages = pipelineOn(server.transport).pages(list('users.list'), {}, { signal: controller.signal })
    await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'aborted' })
  })
})

describe('a stream of events', () => {
  const message = (offset: string, type = 'user.created') =>
    `id: ${offset}\nevent: ${type}\ndata: ${JSON.stringify({ type, offset, event: { n: offset } })}\n\n`
  const start = (reply: Parameters<Answer>[1]) => reply.writeHead(200, { 'content-type': 'text/event-stream' })

  it('is taken from piece by piece, and resumed from its cursor', async () => {
    const server = await loopback(({ query }, reply) => {
      start(reply)
      if (query.get('from') === null) {
        const text = `: hello\n\n${message('a')}${message('b')}`
        reply.write(text.slice(0, 20))
        setImmediate(() => reply.end(text.slice(20)))
      } else reply.write(`${message('b2', 'offset-only')}${message('c')}${message('d')}`)
    })
    const clock = new TestClock()
    const execution = pipelineOn(server.transport, { clock }).execute<{ offset: string }[]>(
      all(list('events.subscribe'), 3),
    )
    const items = await clock.drive(Promise.resolve(execution), () => false)
    expect(items.map((item) => item.offset)).toEqual(['a', 'b', 'c'])
    expect(server.seen.map(({ query }) => query.get('from'))).toEqual([null, 'b'])
  })

  it('gives its first page as soon as there is something', async () => {
    const server = await loopback((_, reply) => {
      start(reply)
      reply.write(message('a'))
    })
    const page = await pipelineOn(server.transport).execute<Page<{ offset: string }>>(list('events.subscribe'))
    expect(page.items.map((item) => item.offset)).toEqual(['a'])
  })

  it('ends in the error that the server tells', async () => {
    const server = await loopback((_, reply) => {
      start(reply)
      reply.write(
        `data: ${JSON.stringify({ type: 'error', error: { code: 'expired', message: 'cursor too old' } })}\n\n`,
      )
    })
    await expect(pipelineOn(server.transport).execute(list('events.subscribe'))).rejects.toMatchObject({
      kind: 'api',
      code: 'expired',
      message: expect.stringContaining('cursor too old'),
    })
  })

  it('cannot be collected whole', async () => {
    const server = await loopback(() => {})
    await expect(pipelineOn(server.transport).execute(all(list('events.subscribe')))).rejects.toBeInstanceOf(
      ValidationError,
    )
    expect(server.seen).toHaveLength(0)
  })
})

describe('polling', () => {
  const grant = (timeout?: number) =>
    planData({
      op: 'authentication.token',
      body: {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: secretSlot('device_code') as never,
      },
      repeat: { kind: 'poll', every: 5000, until: 'grant', ...(timeout !== undefined && { timeout }) },
    })
  const secrets = { device_code: 'dc' }
  const waits = (events: readonly PlanEvent<unknown>[]) =>
    events.flatMap((event) => (event.kind === 'wait' && event.reason === 'poll' ? [event.ms] : []))

  it('waits while the grant is pending, and longer when told to slow down', async () => {
    const answers = ['authorization_pending', 'slow_down', 'authorization_pending']
    const server = await loopback((_, reply, count) => {
      const error = answers[count - 1]
      if (error === undefined) json(reply, 200, { access_token: 'at' })
      else json(reply, error === 'slow_down' ? 429 : 403, { error, error_description: error })
    })
    const clock = new TestClock()
    const execution = pipelineOn(server.transport, { clock }).execute(grant(), secrets)
    const events = eventsOf(execution)
    expect(await clock.drive(Promise.resolve(execution), () => false)).toEqual({ access_token: 'at' })
    expect(waits(await events)).toEqual([5000, 10_000, 10_000])
    expect(new URLSearchParams(server.seen[0]?.body).get('device_code')).toBe('dc')
  })

  it('ends in any other error, and after its own time', async () => {
    const denied = await loopback((_, reply) => json(reply, 403, { error: 'access_denied', error_description: 'no' }))
    await expect(pipelineOn(denied.transport).execute(grant(), secrets)).rejects.toMatchObject({
      code: 'access_denied',
    })
    const pending = await loopback((_, reply) =>
      json(reply, 403, { error: 'authorization_pending', error_description: '…' }),
    )
    const clock = new TestClock()
    const execution = pipelineOn(pending.transport, { clock }).execute(grant(12_000), secrets)
    await expect(clock.drive(Promise.resolve(execution), () => false)).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('after 12 s and 3 requests; the last answer was authorization_pending'),
    })
  })

  it('reads a job until it is completed or failed; other statuses leave it open', async () => {
    const statuses = ['pending', 'a status of tomorrow', 'completed']
    const server = await loopback((_, reply, count) => json(reply, 200, { id: 'job_1', status: statuses[count - 1] }))
    const clock = new TestClock()
    const plan = planData({
      op: 'jobs.get',
      params: { id: 'job_1' },
      repeat: { kind: 'poll', every: 2000, until: 'job' },
    })
    const execution = pipelineOn(server.transport, { clock }).execute(plan)
    expect(await clock.drive(Promise.resolve(execution), () => false)).toMatchObject({ status: 'completed' })
    expect(server.seen).toHaveLength(3)
  })

  it('can be aborted while it waits', async () => {
    const server = await loopback((_, reply) =>
      json(reply, 403, { error: 'authorization_pending', error_description: '…' }),
    )
    const clock = new TestClock()
    const execution = pipelineOn(server.transport, { clock }).execute(grant(), secrets)
    await new Promise<void>((resolve) => {
      execution.events.subscribe({ next: (event) => event.kind === 'wait' && resolve(), error() {} })
    })
    execution.abort()
    await expect(execution).rejects.toMatchObject({ kind: 'aborted', attempts: 1 })
    expect(clock.next).toBeUndefined()
  })
})
