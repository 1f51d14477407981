import { deepStrictEqual, notDeepStrictEqual } from 'node:assert'
import { inspect } from 'node:util'
import { from, lastValueFrom } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PlanEvent } from '../../src/plan/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, planFrom, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
let auth0: Session

beforeAll(async () => {
  tenant = await sandbox({ seed: 'session', clock: 'fixed' })
})
afterAll(() => tenant.close())
beforeEach(() => {
  auth0 = connect(tenant.options)
})

/** Requests that `work` makes the tenant see. */
async function requestsOf(work: () => unknown): Promise<string[]> {
  const before = tenant.requests.length
  await work()
  return tenant.requests.slice(before).map(({ method, path }) => `${method} ${path}`)
}

const own = (object: object): string[] => {
  const names = new Set<string>()
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  }
  return [...names]
}

describe('a session', () => {
  it('offers groups and words, and nothing inherited', () => {
    const names = own(auth0)
    for (const word of ['users', 'clients', 'networkAcls', 'login', 'mfa', 'passwordless', 'device', 'database']) {
      expect(names).toContain(word)
    }
    for (const word of [
      'authorize',
      'logout',
      'userInfo',
      'revoke',
      'tenant',
      'as',
      'run',
      'limits',
      'raw',
      'domain',
    ]) {
      expect(names).toContain(word)
    }
    for (const junk of ['toString', 'hasOwnProperty', '__proto__', 'constructor', 'then', 'options', 'settings']) {
      expect(names).not.toContain(junk)
    }
  })

  it('prints as a short card', () => {
    const card = inspect(auth0)
    expect(card).toContain(tenant.domain)
    expect(card).toContain('client credentials')
    expect(card.split('\n').length).toBeLessThan(12)
  })

  it('sends nothing while it is connected, printed, completed or read through', async () => {
    const seen = await requestsOf(async () => {
      const session = connect(tenant.options)
      inspect(session, { depth: 4, getters: true })
      for (const name of own(session)) void (session as unknown as Record<string, unknown>)[name]
      await (session as unknown as Promise<unknown>)
    })
    expect(seen).toEqual([])
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(auth0)).toBe(true)
  })

  it('speaks for another application by as(), over the same transport and limits', async () => {
    await auth0.users.list({ per_page: 1 }).run()
    const other = auth0.as({ clientId: tenant.options.clientId, clientSecret: 'wrong' })
    await expect(other.users.list().run()).rejects.toMatchObject({ kind: 'api', status: 401 })
    expect(other.limits().buckets.map(({ rateKey }) => rateKey)).toEqual(
      auth0.limits().buckets.map(({ rateKey }) => rateKey),
    )
    expect(inspect(auth0.as({ token: 'abc' }))).toContain('manual')
    expect(() => auth0.as({} as never)).toThrow(/needs the other application/)
    expect(() => auth0.as({ timeout: 5 } as never)).toThrow(/"timeout" is not an option/)
    expect(() => auth0.as({ clientSecret: 'x' })).toThrow(/"clientSecret" needs "clientId"/)
  })

  it('tells its limits without sending', async () => {
    await auth0.users.list().run()
    const seen = await requestsOf(() => auth0.limits())
    expect(seen).toEqual([])
    expect(auth0.limits().buckets).toContainEqual(expect.objectContaining({ queued: 0, inFlight: 0 }))
    expect(inspect(auth0.limits())).toContain('Rate limits and token quotas')
    expect(JSON.parse(JSON.stringify(auth0.limits()))).toHaveProperty('quotas.client')
  })

  it('tells its token quota as the tenant told it with the last token', async () => {
    const { clientId } = tenant.options
    await auth0.clients(clientId).quota({ perHour: 50 }).run()
    const other = auth0.as({
      clientId,
      clientSecret: tenant.options.clientSecret,
      audience: tenant.seed.api.identifier,
    })
    await other.roles.list().run().outcome()
    expect(other.limits().quotas.client).toEqual([expect.objectContaining({ bucket: 'per_hour', quota: 50 })])
    expect(inspect(other.limits())).toContain('per_hour')
  })
})

describe('a plan of a session', () => {
  it('sends nothing before run(): awaited, returned, printed, serialised, explained', async () => {
    const plan = auth0.users.list({ per_page: 5 })
    const seen = await requestsOf(async () => {
      const returned = await (async () => plan)()
      expect(await plan).toBe(plan)
      expect(returned).toBe(plan)
      inspect(plan, { showHidden: true, depth: null, getters: true })
      JSON.stringify(plan)
      String(plan)
      void [
        plan.hash,
        plan.toCurl(),
        plan.toHttp(),
        plan.explain(),
        plan.diff(),
        plan.first(),
        plan.all(),
        plan.take(3),
      ]
      void [plan.pages(), plan.events(), plan.with({ timeout: 5 })]
      for (const name of own(plan)) void (plan as unknown as Record<string, unknown>)[name]
    })
    expect(seen).toEqual([])
    expect('then' in plan).toBe(false)
  })

  it('is its data: equal plans are equal, different ones are not, and nothing can be changed', () => {
    const [one, same, other] = [auth0.users('a').get(), auth0.users('a').get(), auth0.users('b').get()]
    deepStrictEqual(one, same)
    expect(one).toEqual(same)
    expect(one.hash).toBe(same.hash)
    notDeepStrictEqual(one, other)
    expect(one.hash).not.toBe(other.hash)
    expect(Object.keys(one)).toEqual(['data'])
    expect(Object.isFrozen(one) && Object.isFrozen(one.data)).toBe(true)
  })

  it('changes into new plans', () => {
    const plan = auth0.users.list({ per_page: 5 })
    const changed = plan
      .with({ headers: { 'X-One': '1' }, query: { page: 1 } })
      .with({ headers: { 'x-two': '2' }, query: { sort: 'email:1' }, maxRetries: 1, timeout: 500 })
      .customDomain('Login.Acme.example')
    expect(plan.data.options).toBeUndefined()
    expect(changed.data.options).toEqual({
      headers: { 'x-one': '1', 'x-two': '2' },
      query: { page: 1, sort: 'email:1' },
      maxRetries: 1,
      timeout: 500,
      customDomain: 'login.acme.example',
    })
    expect(changed.first().data.repeat).toEqual({ kind: 'pages', result: 'first' })
    expect(changed.first().with({ timeout: 7 }).data).toMatchObject({
      repeat: { result: 'first' },
      options: { timeout: 7 },
    })
  })

  it.each<[string, (session: Session) => unknown, RegExp]>([
    [
      'credential headers',
      (s) =>
        s
          .users('a')
          .get()
          .with({ headers: { Authorization: 'x' } }),
      /carries a credential/,
    ],
    [
      'the custom-domain header',
      (s) =>
        s
          .users('a')
          .get()
          .with({ headers: { 'auth0-custom-domain': 'x' } }),
      /plan.customDomain/,
    ],
    [
      'unknown options',
      (s) =>
        s
          .users('a')
          .get()
          .with({ timeOut: 5 } as never),
      /Did you mean "timeout"/,
    ],
    ['a timeout of 0', (s) => s.users('a').get().with({ timeout: 0 }), /above 0/],
    ['half a retry', (s) => s.users('a').get().with({ maxRetries: 0.5 }), /whole number/],
    ['a negative count', (s) => s.users.list().take(-1), /whole number, 0 or more/],
    ['an unknown run option', (s) => s.users.list().run({ maxqueue: 1 } as never), /Did you mean "maxQueue"/],
    ['a signal that is none', (s) => s.users.list().run({ signal: true as never }), /must be an AbortSignal/],
  ])('refuses %s', (_, write, message) => {
    expect(() => write(auth0)).toThrow(
      expect.objectContaining({ kind: 'validation', message: expect.stringMatching(message) }),
    )
  })

  it('refuses a custom domain that is none', () => {
    expect(() => auth0.users('a').get().customDomain('https://id.acme.example/')).toThrow(
      /Did you mean "id.acme.example"/,
    )
  })

  it('gives its value to RxJS, and its events to whoever wants them', async () => {
    const plan = auth0.users(tenant.seed.users[1]?.user_id ?? '').get()
    const value = await lastValueFrom(from(plan as never))
    expect(value).toMatchObject({ user_id: tenant.seed.users[1]?.user_id })
    const kinds: string[] = []
    await new Promise<void>((resolve, reject) => {
      plan.events().subscribe({
        next: (event: PlanEvent<unknown>) => kinds.push(event.kind),
        error: reject,
        complete: resolve,
      })
    })
    expect(kinds).toEqual(['token', 'attempt', 'response', 'value'])
  })

  it('of a list is pulled page by page, and again from the start', async () => {
    const plan = auth0.users.list({ per_page: 1 })
    const ids = async () => {
      const found: unknown[] = []
      for await (const user of plan) found.push(user.user_id)
      return found
    }
    const expected = tenant.seed.users.map((user) => user.user_id)
    expect(await ids()).toEqual(expected)
    expect(await ids()).toEqual(expected)
    const seen = await requestsOf(async () => {
      for await (const user of plan) {
        expect(user.user_id).toBe(expected[0])
        break
      }
    })
    expect(seen).toHaveLength(1)
    expect(await plan.take(1).run()).toHaveLength(1)
    expect(await plan.first().run()).toMatchObject({ user_id: expected[0] })
    const page = await plan.run()
    expect(await page.next?.run()).toMatchObject({ items: [{ user_id: expected[1] }] })
  })
})

describe('plans as JSON', () => {
  it('come back unchanged and run through auth0.run', async () => {
    const plan = auth0.users.list({ per_page: 1, q: 'email:*', search_engine: 'v3' })
    const back = planFrom(JSON.stringify(plan))
    expect(back.data).toEqual(plan.data)
    expect(back.hash).toBe(plan.hash)
    expect(back.explain().url).toContain('https://{domain}/api/v2/users')
    expect(inspect(back)).toContain('auth0.run(plan)')
    expect(await auth0.run(back)).toMatchObject({ items: [expect.objectContaining({ user_id: expect.any(String) })] })
    expect(await auth0.run(JSON.stringify(plan))).toHaveProperty('items')
    expect(await auth0.run(plan.toJSON())).toHaveProperty('items')
    expect(await auth0.run(plan)).toHaveProperty('items')
  })

  it('belong to no session: run() says what to do, and nothing is sent', async () => {
    const back = planFrom(auth0.users.list().toJSON())
    const seen = await requestsOf(async () => {
      await expect(back.run()).rejects.toMatchObject({
        kind: 'unbound',
        message: expect.stringMatching(/auth0\.run\(plan\)/),
      })
      expect(await back.run().outcome()).toMatchObject({ status: 'error', error: { kind: 'unbound' } })
      await expect(back.diff().run()).rejects.toMatchObject({ kind: 'unbound' })
      await expect(lastValueFrom(from(back as never))).rejects.toMatchObject({ kind: 'unbound' })
    })
    expect(seen).toEqual([])
  })

  it('need their secrets again', async () => {
    const plan = auth0.users.create({
      connection: 'Username-Password-Authentication',
      email: 'json@example.com',
      password: 'canary-Pa55word!',
    })
    expect(JSON.stringify(plan)).toContain('{"$secret":"password"}')
    const seen = await requestsOf(() =>
      expect(auth0.run(JSON.stringify(plan))).rejects.toMatchObject({ kind: 'missing_secret', names: ['password'] }),
    )
    expect(seen).toEqual([])
    const created = await auth0.run(JSON.stringify(plan), { secrets: { password: 'canary-Pa55word!' } })
    expect(created).toMatchObject({ email: 'json@example.com' })
  })

  it('take only secrets that they have a slot for, as text or as a Secret', async () => {
    const plan = planFrom(auth0.users('auth0|nobody').update({ password: 'canary-Pa55word!' }).toJSON())
    const refused = (secrets: object) => () => auth0.run(plan, { secrets } as never)
    expect(refused({ pasword: 'x' })).toThrow(/Did you mean "password"/)
    expect(refused({ password: undefined })).toThrow(/"secrets.password" must be a text that is not empty/)
    expect(() => auth0.run(auth0.users.list(), { secrets: { x: 'y' } })).toThrow(/It has none; leave them out/)
    const secret = { kind: 'secret' as const, name: 'password', reveal: () => 'canary-Pa55word!' }
    await expect(auth0.run(plan, { secrets: { password: secret } })).rejects.toMatchObject({ status: 404 })
  })

  it('run in whichever session is asked to', async () => {
    const { domain, dispatcher, clock } = tenant.options
    const nobody = connect({ domain, dispatcher, clock })
    const plan = nobody.roles.list()
    await expect(plan.run()).rejects.toMatchObject({ kind: 'configuration' })
    await expect(auth0.run(plan)).resolves.toHaveProperty('items')
  })

  it('that are none are refused', () => {
    expect(() => planFrom('{')).toThrow(/it is not JSON/)
    expect(() => planFrom({ v: 1, op: 'users.gett' })).toThrow(/Did you mean users.get\?/)
    expect(() => auth0.run({} as never)).toThrow(/"v" must be 1/)
    expect(() => auth0.run(auth0.users.list(), { secret: {} } as never)).toThrow(/Did you mean "secrets"/)
  })
})

describe('raw requests', () => {
  it('are plans like any other', async () => {
    const plan = auth0.raw<{ domain: string }[]>('GET /api/v2/users?per_page=1', { query: { fields: 'user_id' } })
    expect(plan.explain().url).toBe(`https://${tenant.domain}/api/v2/users?per_page=1&fields=user_id`)
    expect(await plan.run()).toHaveLength(1)
  })

  it('keep secrets out of their data, by the catalogue and by name', () => {
    const body = { email: 'a@example.com', password: 'canary-1', nested: [{ client_secret: 'canary-2' }] }
    const plan = auth0.raw('POST /api/v2/users', { body })
    expect(JSON.stringify(plan) + inspect(plan) + plan.toCurl() + plan.toHttp()).not.toContain('canary')
    expect(plan.data.body).toMatchObject({ password: { $secret: 'password' } })
  })

  it.each([
    ['a route without method', '/api/v2/users', undefined, /must be a method and a path/],
    ['a whole URL', 'GET https://a.b/api', undefined, /names the host "a\.b", and this session is connected to/],
    ['an unknown option', 'GET /x', { params: {} }, /Options are query, body/],
    ['a body that JSON cannot carry', 'POST /x', { body: { at: new Date(0) } }, /"at" cannot be sent: a Date/],
  ])('refuse %s', (_, route, options, message) => {
    expect(() => auth0.raw(route, options as never)).toThrow(message)
  })
})
