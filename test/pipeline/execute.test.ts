import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Stage, supports, token } from '../../src/pipeline/index.ts'
import {
  AbortedError,
  ConfigurationError,
  planData,
  type TenantlabError,
  WriteDeniedError,
} from '../../src/plan/index.ts'
import { eventsOf, json, loopback, pipelineOn, tokensOf } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: 'auth0|1' } })
const POST = planData({ op: 'users.create', body: { connection: 'db', email: 'a@example.com' } })
const USER = { user_id: 'auth0|1', extra: { kept: true } }

const users = () => loopback((_, reply) => json(reply, 200, USER))
const never = () => loopback(() => {})
const silent = { next() {}, error() {}, complete() {} }

/** What Node reports as a rejection that nobody handles, while `work` runs and one macrotask after. */
async function unhandled(work: () => unknown): Promise<unknown[]> {
  const caught: unknown[] = []
  const before = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  const listener = (error: unknown) => caught.push(error)
  process.on('unhandledRejection', listener)
  try {
    await work()
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.removeListener('unhandledRejection', listener)
    for (const each of before) process.on('unhandledRejection', each as never)
  }
  return caught
}

describe('a plan that runs', () => {
  it('goes through the frame and the stages to a typed value', async () => {
    const server = await users()
    const execution = pipelineOn(server.transport).execute(GET)
    expect(await execution).toEqual(USER)
    expect(server.seen).toHaveLength(1)
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/api/v2/users/auth0%7C1' })
    expect(server.seen[0]?.headers.authorization).toBe('Bearer token-1')
    expect((await eventsOf(execution)).map((event) => event.kind)).toEqual(['token', 'attempt', 'response', 'value'])
  })

  it('is sent at once, and once, however often it is asked for its end', async () => {
    const server = await users()
    const execution = pipelineOn(server.transport).execute(GET)
    const [first, second] = [await execution, await execution]
    expect(second).toBe(first)
    expect(await execution.outcome()).toEqual({ status: 'ok', value: USER })
    const values: unknown[] = []
    execution.subscribe({ next: (value) => values.push(value), complete: () => values.push('end') })
    execution['@@observable']().subscribe({ next: (value) => values.push(value) })
    expect(values).toEqual([USER, 'end', USER])
    const [one, two] = [await eventsOf(execution), await eventsOf(execution)]
    expect(two).toEqual(one)
    expect(server.seen).toHaveLength(1)
  })

  it('sends with each subscription to its events, and aborts when one is left', async () => {
    const server = await users()
    const events = pipelineOn(server.transport).events(GET)
    expect(server.seen).toHaveLength(0)
    await eventsOf({ events })
    await eventsOf({ events })
    expect(server.seen).toHaveLength(2)

    let closed: (() => void) | undefined
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const stuck = await loopback(({ socket }) => {
      socket.on('close', () => closed?.())
      subscription.unsubscribe()
    })
    const subscription = pipelineOn(stuck.transport).events(GET).subscribe(silent)
    await whenClosed
    expect(stuck.seen).toHaveLength(1)
  })

  it('answers undefined for 204 and keeps unknown fields', async () => {
    const server = await loopback((_, reply) => {
      reply.writeHead(204)
      reply.end()
    })
    expect(
      await pipelineOn(server.transport).execute(planData({ op: 'users.delete', params: { id: '1' } })),
    ).toBeUndefined()
  })
})

describe('a failure', () => {
  it('names the plan, the attempts and the calling line', async () => {
    const server = await loopback((_, reply) =>
      json(reply, 404, { statusCode: 404, error: 'Not Found', message: 'none' }),
    )
    const execution = pipelineOn(server.transport).execute(GET)
    const error = (await execution.catch((reason: TenantlabError) => reason)) as TenantlabError
    expect(error).toMatchObject({ kind: 'api', status: 404, attempts: 1, plan: GET })
    expect((error.cause as Error).name).toBe('CallSite')
    const frames = (error.cause as Error).stack!.split('\n').filter((line) => line.trimStart().startsWith('at '))
    expect(frames[0]).toContain('execute.test.ts')
    expect(inspect(error)).toContain('execute.test.ts')
  })

  it('in a crowd still points at its own line', async () => {
    const server = await loopback((_, reply) => json(reply, 404, {}))
    const pipeline = pipelineOn(server.transport)
    const crowd = Array.from({ length: 60 }, () => pipeline.execute(GET).outcome())
    const alone = pipeline.execute(GET).outcome()
    const lineOf = (outcome: Awaited<typeof alone>): string | undefined =>
      outcome.status === 'error' ? (outcome.error.cause as Error).stack?.split('\n')[1] : undefined
    const lines = new Set((await Promise.all(crowd)).map(lineOf))
    expect(lines.size).toBe(1)
    expect(lineOf(await alone)).toContain('execute.test.ts')
    expect(lines).not.toContain(lineOf(await alone))
  })

  it('that nobody looks at is rethrown, by the next macrotask', async () => {
    const server = await loopback((_, reply) => json(reply, 404, {}))
    const caught = await unhandled(async () => {
      const execution = pipelineOn(server.transport).execute(GET)
      await new Promise<void>((resolve) => {
        const poll = () => (inspect(execution).includes('failed') ? resolve() : setImmediate(poll))
        poll()
      })
    })
    expect(caught).toHaveLength(1)
    expect((caught[0] as Error).cause).toMatchObject({ name: 'CallSite' })
  })

  it('that somebody looks at is not rethrown', async () => {
    const server = await loopback((_, reply) => json(reply, 404, {}))
    const pipeline = pipelineOn(server.transport)
    const caught = await unhandled(async () => {
      await pipeline.execute(GET).outcome()
      await eventsOf(pipeline.execute(GET))
      await pipeline.execute(GET).catch(() => undefined)
    })
    expect(caught).toEqual([])
  })

  it('of an observer is not a failure of the execution', async () => {
    const server = await users()
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    try {
      const reported = new Promise((resolve) => process.once('uncaughtException', resolve))
      const execution = pipelineOn(server.transport).execute(GET)
      execution.subscribe({
        next() {
          throw new Error('mine')
        },
      })
      expect(await execution).toEqual(USER)
      expect(await reported).toEqual(new Error('mine'))
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const each of before) process.on('uncaughtException', each)
    }
  })
})

describe('abort', () => {
  it('ends the request in flight', async () => {
    let closed: (() => void) | undefined
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const server = await loopback(({ socket }) => {
      socket.on('close', () => closed?.())
      execution.abort('changed my mind')
    })
    const execution = pipelineOn(server.transport).execute(POST)
    const outcome = await execution.outcome()
    expect(outcome.status === 'error' && outcome.error).toBeInstanceOf(AbortedError)
    expect(outcome.status === 'error' && outcome.error.message).toMatch(
      /during attempt 1: changed my mind.*may have been applied/,
    )
    await whenClosed
  })

  it('by a signal, before and while it runs', async () => {
    const server = await never()
    const pipeline = pipelineOn(server.transport)
    await expect(pipeline.execute(GET, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'aborted',
      attempts: 0,
    })
    const controller = new AbortController()
    const execution = pipeline.execute(GET, {}, { signal: controller.signal })
    execution.events.subscribe({ next: (event) => event.kind === 'attempt' && controller.abort(), error() {} })
    await expect(execution).rejects.toMatchObject({ kind: 'aborted', attempts: 1 })
  })
})

describe('writes', () => {
  it('are denied before anything is sent, a token request included', async () => {
    const server = await users()
    let asked = 0
    const tokens = {
      ...tokensOf(),
      token() {
        asked += 1
        return tokensOf().token({ rejected: false })
      },
    }
    const pipeline = pipelineOn(server.transport, { writes: 'deny', tokens })
    for (const plan of [POST, planData({ op: 'raw', route: 'DELETE /api/v2/users/1' })]) {
      await expect(pipeline.execute(plan)).rejects.toBeInstanceOf(WriteDeniedError)
    }
    expect([server.seen.length, asked]).toEqual([0, 0])
    expect(await pipeline.execute(GET)).toEqual(USER)
    expect(await pipeline.execute(planData({ op: 'raw', route: 'GET /api/v2/users/1' }))).toEqual(USER)
    await pipeline.execute(planData({ op: 'authentication.token', body: { grant_type: 'client_credentials' } }))
  })

  it('are denied as well when a stage makes a write of a read', async () => {
    const server = await users()
    const sneaky: Stage = (next) => (operation) =>
      next({ ...operation, request: { ...operation.request, method: 'DELETE' } })
    await expect(
      pipelineOn(server.transport, { writes: 'deny', stages: [sneaky] }).execute(GET),
    ).rejects.toBeInstanceOf(WriteDeniedError)
    expect(server.seen).toHaveLength(0)
  })

  it('are predicted by the hook, and reads are sent', async () => {
    const server = await users()
    const pipeline = pipelineOn(server.transport, {
      writes: 'check',
      predict: async ({ plan }) => ({ predicted: plan.op }),
    })
    expect(await pipeline.execute(POST)).toEqual({ predicted: 'users.create' })
    expect(await pipeline.execute(GET)).toEqual(USER)
    expect(server.seen).toHaveLength(1)
  })
})

describe('a pipeline of one’s own', () => {
  it('refuses options that no stage honours', async () => {
    const server = await users()
    const pipeline = pipelineOn(server.transport, { stages: [token()] })
    const plan = planData({ ...GET, options: { maxRetries: 1 } })
    await expect(pipeline.execute(plan)).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('retry()'),
    })
    await expect(pipeline.execute(GET, {}, { maxQueue: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('rateLimit()'),
    })
    const mine = supports(['maxRetries'], (next) => next)
    expect(await pipelineOn(server.transport, { stages: [mine] }).execute(plan)).toEqual(USER)
    expect(server.seen).toHaveLength(1)
  })

  it('says which stage answered with no observable, or is none', async () => {
    const server = await users()
    const wrong = (async () => undefined) as unknown as Stage
    expect(() => pipelineOn(server.transport, { stages: [wrong] })).toThrow(ConfigurationError)
    const promising = (() => async () => undefined) as unknown as Stage
    await expect(pipelineOn(server.transport, { stages: [token(), promising] }).execute(GET)).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/Stage 2 of the pipeline .*answered a promise/),
    })
  })

  it('may call next after the end without sending', async () => {
    const server = await users()
    let late: (() => void) | undefined
    const stage: Stage = (next) => (operation) => {
      late = () => next(operation).subscribe({ next: () => told.push('value'), error: (error) => told.push(error) })
      return next(operation)
    }
    const told: unknown[] = []
    await pipelineOn(server.transport, { stages: [stage] }).execute(GET)
    late?.()
    expect(told).toEqual([expect.any(AbortedError)])
    expect(server.seen).toHaveLength(1)
  })

  it('fails in words when a stage ends without an answer', async () => {
    const server = await users()
    const empty: Stage = () => () => ({
      subscribe(observer) {
        observer.complete?.()
        return { unsubscribe() {} }
      },
    })
    await expect(pipelineOn(server.transport, { stages: [empty] }).execute(GET)).rejects.toMatchObject({
      message: expect.stringContaining('ended without an answer'),
    })
  })
})
