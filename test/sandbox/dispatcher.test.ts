import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { TenantDispatcher } from '../../src/sandbox/http/index.ts'

/** What a handler of undici is told until the answer or an error ends it. */
function send(dispatcher: TenantDispatcher, host = 'a.example', told = {}): Promise<string> {
  return new Promise((resolve) => {
    dispatcher.dispatch(
      { origin: `http://${host}`, path: '/', method: 'GET' },
      {
        onRequestStart() {},
        onResponseStart(_controller: unknown, status: number) {
          resolve(String(status))
        },
        onResponseData() {},
        onResponseEnd() {},
        onResponseError(_controller: unknown, error: Error) {
          resolve(`${error.name}: ${error.message}`)
        },
        ...told,
      },
    )
  })
}

async function withServer<T>(test: (target: { httpPort: number; knows(host: string): boolean }) => Promise<T>) {
  const server = createServer((_request, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await test({ httpPort: (server.address() as AddressInfo).port, knows: (host) => host.endsWith('.example') })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

// The first test of this file meets a process without undici, and so does the first request of each of them in part.
describe("the tenant's dispatcher", () => {
  it('sends all that came while undici was loading, in both ways of closing', async () => {
    await withServer(async (target) => {
      const early = new TenantDispatcher(target)
      const answers = Promise.all([send(early), send(early, 'b.example'), send(early, 'else.where')])
      const closed = early.close()
      expect(await answers).toEqual(['200', '200', expect.stringContaining('else.where is none of them')])
      await closed
      expect(await send(early)).toMatch(/^Client(Closed|Destroyed)Error/)
    })
  })

  it.each(['close', 'destroy'] as const)(
    'refuses requests after %s(), also where none was sent before',
    async (end) => {
      await withServer(async (target) => {
        const unused = new TenantDispatcher(target)
        await unused[end]()
        expect(await send(unused)).toMatch(/^Client(Closed|Destroyed)Error/)
        const used = new TenantDispatcher(target)
        expect(await send(used)).toBe('200')
        await used[end]()
        expect(await send(used)).toMatch(/^Client(Closed|Destroyed)Error/)
      })
    },
  )

  it('tells handlers of earlier versions of undici as well', async () => {
    await withServer(async (target) => {
      const ended = new TenantDispatcher(target)
      await ended.destroy()
      const message = await new Promise((resolve) => {
        ended.dispatch(
          { origin: 'http://a.example', path: '/', method: 'GET' },
          { onConnect() {}, onHeaders: () => true, onData: () => true, onComplete() {}, onError: resolve },
        )
      })
      expect(String(message)).toMatch(/^Client(Closed|Destroyed)Error/)
    })
  })
})
