import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { undiciTransport } from '../../src/transport/undici.ts'
import { failureOf, type Loopback, send, serve, serveSockets } from './loopback.ts'

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY']
const before = NAMES.map((name) => [name, process.env[name]] as const)
const original = getGlobalDispatcher()
let proxy: Loopback
let asked: string[]

// One proxy for the whole file: undici reads HTTPS_PROXY when its agent is made, and the package makes one.
beforeEach(async () => {
  asked = []
  proxy ??= await serveSockets((socket) => {
    socket.on('data', (data) => {
      asked.push(data.toString('latin1').split('\r\n', 1)[0] ?? '')
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
    })
  })
  for (const name of NAMES) delete process.env[name]
  process.env.HTTPS_PROXY = proxy.url
})
afterEach(() => setGlobalDispatcher(original))
afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await proxy.close()
})

describe('HTTPS_PROXY', () => {
  it('is asked for the tunnel, and its refusal is told as such', async () => {
    const error = await failureOf(undiciTransport(), { method: 'POST', url: 'https://tenant.example/oauth/token' })
    expect(asked).toEqual(['CONNECT tenant.example:443 HTTP/1.1'])
    expect(error).toMatchObject({ kind: 'network', applied: 'no' })
    expect((error as Error).message).toMatch(/Check HTTPS_PROXY and the proxy\./)
  })

  it('is left aside for hosts of NO_PROXY', async () => {
    process.env.NO_PROXY = '127.0.0.1'
    const server = await serve((_, response) => response.end('direct'))
    expect((await send(undiciTransport(), { url: server.url })).body).toBe('direct')
    expect(asked).toEqual([])
    await server.close()
  })

  it('gives way to a global dispatcher that a test has put there', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    mock.get('https://tenant.example').intercept({ path: '/' }).reply(200, 'mock')
    setGlobalDispatcher(mock)
    expect((await send(undiciTransport(), { url: 'https://tenant.example/' })).body).toBe('mock')
    expect(asked).toEqual([])
    await mock.close()
  })

  it("gives way to the caller's own dispatcher", async () => {
    const calls: unknown[] = []
    const dispatcher = { dispatch: (options: object) => calls.push(options) > 0 }
    undiciTransport({ dispatcher })({ method: 'GET', url: 'https://tenant.example/', headers: {} }).subscribe({})
    expect(calls).toHaveLength(1)
    expect(asked).toEqual([])
  })
})
