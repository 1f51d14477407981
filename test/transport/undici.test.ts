import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Observable } from 'rxjs'
import { Agent, getGlobalDispatcher, interceptors, MockAgent, setGlobalDispatcher } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { undiciTransport } from '../../src/transport/undici.ts'
import type { HttpReply } from '../../src/wire/index.ts'
import { failureOf, type Loopback, send, serve } from './loopback.ts'

const opened: Loopback[] = []
const original = getGlobalDispatcher()
async function server(...arguments_: Parameters<typeof serve>): Promise<Loopback> {
  const made = await serve(...arguments_)
  opened.push(made)
  return made
}
afterEach(async () => {
  setGlobalDispatcher(original)
  for (const made of opened.splice(0)) await made.close()
})

describe('undiciTransport', () => {
  it('sends method, path, query, headers and body, and asks for no compression', async () => {
    let seen: IncomingMessage | undefined
    let body = ''
    const { url } = await server(async (request, response) => {
      seen = request
      for await (const chunk of request) body += chunk
      response.writeHead(201, { 'Content-Type': 'application/json', 'X-A': ['1', '2'] }).end('{"ok":true}')
    })
    const reply = await send(undiciTransport(), {
      method: 'PATCH',
      url: `${url}/api/v2/users/auth0%7C1?a=b%20c`,
      headers: { 'content-type': 'application/json', 'x-b': 'c' },
      body: '{"ü":1}',
    })
    expect(seen).toMatchObject({ method: 'PATCH', url: '/api/v2/users/auth0%7C1?a=b%20c' })
    expect(seen?.headers).toMatchObject({ 'x-b': 'c', 'content-length': '8' })
    expect(seen?.headers['accept-encoding']).toBeUndefined()
    expect(body).toBe('{"ü":1}')
    expect(reply).toMatchObject({ status: 201, body: '{"ok":true}' })
    expect(reply.headers).toMatchObject({ 'content-type': 'application/json', 'x-a': '1, 2' })
  })

  it('sends bytes as they are', async () => {
    const { url } = await server((request, response) => request.pipe(response))
    const reply = await send(undiciTransport(), { method: 'POST', url, body: Buffer.from('ü€') })
    expect(reply.body).toBe('ü€')
  })

  it('puts characters together that arrive in two pieces, and drops a byte order mark', async () => {
    const { url } = await server(async (_, response) => {
      response.write(Buffer.from([0xef, 0xbb, 0xbf, 0xe2, 0x82]))
      await new Promise((resolve) => setTimeout(resolve, 30))
      response.end(Buffer.from([0xac, 0x21]))
    })
    expect((await send(undiciTransport(), { url })).body).toBe('€!')
  })

  it('does not follow redirects and passes informational answers over', async () => {
    const { url } = await server((_, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await send(undiciTransport(), { url })).toMatchObject({
      status: 302,
      body: '',
      headers: { location: '/elsewhere' },
    })
  })

  it('sends again for each subscriber, and nothing before', async () => {
    let requests = 0
    const { url } = await server((_, response) => {
      requests += 1
      response.end()
    })
    const source = undiciTransport()({ method: 'GET', url, headers: {} })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(requests).toBe(0)
    for (const count of [1, 2]) {
      await new Promise((resolve, reject) => source.subscribe({ next: resolve, error: reject }))
      expect(requests).toBe(count)
    }
  })

  it('completes after its one reply, and RxJS takes it', async () => {
    const { url } = await server((_, response) => response.end('x'))
    const source = undiciTransport()({ method: 'GET', url, headers: {} })
    const seen: string[] = []
    await new Promise<void>((resolve, reject) => {
      new Observable<HttpReply>((subscriber) => source.subscribe(subscriber)).subscribe({
        next: (reply) => seen.push(reply.body),
        error: reject,
        complete: resolve,
      })
    })
    expect(seen).toEqual(['x'])
  })

  it('starts within subscribe once undici is there', async () => {
    const { url } = await server((_, response) => response.end())
    const calls: string[] = []
    const dispatcher = {
      dispatch: (options: object, handler: object) => {
        calls.push((options as { path: string }).path)
        return original.dispatch(options as never, handler as never)
      },
    }
    undiciTransport({ dispatcher })({ method: 'GET', url: `${url}/now`, headers: {} }).subscribe({})
    expect(calls).toEqual(['/now'])
  })

  it('takes the global dispatcher as it is at each request', async () => {
    const { url } = await server((_, response) => response.end('real'))
    const transport = undiciTransport()
    expect((await send(transport, { url })).body).toBe('real')
    const mock = new MockAgent()
    mock.disableNetConnect()
    mock
      .get(url)
      .intercept({ path: '/' })
      .reply(200, 'mock', { headers: { 'x-mock': 'yes' } })
    setGlobalDispatcher(mock)
    expect(await send(transport, { url: `${url}/` })).toMatchObject({ body: 'mock', headers: { 'x-mock': 'yes' } })
    setGlobalDispatcher(original)
    expect((await send(transport, { url })).body).toBe('real')
    await mock.close()
  })

  it('works through interceptors, which speak the newer handler interface', async () => {
    let requests = 0
    const { url } = await server((_, response) => {
      requests += 1
      response.writeHead(requests === 1 ? 503 : 200).end('done')
    })
    const agent = new Agent()
    const dispatcher = agent.compose(interceptors.retry({ minTimeout: 1, maxRetries: 2 }))
    expect((await send(undiciTransport({ dispatcher }), { url })).body).toBe('done')
    expect(requests).toBe(2)
    await agent.close()
  })

  it('reports a fault in the observer, and leaves the connection alone', async () => {
    const { url } = await server((_, response) => response.end('x'))
    const fault = new Error('the observer broke')
    // The test runner listens too, and would count the fault as its own.
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    const reported = once(process, 'uncaughtException')
    undiciTransport()({ method: 'GET', url, headers: {} }).subscribe({
      next() {
        throw fault
      },
    })
    expect((await reported)[0]).toBe(fault)
    for (const listener of listeners) process.on('uncaughtException', listener)
  })
})

describe('unsubscribing', () => {
  it('aborts a request in flight', async () => {
    let arrived!: () => void
    let left!: () => void
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const leaving = new Promise<void>((resolve) => {
      left = resolve
    })
    const { url } = await server((request) => {
      request.on('close', left)
      arrived()
    })
    const told: string[] = []
    const subscription = undiciTransport()({ method: 'GET', url, headers: {} }).subscribe({
      next: () => told.push('next'),
      error: () => told.push('error'),
      complete: () => told.push('complete'),
    })
    await arrival
    subscription.unsubscribe()
    await leaving
    subscription.unsubscribe()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toEqual([])
  })

  it('never sends a request that still waits for a connection', async () => {
    let requests = 0
    const held: (() => void)[] = []
    const { url } = await server((_, response) => {
      requests += 1
      held.push(() => response.end())
    })
    const agent = new Agent({ connections: 1, pipelining: 1 })
    const transport = undiciTransport({ dispatcher: agent })
    const first = send(transport, { url })
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const second = transport({ method: 'GET', url, headers: {} }).subscribe({
      error: () => expect.unreachable(),
    })
    second.unsubscribe()
    held[0]?.()
    await first
    const third = send(transport, { url })
    while (held.length === 1) await new Promise((resolve) => setTimeout(resolve, 5))
    held[1]?.()
    await third
    expect(requests).toBe(2)
    await agent.close()
  })

  it('before undici is there sends nothing', async () => {
    let requests = 0
    const { url } = await server((_, response) => {
      requests += 1
      response.end()
    })
    undiciTransport()({ method: 'GET', url, headers: {} }).subscribe({}).unsubscribe()
    await send(undiciTransport(), { url })
    expect(requests).toBe(1)
  })

  it('after the reply keeps the connection for the next request', async () => {
    const ports = new Set<number | undefined>()
    const { url } = await server((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    const agent = new Agent({ connections: 1 })
    const source = undiciTransport({ dispatcher: agent })({ method: 'GET', url, headers: {} })
    for (let count = 0; count < 3; count += 1) {
      await new Promise<void>((resolve, reject) => {
        const subscription = source.subscribe({
          next: () => queueMicrotask(() => subscription.unsubscribe()),
          complete: resolve,
          error: reject,
        })
      })
    }
    expect(ports.size).toBe(1)
    await agent.close()
  })
})

describe('a streamed reply', () => {
  it('comes with its headers, then piece by piece, whole characters each', async () => {
    let go!: () => void
    const { url } = await server(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      await new Promise<void>((resolve) => {
        go = resolve
      })
      response.write(Buffer.from([0xe2, 0x82]))
      await new Promise((resolve) => setTimeout(resolve, 20))
      response.end(Buffer.from([0xac]))
    })
    const reply = await send(undiciTransport(), { url, stream: true })
    expect(reply).toMatchObject({ status: 200, body: '' })
    const pieces: string[] = []
    await new Promise<void>((resolve, reject) => {
      reply.chunks?.subscribe({
        next(piece) {
          pieces.push(piece)
          if (pieces.length === 1) go()
        },
        error: reject,
        complete: resolve,
      })
    })
    expect(pieces).toEqual(['data: 1\n\n', '€'])
  })

  it('keeps what arrives before someone reads, and is read once', async () => {
    const { url } = await server((_, response) => response.end('all'))
    const reply = await send(undiciTransport(), { url, stream: true })
    await new Promise((resolve) => setTimeout(resolve, 20))
    const pieces: string[] = []
    await new Promise<void>((resolve) =>
      reply.chunks?.subscribe({ next: (piece) => pieces.push(piece), complete: resolve }),
    )
    expect(pieces).toEqual(['all'])
    const again = new Promise((_, reject) => reply.chunks?.subscribe({ error: reject }))
    await expect(again).rejects.toThrow(/read once/)
  })

  it('ends the request when its reader leaves', async () => {
    let left!: () => void
    const leaving = new Promise<void>((resolve) => {
      left = resolve
    })
    const { url } = await server((request, response) => {
      request.on('close', left)
      response.write('x')
    })
    const reply = await send(undiciTransport(), { url, stream: true })
    reply.chunks?.subscribe({ error: () => expect.unreachable() }).unsubscribe()
    await leaving
  })

  it('fails where the connection breaks', async () => {
    const { url } = await server((request, response) => {
      response.write('x', () => setTimeout(() => request.socket.resetAndDestroy(), 20))
    })
    const reply = await send(undiciTransport(), { url, stream: true })
    const reading = new Promise((resolve, reject) =>
      reply.chunks?.subscribe({ error: reject, complete: () => resolve('end') }),
    )
    await expect(reading).rejects.toMatchObject({ kind: 'network', code: 'ECONNRESET' })
  })

  it('is a plain reply where the server answers with an error', async () => {
    const { url } = await server((_, response) => response.writeHead(403).end('{"error":"x"}'))
    const reply = await send(undiciTransport(), { url, stream: true })
    expect(reply).toMatchObject({ status: 403, body: '{"error":"x"}' })
    expect(reply.chunks).toBeUndefined()
  })
})

describe('a dispatcher that fails', () => {
  it('by throwing: the error is told, not thrown', async () => {
    const dispatcher = {
      dispatch() {
        throw new Error('broken')
      },
    }
    expect(await failureOf(undiciTransport({ dispatcher }), { url: 'http://127.0.0.1:1/' })).toMatchObject({
      kind: 'network',
      applied: 'no',
      message: expect.stringContaining('the transport failed: broken'),
    })
  })

  it('because it is closed', async () => {
    const agent = new Agent()
    await agent.close()
    const error = await failureOf(undiciTransport({ dispatcher: agent }), { url: 'http://127.0.0.1:1/' })
    expect(error).toMatchObject({ code: expect.stringMatching(/^UND_ERR_(CLOSED|DESTROYED)$/), applied: 'no' })
    expect((error as Error).message).toMatch(/dispatcher is closed/)
  })
})
