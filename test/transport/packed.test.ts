import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { failureOf, type Loopback, send, serve } from './loopback.ts'

const opened: Loopback[] = []
afterEach(async () => {
  for (const made of opened.splice(0)) await made.close()
})

const text = '{"user_id":"auth0|1","name":"Zoë"}'

async function answering(encoding: string, body: Uint8Array | string, type = 'application/json'): Promise<Loopback> {
  const made = await serve((_, response) => {
    response.writeHead(200, { 'content-type': type, 'content-encoding': encoding }).end(body)
  })
  opened.push(made)
  return made
}

describe('C32: an answer that is packed although nobody asked', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['GZIP', gzipSync(text)],
    ['identity', text],
    ['gzip', text],
  ] as const)('is unpacked: %s', async (encoding, body) => {
    const { url } = await answering(encoding, body)
    expect((await send(undiciTransport(), { url })).body).toBe(text)
  })

  it('is unpacked in pieces where it is a stream', async () => {
    const made = await serve(async (_, response) => {
      const packed = gzipSync('event: a\n\nevent: b\n\n')
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
      response.write(packed.subarray(0, 12))
      await new Promise((resolve) => setImmediate(resolve))
      response.end(packed.subarray(12))
    })
    opened.push(made)
    const { chunks } = await send(undiciTransport(), { url: made.url, stream: true })
    const got: string[] = []
    await new Promise<void>((resolve, reject) =>
      chunks?.subscribe({ next: (chunk) => got.push(chunk), error: reject, complete: resolve }),
    )
    expect(got.join('')).toBe('event: a\n\nevent: b\n\n')
  })

  it.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000, 'x'))],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000, 'x'))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(5_000_000, 'x')))],
  ] as const)('is refused where it unpacks to more than the session takes: %s', async (encoding, body) => {
    const { url } = await answering(encoding, body)
    expect(await failureOf(undiciTransport({ maxAnswerSize: 100_000 }), { url })).toMatchObject({
      code: 'ANSWER_TOO_LARGE',
    })
  })

  it.each([
    ['gzip', gzipSync(text).subarray(0, 20), /cannot be unpacked/],
    ['br', Buffer.from('not packed at all'), /cannot be unpacked/],
    ['compress', text, /cannot be unpacked/],
    ['br, br, br, br', text, /cannot be unpacked/],
  ] as const)('is an error that says so where it is broken: %s', async (encoding, body, words) => {
    const { url } = await answering(encoding, body)
    const error = await failureOf(undiciTransport(), { url })
    expect(error).toMatchObject({ kind: 'network' })
    expect((error as Error).message).toMatch(words)
  })

  it('is asked for where it pays: of lists, not of single records', async () => {
    const asked: (string | undefined)[] = []
    const made = await serve((request, response) => {
      asked.push(request.headers['accept-encoding'])
      const body = request.url?.startsWith('/api/v2/clients') ? '[]' : text
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(body))
    })
    opened.push(made)
    const { Agent } = await import('undici')
    const agent = new Agent()
    const dispatcher = {
      dispatch: (options: object, handler: object) =>
        agent.dispatch({ ...options, origin: made.url } as never, handler as never),
    }
    const auth0 = connect({ domain: 'packed.example', token: 'x', dispatcher })
    expect(await auth0.users('auth0|1').get().run()).toEqual(JSON.parse(text))
    expect((await auth0.clients.list().run()).items).toEqual([])
    expect(await auth0.raw('GET /api/v2/clients').run()).toEqual([])
    expect(asked).toEqual([undefined, 'gzip, br', 'gzip, br'])
    await agent.close()
  })
})
