// This file must not import undici itself: Node's own fetch has to be first to install its global dispatcher.
import { describe, expect, it } from 'vitest'
import { fetchTransport } from '../../src/transport/index.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { failureOf, send, serve, serveSockets } from './loopback.ts'

describe("undiciTransport after Node's own fetch", () => {
  it('works over the dispatcher that fetch has installed, whichever undici that is', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'x-a': ['1', '2'], 'content-type': 'text/plain' })
      request.pipe(response)
    })
    await (await fetch(server.url)).text()
    const installed = (globalThis as { [key: symbol]: unknown })[Symbol.for('undici.globalDispatcher.1')]
    expect(installed).toBeDefined()

    const reply = await send(undiciTransport(), { method: 'POST', url: server.url, body: 'ü' })
    expect(reply).toMatchObject({ status: 200, body: 'ü', headers: { 'x-a': '1, 2' } })
    const { Agent, getGlobalDispatcher } = await import('undici')
    expect(getGlobalDispatcher()).toBe(installed)
    // The point of the test: this is another undici than the package's own.
    expect(installed).not.toBeInstanceOf(Agent)

    const streamed = await send(undiciTransport(), { method: 'POST', url: server.url, body: 'piece', stream: true })
    const pieces: string[] = []
    await new Promise<void>((resolve) =>
      streamed.chunks?.subscribe({ next: (piece) => pieces.push(piece), complete: resolve }),
    )
    expect(pieces.join('')).toBe('piece')
    await server.close()
    const gone = await serveSockets(() => {})
    await gone.close()
    expect(await failureOf(undiciTransport(), { method: 'POST', url: gone.url })).toMatchObject({
      code: 'ECONNREFUSED',
      applied: 'no',
    })
  })

  it('aborts there, too', async () => {
    let left!: () => void
    const leaving = new Promise<void>((resolve) => {
      left = resolve
    })
    let arrived!: () => void
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const server = await serveSockets((socket) => {
      socket.on('close', left)
      socket.on('data', arrived)
    })
    const source = undiciTransport()({ method: 'GET', url: server.url, headers: {} })
    const subscription = source.subscribe({ error: () => expect.unreachable() })
    await arrival
    subscription.unsubscribe()
    await leaving
    await server.close()
  })
})

describe('fetchTransport', () => {
  it('sends and receives', async () => {
    const server = await serve((request, response) => {
      response.writeHead(202, { 'x-method': request.method, 'x-url': request.url, 'set-cookie': ['a=1', 'b=2'] })
      request.pipe(response)
    })
    const reply = await send(fetchTransport(), {
      method: 'PUT',
      url: `${server.url}/a?b=c`,
      headers: { 'x-h': '1' },
      body: 'ü',
    })
    expect(reply).toMatchObject({ status: 202, body: 'ü', headers: { 'x-method': 'PUT', 'x-url': '/a?b=c' } })
    expect(reply.headers['set-cookie']).toBe('a=1, b=2')
    await server.close()
  })

  it('does not follow redirects', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/x' }).end())
    expect(await send(fetchTransport(), { url: server.url })).toMatchObject({
      status: 302,
      headers: { location: '/x' },
    })
    await server.close()
  })

  it('takes the fetch that it was given, else the global one as it is', async () => {
    const own = async () => new Response('own', { status: 201 })
    expect(await send(fetchTransport({ fetch: own }), { url: 'https://t.example/' })).toMatchObject({
      status: 201,
      body: 'own',
    })
    const transport = fetchTransport()
    const original = globalThis.fetch
    globalThis.fetch = own
    try {
      expect((await send(transport, { url: 'https://t.example/' })).body).toBe('own')
    } finally {
      globalThis.fetch = original
    }
  })

  it('aborts when it is left, and tells nothing more', async () => {
    let left!: () => void
    const leaving = new Promise<void>((resolve) => {
      left = resolve
    })
    const server = await serve((request, response) => {
      request.on('close', left)
      response.write('x')
    })
    const subscription = fetchTransport()({ method: 'GET', url: server.url, headers: {} }).subscribe({
      next: () => expect.unreachable(),
      error: () => expect.unreachable(),
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    subscription.unsubscribe()
    await leaving
    await server.close()
  })

  it('streams, and ends the stream when its reader leaves', async () => {
    let left!: () => void
    const leaving = new Promise<void>((resolve) => {
      left = resolve
    })
    const server = await serve((request, response) => {
      request.on('close', left)
      response.write('data: 1\n\n')
    })
    const reply = await send(fetchTransport(), { url: server.url, stream: true })
    await new Promise<void>((resolve) => {
      const reading = reply.chunks?.subscribe({
        next(piece) {
          expect(piece).toBe('data: 1\n\n')
          queueMicrotask(() => {
            reading?.unsubscribe()
            resolve()
          })
        },
        error: () => expect.unreachable(),
      })
    })
    await leaving
    await server.close()
  })
})
