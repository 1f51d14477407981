import { describe, expect, it } from 'vitest'
import { customDomain, retry, token } from '../../src/pipeline/index.ts'
import { MessageReader } from '../../src/pipeline/repeat/server-sent-events.ts'
import type { Subscribable, TenantlabError } from '../../src/plan/index.ts'
import { processSecrets } from '../../src/plan/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { ChunkStream } from '../../src/transport/chunk-stream.ts'
import type { HttpRequest } from '../../src/wire/index.ts'

const failure = async (execution: { outcome(): Promise<unknown> }) =>
  ((await execution.outcome()) as { error?: TenantlabError & { code?: string } }).error

const answering = (bodies: readonly string[], status = 200) => {
  let sent = 0
  const auth0 = connect({
    domain: 'hostile.example',
    token: 'x',
    transport: async () => {
      const body = bodies[Math.min(sent, bodies.length - 1)] as string
      sent += 1
      return { status, headers: { 'content-type': 'application/json' }, body }
    },
  })
  return { auth0, count: () => sent }
}

describe('X14 an answer that says nothing, or not all', () => {
  it.each(['', ' \n'])('a record of %j is a decoding error', async (body) => {
    const { auth0, count } = answering([body])
    const error = await failure(auth0.users('u').get().run())
    expect(error).toMatchObject({ kind: 'network', code: 'EMPTY_ANSWER', applied: 'no' })
    expect(error?.message).toMatch(/users\.get: Auth0 answered 200 with an empty body/)
    expect(count()).toBe(2)
  })

  it('a list of nothing is one too, and 204 stays undefined', async () => {
    expect(await failure(answering(['']).auth0.roles.list().run())).toMatchObject({ code: 'EMPTY_ANSWER' })
    expect(await answering([''], 204).auth0.users('u').get().run()).toBeUndefined()
    expect(await answering(['']).auth0.users('u').update({ blocked: true }).run()).toBeUndefined()
  })

  it.each(['{"user_id":"u', '{"user_id"', ''])('a read that was cut at %j is sent once more', async (body) => {
    const { auth0, count } = answering([body, '{"user_id":"u"}'])
    const run = auth0.users('u').get().run()
    const kinds: string[] = []
    run.events.subscribe((event) => kinds.push(event.kind))
    expect(await run).toEqual({ user_id: 'u' })
    expect(count()).toBe(2)
    expect(kinds).toContain('retry')
  })

  it('a write that was cut is not sent again, nor a read that shall not be', async () => {
    const write = answering(['{"id":"r'])
    expect(await failure(write.auth0.roles.create({ name: 'x' }).run())).toMatchObject({ applied: 'maybe' })
    expect(write.count()).toBe(1)
    const once = answering(['{"user_id":"u'])
    await failure(once.auth0.users('u').get().with({ maxRetries: 0 }).run())
    expect(once.count()).toBe(1)
  })
})

describe('X13 a stream that is faster than its reader', () => {
  const event = (at: number, size: number) =>
    `id: ${at}\ndata: ${JSON.stringify({ type: 'x', offset: String(at), text: 'y'.repeat(size) })}\n\n`

  it('is left when too much waits, and asked for again from the last event taken', async () => {
    const asked: (string | null)[] = []
    const waits: string[] = []
    const auth0 = connect({
      domain: 'stream.example',
      token: 'x',
      transport: (request: HttpRequest) => {
        const from = new URL(request.url).searchParams.get('from')
        asked.push(from)
        let open = true
        const chunks: Subscribable<string> = {
          subscribe(observer) {
            for (let at = Number(from ?? 0) + 1; at <= 12 && open; at += 1) observer.next?.(event(at, 1_000_000))
            return {
              unsubscribe() {
                open = false
              },
            }
          },
        }
        return { status: 200, headers: {}, body: '', chunks }
      },
    })
    const plan = auth0.events.subscribe().take(12)
    const run = plan.run()
    run.events.subscribe((told) => told.kind === 'wait' && waits.push(told.reason))
    const items = (await run) as unknown as { offset: string }[]
    expect(items.map(({ offset }) => offset)).toEqual(Array.from({ length: 12 }, (_, at) => String(at + 1)))
    expect(asked.length).toBeGreaterThan(1)
    expect(waits).toContain('buffer')
  })

  it('is refused where a line has no end, and looks through each piece once', () => {
    const reader = new MessageReader()
    const piece = 'x'.repeat(1024 * 1024)
    expect(() => {
      for (let count = 0; count < 20; count += 1) reader.read(piece)
    }).toThrow(/longer than/)
    const whole = new MessageReader()
    whole.read('data: {"a"')
    whole.read(':1')
    expect(whole.read('}\r')).toEqual([])
    expect(whole.read('\n\r\n')).toEqual([{ data: '{"a":1}' }])
  })

  it('keeps the last id, also one that came without data, and passes over comments and fields it does not know', () => {
    const reader = new MessageReader()
    expect(
      reader.read('id: 7\nevent: user.created\ndata: 1\n\n: alive\ncolour: red\ndata: 2\ndata: 3\n\nid: 8\n\n'),
    ).toEqual([
      { id: '7', event: 'user.created', data: '1' },
      { id: '7', data: '2\n3' },
    ])
    expect(reader.read('data: 4\n\n')).toEqual([{ id: '8', data: '4' }])
  })

  it('a body that nobody takes is given up', () => {
    let left = 0
    const chunks = new ChunkStream(() => {
      left += 1
    })
    for (let count = 0; count < 20; count += 1) chunks.push(Buffer.alloc(1024 * 1024, 'x'))
    expect(left).toBe(1)
    let error: unknown
    chunks.subscribe({ error: (told) => (error = told) })
    expect(String(error)).toMatch(/nobody took the body/)
  })
})

describe('X19 a plan as a weapon', () => {
  it.each([
    ['GET /api/v2/../../x', '/x'],
    ['GET /api/v2/users/..', '/api/v2/'],
    ['GET /api/v2/%2e%2e/x', '/api/x'],
    ['GET /api/v2/./users', '/api/v2/users'],
    ['GET /api/v2/users/%2E./roles?page=1', '/api/v2/roles'],
    ['GET /api/v2/..%2f..%2fx', '/x'],
    ['GET /api/v2/users/%252e%252e/x', '/api/v2/x'],
    ['GET /api/v2/users/..;a=b/x', '/api/v2/x'],
    ['GET /%2f/evil.example/x', '/evil.example/x'],
  ])('%s is sent as the path that it leads to, and judged by it', async (route, path) => {
    let seen = ''
    const transport = async ({ url }: HttpRequest) => {
      seen = new URL(url).pathname
      expect(url).not.toMatch(/\/\.|%2e/i)
      return { status: 200, headers: {}, body: '{}' }
    }
    const auth0 = connect({ domain: 'x19.example', token: 'x', transport })
    await auth0.run({ v: 1, op: 'raw', route })
    expect(seen).toBe(path)
  })

  it.each([
    'X-HTTP-Method-Override',
    'x-http-method',
    'X-Method-Override',
    'X_HTTP_METHOD_OVERRIDE',
    'HTTP-Method-Override',
    'X-Override-Method',
    '_method',
    'X-Forwarded-Host',
    'Forwarded',
  ])('%s is refused', async (name) => {
    const { auth0, count } = answering(['{}'])
    const plan = { v: 1, op: 'users.get', params: { id: 'u' }, options: { headers: { [name]: 'DELETE' } } }
    expect(await failure(auth0.run(plan))).toMatchObject({ kind: 'validation' })
    expect(count()).toBe(0)
  })

  it.each([
    { v: 1, op: 'users.get', params: { id: 'u' }, options: { query: { _method: 'DELETE' } } },
    { v: 1, op: 'raw', route: 'GET /api/v2/users?X-HTTP-Method-Override=DELETE' },
    { v: 1, op: 'raw', route: 'GET /api/v2/users', query: { http_method_override: 'PATCH' } },
  ])('X19: a read that asks for another method is a write: %j', async (plan) => {
    let sent = 0
    const transport = () => {
      sent += 1
      return { status: 200, headers: {}, body: '{}' }
    }
    const auth0 = connect({ domain: 'x19-method.example', token: 'x', transport, writes: 'deny' })
    expect(await failure(auth0.run(plan))).toMatchObject({ kind: 'write_denied' })
    expect(sent).toBe(0)
  })

  it('dots within a name stay', async () => {
    const { auth0 } = answering(['{}'])
    expect(await auth0.raw('GET /api/v2/users/a..b').run()).toEqual({})
  })
})

describe('C22 explain() knows the pipeline of its session', () => {
  const at = { domain: 'c22.example', token: 'x', customDomain: 'login.example.com' } as const
  it.each([
    ['no customDomain()', [retry(), token()], 'sent'],
    ['customDomain()', [retry(), token(), customDomain()], 'removed'],
    ['nothing', [], 'sent'],
  ] as const)('with %s', async (_, pipeline, verdict) => {
    let seen: HttpRequest | undefined
    const transport = async (request: HttpRequest) => {
      seen = request
      return { status: 200, headers: {}, body: '{}' }
    }
    const auth0 = connect({ ...at, pipeline, transport })
    const plan = auth0.users('u').get()
    const explanation = plan.explain()
    expect(explanation.customDomain.verdict).toBe(verdict)
    expect('auth0-custom-domain' in explanation.headers).toBe(verdict === 'sent')
    expect(plan.toCurl().includes('auth0-custom-domain')).toBe(verdict === 'sent')
    await plan.run()
    expect('auth0-custom-domain' in (seen?.headers ?? {})).toBe(verdict === 'sent')
  })
})

describe('C24 a manual token on the embedded tenant', () => {
  it.each(['real', 'fixed'] as const)('works as on Auth0, its clock being %s', async (clock) => {
    const tenant = await sandbox({ seed: 'c24', clock, tls: false })
    const { domain, dispatcher } = tenant.options
    const tokens = await connect(tenant.options)
      .login.clientCredentials({ audience: `https://${tenant.domain}/api/v2/` })
      .run()
    const given = tokens.access_token
    for (const options of [
      { ...tenant.options, token: given },
      { domain, dispatcher, token: given },
    ]) {
      const page = await connect(options as never)
        .users.list({ per_page: 1 })
        .run()
      expect(page.items).toHaveLength(1)
    }
    await tenant.close()
  })
})

describe('C11, X14 an answer that is no record', () => {
  it.each(['"text"', '""', '0', 'true'])('C11: a record read as %s', async (body) => {
    const { auth0 } = answering([body])
    const reads = [auth0.users('u').get(), auth0.tenants.settings.get(), auth0.organizations.getByName('acme')]
    for (const plan of reads) {
      expect(await failure(plan.run())).toMatchObject({
        kind: 'api',
        status: 200,
        code: 'unreadable_answer',
        applied: 'no',
      })
    }
  })

  it.each(['null', '"text"', '', '0', '[]'])('X14: tokens granted as %j', async (body) => {
    const { auth0 } = answering([body])
    const login = auth0.login.password({
      username: 'u',
      password: 'pass-word-1',
      clientId: 'c',
      clientSecret: 'secret-of-c',
    })
    const error = await failure(login.run())
    expect(error).toMatchObject({ applied: 'maybe' })
    expect(String(error)).toMatch(/tokens belong/)
  })
})

it('C3: a transport that gives a Response which was read before is told so at once', async () => {
  let sent = 0
  const transport = async () => {
    sent += 1
    const response = new Response('{"id":"r"}')
    await response.text()
    return response
  }
  const auth0 = connect({ domain: 'c3-response.example', token: 'x', transport })
  expect(await failure(auth0.roles('r').get().run())).toMatchObject({ kind: 'configuration' })
  expect(sent).toBe(1)
})

it('X4: an echo of the client secret is masked after very many other secrets', async () => {
  const secret = 'canary-client-secret'
  const grant = JSON.stringify({ access_token: 'canary-access-token', token_type: 'Bearer', expires_in: 86_400 })
  const transport = ({ url }: HttpRequest) =>
    url.endsWith('/oauth/token')
      ? { status: 200, headers: {}, body: grant }
      : { status: 403, headers: {}, body: JSON.stringify({ message: `echo ${secret}` }) }
  const auth0 = connect({ domain: 'x4-echo.example', clientId: 'c', clientSecret: secret, transport })
  for (let index = 0; index < 12_000; index += 1) processSecrets().add(`another-secret-${index}`)
  expect(String(await failure(auth0.roles('r').get().run()))).not.toContain(secret)
})
