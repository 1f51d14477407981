import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

// What MSW patches fetch with; nock brings it along.
interface FetchInterceptor {
  apply(): void
  dispose(): void
  on(
    event: 'request',
    listen: (given: { request: Request; controller: { respondWith(response: Response): void } }) => void,
  ): void
}
const ofNock = createRequire(createRequire(import.meta.url).resolve('nock'))
const { FetchInterceptor } = ofNock('@mswjs/interceptors/fetch') as { FetchInterceptor: new () => FetchInterceptor }

const original = globalThis.fetch
let warnings: { message: string; code?: string }[] = []

beforeEach(() => {
  vi.resetModules()
  warnings = []
  vi.spyOn(process, 'emitWarning').mockImplementation(((message: string, options?: { code?: string }) => {
    warnings.push({ message, ...(options?.code !== undefined && { code: options.code }) })
  }) as never)
})
afterEach(() => {
  globalThis.fetch = original
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const toTransport = async (options: object) => (await import('../../src/transport/index.ts')).toTransport(options)
const codes = () => warnings.map(({ code }) => code)

describe('C23: a patched fetch that undici passes by', () => {
  it.each([
    ['the interceptor of MSW', () => patchedByMsw()],
    ['a function of the test', () => (globalThis.fetch = async () => new Response('{}'))],
    ['a mock of the test runner', () => (globalThis.fetch = vi.fn())],
    ['one that hands on', () => (globalThis.fetch = (...given) => original(...given))],
  ])('is told once: %s', async (_, patch) => {
    const undo = patch()
    const { connect } = await import('../../src/index.ts')
    connect({ domain: 'a.example', token: 'x' })
    connect({ domain: 'b.example', token: 'x' })
    expect(codes()).toEqual(['TENANTLAB_PATCHED_FETCH'])
    expect(warnings[0]?.message).toMatch(/real tenant.*transport: 'fetch'/)
    if (undo instanceof FetchInterceptor) undo.dispose()
  })

  it('is not told where the transport is fetch, a function, or has a dispatcher', async () => {
    globalThis.fetch = async () => new Response('{}')
    await toTransport({ transport: 'fetch' })
    await toTransport({ transport: () => ({ status: 200, headers: {}, body: '' }) })
    await toTransport({ dispatcher: { dispatch: () => true } })
    expect(codes()).toEqual([])
  })

  it('is not told of the fetch of Node or of undici, nor where the global dispatcher is a mock', async () => {
    await toTransport({})
    const undici = await import('undici')
    globalThis.fetch = undici.fetch as never
    await toTransport({})
    const before = undici.getGlobalDispatcher()
    globalThis.fetch = async () => new Response('{}')
    undici.setGlobalDispatcher(new undici.MockAgent())
    await toTransport({})
    undici.setGlobalDispatcher(before)
    expect(codes()).toEqual([])
  })

  it('is answered by it with transport: fetch', async () => {
    const interceptor = patchedByMsw((request) => Response.json({ user_id: new URL(request.url).hostname }))
    const { connect } = await import('../../src/index.ts')
    const auth0 = connect({ domain: 'msw.example', token: 'x', transport: 'fetch' })
    expect(await auth0.users('auth0|1').get().run()).toEqual({ user_id: 'msw.example' })
    expect(codes()).toEqual([])
    interceptor.dispose()
  })
})

describe('C32: a proxy that fetch passes by', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('is told once: %s', async (name) => {
    vi.stubEnv(name, 'http://127.0.0.1:9')
    await toTransport({ transport: 'fetch' })
    await toTransport({ transport: { management: 'fetch', authentication: 'fetch' } })
    expect(codes()).toEqual(['TENANTLAB_FETCH_PROXY'])
  })

  it('is not told where undici takes it, or a global proxy agent is there', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    await toTransport({})
    const undici = await import('undici')
    const before = undici.getGlobalDispatcher()
    undici.setGlobalDispatcher(new undici.EnvHttpProxyAgent())
    await toTransport({ transport: 'fetch' })
    undici.setGlobalDispatcher(before)
    expect(codes()).toEqual([])
  })
})

function patchedByMsw(answer?: (request: Request) => Response): FetchInterceptor {
  const interceptor = new FetchInterceptor()
  interceptor.apply()
  interceptor.on('request', ({ request, controller }) => {
    if (answer !== undefined) controller.respondWith(answer(request))
  })
  return interceptor
}
