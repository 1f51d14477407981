import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { BasePlan, Diff } from '../../src/plan/index.ts'
import { connect, planFrom } from '../../src/session/index.ts'

const CANARY = 'canary-secret-value-1'
const answers: Record<string, unknown> = {
  '/api/v2/actions/actions/act_1': { id: 'act_1', name: 'a', secrets: [{ name: 'URL', value: CANARY }] },
}
const auth0 = connect({
  domain: 'tenant.example.com',
  token: 'manual-token-of-the-test',
  transport: async ({ url }: { url: string }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answers[new URL(url).pathname] ?? {}),
  }),
})

const plans: readonly [string, () => BasePlan<unknown>][] = [
  ['a client', () => auth0.clients.create({ name: 'x', client_secret: CANARY } as never)],
  ['an action', () => auth0.actions.create({ name: 'a', secrets: [{ name: 'URL', value: CANARY }] } as never)],
  [
    'an Azure mail provider',
    () => auth0.emails.provider.create({ name: 'azure_cs', credentials: { connectionString: CANARY } } as never),
  ],
  [
    'a Sumo stream',
    () => auth0.logStreams.create({ name: 's', type: 'sumo', sink: { sumoSourceAddress: CANARY } } as never),
  ],
  [
    'headers of an HTTP stream',
    () =>
      auth0.logStreams.create({
        type: 'http',
        sink: { httpEndpoint: 'https://x.example', httpCustomHeaders: [{ header: 'X-Own', value: CANARY }] },
      } as never),
  ],
  [
    'the webhook of Slack',
    () =>
      auth0.flows.vault.connections.create({
        name: 'c',
        app_id: 'SLACK',
        setup: { type: 'WEBHOOK', url: `https://hooks.slack.com/services/T/B/${CANARY}` },
      } as never),
  ],
  ['a field that no document knows', () => auth0.users('u').update({ app_metadata: { deep: { dbPassword: CANARY } } })],
  ['raw', () => auth0.raw('POST /api/v2/x', { body: { apiToken: CANARY, list: [{ secretAccessKey: CANARY }] } })],
  ['the query of raw', () => auth0.raw(`GET /api/v2/x?api_key=${CANARY}&page=1`)],
  ['with()', () => auth0.users.list().with({ query: { sessionToken: CANARY } })],
  ['a plan from JSON', () => planFrom({ v: 1, op: 'clients.create', body: { name: 'x', client_secret: CANARY } })],
]

describe('R7, X1 a plan holds no secret', () => {
  it.each(plans)('%s', (_, make) => {
    const plan = make()
    const forms = [
      JSON.stringify(plan),
      inspect(plan),
      inspect(plan, { depth: null }),
      plan.toCurl(),
      plan.toHttp(),
      JSON.stringify(plan.explain()),
      plan.hash,
    ]
    for (const form of forms) {
      expect(form).not.toContain(CANARY)
      expect(form).not.toContain(encodeURIComponent(CANARY))
    }
    expect(JSON.stringify(plan)).toContain('$secret')
  })

  it('and sends it all the same', async () => {
    const sent: { url: string; body?: unknown }[] = []
    const own = connect({
      domain: 'tenant.example.com',
      token: 'manual-token-of-the-test',
      transport: async (request: { url: string; body?: unknown }) => {
        sent.push(request)
        return { status: 200, headers: {}, body: '{}' }
      },
    })
    await own.raw(`GET /api/v2/x?api_key=${CANARY}&page=1`).run()
    await own.run({ v: 1, op: 'users.update', params: { id: 'u' }, body: { password: CANARY } })
    await own.raw('POST /api/v2/x?token=abcdef', { body: { token: CANARY } }).run()
    expect(sent[0]?.url).toContain(`api_key=${CANARY}`)
    expect(sent[1]?.body).toContain(CANARY)
    expect(sent[2]?.url).toContain('token=abcdef')
    expect(sent[2]?.body).toContain(CANARY)
  })

  it('X1: sends numbers, objects and lists as they are, and plans hold none of them', async () => {
    const sent: { body?: unknown }[] = []
    const own = connect({
      domain: 'tenant.example.com',
      token: 'manual-token-of-the-test',
      transport: async (request: { body?: unknown }) => {
        sent.push(request)
        return { status: 200, headers: {}, body: '{}' }
      },
    })
    const body = {
      otp: 482_916,
      credentials: { user: 'ann-of-x', port: 5432 },
      pins: [1234, 99.5],
      on: true,
      password: '',
    }
    const plan = own.raw('POST /api/v2/x', { body })
    expect(JSON.stringify(plan)).not.toMatch(/482916|ann-of-x|5432|99\.5/)
    expect(plan.toCurl() + plan.hash + inspect(plan)).not.toMatch(/482916|ann-of-x/)
    await plan.run()
    expect(JSON.parse(String(sent[0]?.body))).toEqual(body)
    expect(Object.isFrozen(body)).toBe(false)
    const json = JSON.parse(JSON.stringify(own.raw('POST /api/v2/x', { body: { otp: 482_916 } }))) as never
    await own.run(json, { secrets: { otp: '482916' } })
    await own.run(json, { secrets: { otp: 482_916 } as never })
    expect(sent.slice(1).map(({ body: text }) => text)).toEqual(['{"otp":482916}', '{"otp":482916}'])
    await expect(own.run(json).then(String)).rejects.toThrow(/otp/)
  })

  it('C11: refuses bytes and what holds itself by name, and freezes nothing of the caller', () => {
    const circle: Record<string, unknown> = { a: 1 }
    circle.self = circle
    for (const [body, message] of [
      [{ password: Buffer.from('x') }, /"password" cannot be sent: bytes have no form in JSON/],
      [{ list: [new ArrayBuffer(2)] }, /"list\.0" cannot be sent: bytes/],
      [circle, /"self" cannot be sent: the object contains itself/],
    ] as const) {
      expect(() => auth0.raw('POST /api/v2/x', { body: body as never })).toThrow(message)
      expect(Object.isFrozen(body)).toBe(false)
    }
  })

  it('refuses headers that carry a credential or stand for another request', () => {
    for (const headers of [
      { 'X-Api-Key': 'k' },
      { 'x-own': 'Bearer abcdef123456' },
      { 'X-HTTP-Method-Override': 'DELETE' },
      { 'x-original-url': '/api/v2/clients' },
    ]) {
      expect(() => auth0.users.list().with({ headers } as never)).toThrow(/plan\.with\(\): "headers\./)
    }
  })
})

describe('X17 a difference', () => {
  it('hides in its JSON what its table hides', async () => {
    const diff: Diff = await auth0.actions('act_1').update({ name: 'b' }).diff().run()
    expect(diff.kind).toBe('known')
    expect(JSON.stringify(diff)).not.toContain(CANARY)
    expect(inspect(diff, { depth: null })).not.toContain(CANARY)
    expect(diff.kind === 'known' && JSON.stringify(structuredClone(diff.before))).toContain(CANARY)
  })
})

describe('X4 an echo', () => {
  it('of the request in an answer shows neither token nor secret', async () => {
    const own = connect({
      domain: 'tenant.example.com',
      token: 'manual-token-of-the-test',
      transport: async (request: { headers: Record<string, string>; body?: unknown }) => ({
        status: 403,
        headers: { 'content-type': 'text/plain' },
        body: `refused: ${JSON.stringify(request.headers)} ${String(request.body)}`,
      }),
    })
    const outcome = await own
      .raw('POST /api/v2/clients', { body: { name: 'x', client_secret: CANARY } })
      .run()
      .outcome()
    const error = outcome.status === 'error' ? outcome.error : undefined
    const all = [error?.message, error?.stack, JSON.stringify(error), inspect(error)].join('\n')
    expect(all).toContain('403')
    expect(all).not.toContain('manual-token-of-the-test')
    expect(all).not.toContain(CANARY)
  })
})
