import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { generate } from 'selfsigned'
import { Agent, MockAgent } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkError } from '../../src/plan/index.ts'
import { fetchTransport } from '../../src/transport/index.ts'
import { networkError } from '../../src/transport/network-error.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { failureOf, type Loopback, send, serve, serveSockets } from './loopback.ts'

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const made of opened.splice(0)) await made.close()
})
function kept<T extends { close(): Promise<unknown> }>(made: T): T {
  opened.push(made)
  return made
}
const agent = (options: Agent.Options = {}): Agent => kept(new Agent(options))
const answering = (handler: (socket: Socket) => void): Promise<Loopback> =>
  serveSockets((socket) => socket.once('data', () => handler(socket))).then(kept)

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

// What each fault is, on real sockets: the code of undici, and whether the server may have carried the request out.
const SOCKET_FAULTS: [name: string, handler: (socket: Socket) => void, code: string, message: RegExp][] = [
  ['a reset before the headers', (socket) => socket.resetAndDestroy(), 'ECONNRESET', /the connection was reset/],
  ['the end before the headers', (socket) => socket.end(), 'UND_ERR_SOCKET', /closed the connection before/],
  [
    'a reset within the body',
    (socket) =>
      socket.write(`${HEAD}content-length: 99\r\n\r\n{"a`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    'ECONNRESET',
    /the connection was reset/,
  ],
  [
    'a chunked body that ends in its middle',
    (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n`),
    'UND_ERR_SOCKET',
    /closed the connection before/,
  ],
  ['no HTTP at all', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), 'HPE_INVALID_CONSTANT', /not proper HTTP/],
  [
    'a header that is none',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nbad header\r\n\r\n'),
    'HPE_INVALID_HEADER_TOKEN',
    /not proper HTTP/,
  ],
]

describe('a fault of a connection', () => {
  it.each(SOCKET_FAULTS)('%s', async (_, handler, code, message) => {
    const { url } = await answering(handler)
    const request = { method: 'POST', url: `${url}/api/v2/users?access_token=canary`, body: '{}' }
    const error = (await failureOf(undiciTransport({ dispatcher: agent() }), request)) as NetworkError
    expect(error).toMatchObject({ kind: 'network', applied: 'maybe' })
    expect(error.code).toMatch(new RegExp(`^${code.replace(/_CONSTANT|_HEADER_TOKEN/, '')}`))
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/api\/v2\/users: no answer came, /)
    expect(error.message).not.toContain('canary')
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('says of a read that it can be run again, and of a write that it may have been applied', async () => {
    const { url } = await answering((socket) => socket.resetAndDestroy())
    const transport = undiciTransport({ dispatcher: agent() })
    expect(await failureOf(transport, { url })).toMatchObject({ message: expect.stringMatching(/Run the plan again/) })
    const post = await failureOf(transport, { method: 'POST', url })
    expect(post).toMatchObject({ message: expect.stringMatching(/may have been applied: read the record/) })
  })

  it.each([
    ['headers', 'UND_ERR_HEADERS_TIMEOUT', { headersTimeout: 50 }, ''],
    ['body', 'UND_ERR_BODY_TIMEOUT', { bodyTimeout: 50 }, `${HEAD}content-length: 99\r\n\r\n{"a`],
  ])('an answer whose %s do not come in time', async (_, code, options, beginning) => {
    const { url } = await answering((socket) => socket.write(beginning || ''))
    expect(await failureOf(undiciTransport({ dispatcher: agent(options) }), { url })).toMatchObject({
      code,
      applied: 'maybe',
    })
  })

  it('is none where an answer is complete, whatever it says', async () => {
    const { url } = kept(
      await serve((request, response) => {
        if (request.url === '/broken') response.end('{"a":')
        else response.writeHead(503, { 'content-type': 'text/html' }).end('<html></html>')
      }),
    )
    expect(await send(undiciTransport(), { url: `${url}/broken` })).toMatchObject({ status: 200, body: '{"a":' })
    expect(await send(undiciTransport(), { url })).toMatchObject({ status: 503, body: '<html></html>' })
  })
})

describe('a connection that is never made', () => {
  const lookup = (code: string) => ({
    connect: {
      lookup: (_host: string, _options: unknown, done: (error: Error) => void) =>
        done(Object.assign(new Error(`getaddrinfo ${code}`), { code })),
    },
  })

  it('because nobody listens', async () => {
    const gone = await serveSockets(() => {})
    await gone.close()
    const error = await failureOf(undiciTransport({ dispatcher: agent() }), { method: 'POST', url: gone.url })
    expect(error).toMatchObject({ code: 'ECONNREFUSED', applied: 'no' })
    expect((error as Error).message).toMatch(/refused \(ECONNREFUSED\)\. Check the domain/)
  })

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('because the name server says %s', async (code) => {
    const dispatcher = agent(lookup(code) as Agent.Options)
    expect(
      await failureOf(undiciTransport({ dispatcher }), { method: 'POST', url: 'https://tenant.invalid/' }),
    ).toMatchObject({
      code,
      applied: 'no',
    })
  })

  it('because it takes too long', async () => {
    const connect = { lookup: () => {}, timeout: 50 }
    const dispatcher = agent({ connect } as unknown as Agent.Options)
    expect(
      await failureOf(undiciTransport({ dispatcher }), { method: 'POST', url: 'https://tenant.invalid/' }),
    ).toMatchObject({
      code: 'UND_ERR_CONNECT_TIMEOUT',
      applied: 'no',
    })
  })

  it('because the request is none', async () => {
    const request = { method: 'POST', url: 'http://127.0.0.1:1/', headers: { authorization: 'Bearer a\nb' } }
    const error = await failureOf(undiciTransport({ dispatcher: agent() }), request)
    expect(error).toMatchObject({ code: 'UND_ERR_INVALID_ARG', applied: 'no' })
    expect((error as Error).message).not.toContain('Bearer')
  })
})

describe('TLS', () => {
  let server: Server
  let port: number
  let ca: string
  beforeAll(async () => {
    const pems = await generate([{ name: 'commonName', value: 'tenant.example' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'tenant.example' }] },
      ],
    })
    ca = pems.cert
    server = createServer({ key: pems.private, cert: pems.cert }, (_, response) => response.end('ok'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const failure = (dispatcher: Agent) =>
    failureOf(undiciTransport({ dispatcher }), { method: 'POST', url: `https://127.0.0.1:${port}/` })

  it('with a certificate that nobody here trusts says how to trust it', async () => {
    const error = await failure(agent())
    expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT', applied: 'no' })
    expect((error as Error).message).toMatch(/NODE_EXTRA_CA_CERTS=file\.pem, or pass connect\(\) a dispatcher/)
  })

  it('with a certificate of another host says so', async () => {
    const error = await failure(agent({ connect: { ca } }))
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', applied: 'no' })
    expect((error as Error).message).toMatch(/certificate is for another host/)
  })

  it('with a port that speaks plain HTTP says so', async () => {
    const plain = kept(await serve((_, response) => response.end()))
    const dispatcher = agent()
    const error = await failureOf(undiciTransport({ dispatcher }), {
      method: 'POST',
      url: `https://127.0.0.1:${plain.port}/`,
    })
    expect(error).toMatchObject({ applied: 'no', message: expect.stringMatching(/TLS handshake failed/) })
  })

  it('works with the dispatcher that the message asks for', async () => {
    const dispatcher = agent({ connect: { ca, servername: 'tenant.example' } })
    expect((await send(undiciTransport({ dispatcher }), { url: `https://127.0.0.1:${port}/` })).body).toBe('ok')
  })
})

describe('a stand-in for the network', () => {
  it('is believed in the careful way, as it does not tell what was sent', async () => {
    const mock = kept(new MockAgent())
    mock.disableNetConnect()
    const pool = mock.get('https://tenant.example')
    for (const code of ['ECONNRESET', 'ECONNREFUSED']) {
      pool.intercept({ path: '/', method: 'POST' }).replyWithError(Object.assign(new Error(code), { code }))
    }
    const transport = undiciTransport({ dispatcher: mock })
    const post = { method: 'POST', url: 'https://tenant.example/' }
    expect(await failureOf(transport, post)).toMatchObject({ code: 'ECONNRESET', applied: 'maybe' })
    expect(await failureOf(transport, post)).toMatchObject({ code: 'ECONNREFUSED', applied: 'no' })
  })
})

describe('the faults of fetch', () => {
  it('are the same by code', async () => {
    const gone = await serveSockets(() => {})
    await gone.close()
    expect(await failureOf(fetchTransport(), { method: 'POST', url: gone.url })).toMatchObject({
      code: 'ECONNREFUSED',
      applied: 'no',
    })
    const { url } = await answering((socket) => socket.resetAndDestroy())
    expect(await failureOf(fetchTransport(), { method: 'POST', url })).toMatchObject({
      code: 'ECONNRESET',
      applied: 'maybe',
    })
  })
})

describe('networkError', () => {
  const request = { method: 'GET', url: 'https://t.example/a?b=canary#c', headers: {} }

  it('finds the code under several causes', () => {
    const root = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const cause = new TypeError('fetch failed', { cause: new AggregateError([root]) })
    expect(networkError(request, cause, 'unknown')).toMatchObject({ code: 'ECONNREFUSED', applied: 'no', cause })
  })

  it('takes what was thrown that is no error', () => {
    const error = networkError(request, 'gone.', 'not begun')
    expect(error.message).toBe(
      'GET https://t.example/a: no answer came, the transport failed: gone. Run the plan again; if it happens again, check the network.',
    )
  })
})
