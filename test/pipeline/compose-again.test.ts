import { AsyncLocalStorage } from 'node:async_hooks'
import { retry as again, mergeMap, Observable, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { customDomain, rateLimit, retry, type Stage, token } from '../../src/pipeline/index.ts'
import type { Subscribable, TenantlabError } from '../../src/plan/index.ts'
import { connect } from '../../src/session/index.ts'
import type { HttpRequest } from '../../src/wire/index.ts'

const ok = (value: unknown = {}) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const observe = <T>(source: Subscribable<T>) => new Observable<T>((sink) => source.subscribe(sink) as never)
const failure = async (execution: { outcome(): Promise<unknown> }) =>
  ((await execution.outcome()) as { error?: TenantlabError }).error

/** Fails on 5xx and subscribes again, as RxJS's own retry does. */
const resubscribing: Stage = (next) => (operation) =>
  observe(next(operation)).pipe(
    mergeMap((reply) => (reply.status >= 500 ? throwError(() => new Error('again')) : [reply])),
    again({ count: 3 }),
  )

const tokenAnswer = (number = 1, scope?: string) =>
  ok({ access_token: `t${number}`, expires_in: 3600, ...(scope !== undefined && { scope }) })

let domains = 0
const domain = () => `again-${++domains}.example`

describe('C12 cold means cold', () => {
  it.each([
    ['before token()', [resubscribing, token()]],
    ['before retry()', [resubscribing, retry({ maxRetries: 0 }), token()]],
    ['before rateLimit()', [resubscribing, rateLimit(), token()]],
    ['before customDomain()', [resubscribing, customDomain(), token()]],
    ['after token()', [token(), resubscribing]],
    ['twice', [resubscribing, resubscribing, token()]],
  ] as const)('a stage that subscribes again, %s', async (_, pipeline) => {
    let sent = 0
    const auth0 = connect({
      domain: domain(),
      clientId: 'c',
      clientSecret: 's',
      pipeline,
      timeout: 5000,
      transport: async ({ url }: HttpRequest) => {
        if (url.endsWith('/oauth/token')) return tokenAnswer()
        sent += 1
        return sent < 3 ? { status: 500, headers: {}, body: '{}' } : ok({ user_id: 'u' })
      },
    })
    expect(await auth0.users('u').get().run()).toEqual({ user_id: 'u' })
    expect(sent).toBe(3)
  })

  it('holds for words that authenticate by the body, and for a token of the plan', async () => {
    for (const word of ['login', 'userInfo'] as const) {
      let sent = 0
      const auth0 = connect({
        domain: domain(),
        clientId: 'c',
        clientSecret: 's',
        idToken: false,
        pipeline: [resubscribing, token()],
        transport: async () => (++sent < 3 ? { status: 500, headers: {}, body: '{}' } : ok({ sub: 'x' })),
      })
      const plan = word === 'login' ? auth0.login.password({ username: 'a', password: 'b' }) : auth0.userInfo('x')
      expect(await plan.run()).toEqual({ sub: 'x' })
      expect(sent).toBe(3)
    }
  })
})

describe('C13 the async context of the caller', () => {
  const storage = new AsyncLocalStorage<number>()
  const five = <T>(run: (id: number) => PromiseLike<T>) =>
    Promise.all([1, 2, 3, 4, 5].map((id) => storage.run(id, () => Promise.resolve(run(id)))))

  it.each([
    ['a token', {}],
    ['a slot', { rateLimit: { burst: 1, perSecond: 200 } }],
    ['a retry', { retry: { initialDelay: 1 } }],
  ])('is kept while a plan waits for %s', async (waits, options) => {
    const seen: string[] = []
    const failed = new Set<string>()
    const auth0 = connect({
      domain: domain(),
      clientId: 'c',
      clientSecret: 's',
      ...options,
      transport: (request: HttpRequest) => {
        if (request.url.endsWith('/oauth/token')) return new Promise((done) => setTimeout(done, 5, tokenAnswer()))
        const id = /users\/(\d)/.exec(request.url)?.[1] ?? ''
        if (waits === 'a retry' && !failed.has(id)) {
          failed.add(id)
          return Promise.resolve({ status: 500, headers: {}, body: '{}' })
        }
        seen.push(`${id} in ${storage.getStore()}`)
        return Promise.resolve(ok())
      },
    })
    await five((id) => auth0.users(String(id)).get().run())
    expect(seen.sort()).toEqual(['1 in 1', '2 in 2', '3 in 3', '4 in 4', '5 in 5'])
  })

  it('is kept over a connection that others share', async () => {
    const { loopback, json, pipelineOn } = await import('./server.ts')
    const { planData } = await import('../../src/plan/index.ts')
    const server = await loopback((seen, reply, count) => json(reply, count <= 5 ? 500 : 200, { path: seen.path }))
    const seen: string[] = []
    const pipeline = pipelineOn(
      (request) => {
        seen.push(`${/users\/(\d)/.exec(request.url)?.[1]} in ${storage.getStore()}`)
        return server.transport(request)
      },
      { retry: { initialDelay: 1 } },
    )
    await five((id) => pipeline.execute(planData({ op: 'users.get', params: { id: String(id) } })))
    expect(seen.length).toBeGreaterThanOrEqual(10)
    for (const line of seen) expect(line).toMatch(/^(\d) in \1$/)
  })
})

describe('C8 the scopes of a cached token', () => {
  const app = (granted: { scope: string }, options: object = {}) => {
    const asked = { tokens: 0, sent: 0 }
    const transport = async ({ url, headers }: HttpRequest) => {
      if (url.endsWith('/oauth/token')) return tokenAnswer(++asked.tokens, granted.scope)
      asked.sent += 1
      return ok({ id: headers.authorization })
    }
    return { asked, options: { clientId: 'c', clientSecret: 's', transport, ...options } }
  }

  it('are asked for anew once before a plan is refused, in a new session too', async () => {
    const granted = { scope: 'read:users' }
    const { asked, options } = app(granted)
    const at = domain()
    const auth0 = connect({ domain: at, ...options })
    expect(await failure(auth0.roles.create({ name: 'x' }).run())).toMatchObject({ kind: 'scope' })
    expect(asked).toEqual({ tokens: 1, sent: 0 })
    granted.scope = 'read:users create:roles'
    expect(
      await connect({ domain: at, ...options })
        .roles.create({ name: 'x' })
        .run(),
    ).toEqual({ id: 'Bearer t2' })
    granted.scope = 'read:users create:roles delete:roles'
    await auth0.roles('r').delete().run()
    expect(asked.tokens).toBe(3)
  })

  it('are not asked for without end', async () => {
    const { asked, options } = app({ scope: 'read:users' })
    const auth0 = connect({ domain: domain(), ...options })
    for (let count = 0; count < 20; count += 1) await failure(auth0.roles.create({ name: 'x' }).run())
    expect(asked.tokens).toBeLessThan(8)
  })

  it('are dropped where the server says that one is missing', async () => {
    let tokens = 0
    const auth0 = connect({
      domain: domain(),
      clientId: 'c',
      clientSecret: 's',
      transport: async ({ url, headers }: HttpRequest) => {
        if (url.endsWith('/oauth/token')) return tokenAnswer(++tokens)
        if (headers.authorization === 'Bearer t2') return ok({ id: 'r' })
        return { status: 403, headers: {}, body: JSON.stringify({ statusCode: 403, errorCode: 'insufficient_scope' }) }
      },
    })
    expect(await failure(auth0.roles.create({ name: 'x' }).run())).toMatchObject({ kind: 'scope', applied: 'no' })
    expect(await auth0.roles.create({ name: 'x' }).run()).toEqual({ id: 'r' })
    expect(tokens).toBe(2)
  })

  it('are forgotten by a word', async () => {
    const { asked, options } = app({ scope: 'read:users' })
    const auth0 = connect({ domain: domain(), ...options })
    await auth0.users('u').get().run()
    auth0.tokens.drop()
    auth0.tokens.drop()
    await auth0.users('u').get().run()
    expect(asked.tokens).toBe(2)
  })
})

describe('C28 what goes on running', () => {
  it.each(['abort', 'deadline'])('fires request.signal on %s', async (how) => {
    const signals: AbortSignal[] = []
    const auth0 = connect({
      domain: domain(),
      token: 'x',
      timeout: how === 'deadline' ? 30 : 30_000,
      transport: (request: HttpRequest) => {
        signals.push(request.signal as AbortSignal)
        return new Promise<never>(() => {})
      },
    })
    const execution = auth0.users('u').get().run()
    await new Promise((resolve) => setImmediate(resolve))
    expect(signals[0]?.aborted).toBe(false)
    if (how === 'abort') execution.abort()
    expect(await failure(execution)).toMatchObject({ kind: how === 'abort' ? 'aborted' : 'timeout' })
    expect(signals[0]?.aborted).toBe(true)
  })

  it('leaves the signal of an answered request alone', async () => {
    let signal: AbortSignal | undefined
    const auth0 = connect({
      domain: domain(),
      token: 'x',
      transport: async (request: HttpRequest) => {
        signal = request.signal
        return ok()
      },
    })
    await auth0.users('u').get().run()
    expect(signal?.aborted).toBe(false)
  })

  it('counts the time of a token function, and fires its signal', async () => {
    let signal: AbortSignal | undefined
    const auth0 = connect({
      domain: domain(),
      timeout: 40,
      token: (request) => {
        signal = request.signal
        return new Promise<never>(() => {})
      },
      transport: async () => ok(),
    })
    const error = await failure(auth0.users('u').get().run())
    expect(error).toMatchObject({ kind: 'timeout', attempts: 0, applied: 'no' })
    expect(error?.message).toMatch(/before anything was sent/)
    expect(signal?.aborted).toBe(true)
  })

  it.each([
    ['a Response', () => new Response('{"user_id":"u"}', { headers: { 'x-request-id': 'r' } })],
    ['a promise of one', async () => Response.json({ user_id: 'u' })],
    ['an observable of one', () => new Observable((sink) => sink.next(Response.json({ user_id: 'u' })))],
  ])('takes %s for an answer', async (_, give) => {
    const auth0 = connect({ domain: domain(), token: 'x', transport: give as never })
    expect(await auth0.users('u').get().run()).toEqual({ user_id: 'u' })
  })

  it('gives each API a transport of its own', async () => {
    const seen: string[] = []
    const to = (name: string) => async (request: HttpRequest) => {
      seen.push(`${name} ${new URL(request.url).pathname}`)
      return request.url.endsWith('/oauth/token') ? tokenAnswer() : ok()
    }
    const auth0 = connect({
      domain: domain(),
      clientId: 'c',
      clientSecret: 's',
      transport: { management: to('management'), authentication: to('authentication') },
    })
    await auth0.users('u').get().run()
    expect(seen).toEqual(['authentication /oauth/token', 'management /api/v2/users/u'])
    expect(() => connect({ domain: 'x.example', token: 'x', transport: { mangement: to('x') } as never })).toThrow(
      /management/,
    )
  })
})

describe('X12 a bound on answers', () => {
  const big = JSON.stringify({ text: 'x'.repeat(50_000) })
  it.each([
    ['a reply', () => ({ status: 200, headers: {}, body: big })],
    ['a Response', () => new Response(big)],
  ])('of %s', async (_, give) => {
    let sent = 0
    const auth0 = connect({
      domain: domain(),
      token: 'x',
      maxAnswerSize: 10_000,
      transport: (() => {
        sent += 1
        return give()
      }) as never,
    })
    const error = await failure(auth0.users('u').get().run())
    expect(error).toMatchObject({ kind: 'network', code: 'ANSWER_TOO_LARGE' })
    expect(error?.message).toMatch(/larger than 10 kB.*maxAnswerSize/)
    expect(sent).toBe(1)
  })

  it('of a body without end, and of one that unpacks to much more', async () => {
    const { createServer } = await import('node:http')
    const { gzipSync } = await import('node:zlib')
    const { fetchTransport } = await import('../../src/transport/index.ts')
    const { undiciTransport } = await import('../../src/transport/undici.ts')
    const bomb = gzipSync(Buffer.alloc(5_000_000, 'x'))
    const server = createServer((request, reply) => {
      if (request.url === '/bomb') return reply.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
      const more = (): void => {
        while (!reply.destroyed && reply.write('y'.repeat(10_000)));
      }
      reply.on('drain', more)
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const ends = (transport: ReturnType<typeof undiciTransport>, path: string) =>
      new Promise((resolve) =>
        transport({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: {} }).subscribe({
          next: resolve,
          error: resolve,
        }),
      )
    const limit = { maxAnswerSize: 100_000 }
    expect(await ends(undiciTransport(limit), '/endless')).toMatchObject({ code: 'ANSWER_TOO_LARGE' })
    expect(await ends(fetchTransport(limit), '/endless')).toMatchObject({ code: 'ANSWER_TOO_LARGE' })
    expect(await ends(fetchTransport(limit), '/bomb')).toMatchObject({ code: 'ANSWER_TOO_LARGE' })
    server.closeAllConnections()
    server.close()
  })
})

describe('X20 a wish is no failure', () => {
  it.each(['abort()', 'a signal'])('%s that nobody awaits is quiet', async (how) => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const controller = new AbortController()
    const auth0 = connect({ domain: domain(), token: 'x', transport: () => new Promise<never>(() => {}) })
    const execution = auth0.roles.create({ name: 'x' }).run({ signal: controller.signal })
    await new Promise((resolve) => setImmediate(resolve))
    if (how === 'abort()') execution.abort()
    else controller.abort()
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    expect(unhandled).toEqual([])
    await expect(execution).rejects.toMatchObject({ kind: 'aborted' })
  })
})

describe('C20 members of a client assertion', () => {
  it('honours kid, and refuses what it does not know', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const seen: unknown[] = []
    const transport = async ({ body }: HttpRequest) => {
      const header = new URLSearchParams(String(body)).get('client_assertion')?.split('.')[0] ?? ''
      seen.push(JSON.parse(Buffer.from(header, 'base64url').toString()))
      return tokenAnswer()
    }
    const auth0 = connect({
      domain: domain(),
      clientId: 'c',
      clientAssertion: { key, kid: 'k1' },
      transport,
      idToken: false,
    })
    await auth0.login.clientCredentials({ audience: 'https://api' }).run()
    await auth0.login
      .clientCredentials({ audience: 'https://api', clientId: 'd', clientAssertion: { key, kid: 'k2' } })
      .run()
    expect(seen).toMatchObject([{ kid: 'k1' }, { kid: 'k2' }])
    const wrong = { key, keyId: 'k1' } as never
    expect(() => connect({ domain: domain(), clientId: 'c', clientAssertion: wrong })).toThrow(/keyId/)
    expect(() => auth0.login.clientCredentials({ audience: 'a', clientId: 'd', clientAssertion: wrong })).toThrow(
      /keyId/,
    )
  })
})
