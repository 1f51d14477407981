import { describe, expect, it } from 'vitest'
import { stopOf } from '../../src/notebook/script/stop.ts'
import { planData, type TenantlabError } from '../../src/plan/index.ts'
import type { JournalEntry } from '../../src/run/index.ts'
import { rowFor, subjectOf } from '../../src/run/steps/step.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { rowOf } from '../../src/wire/index.ts'

type Give = () => unknown

const reply =
  (status: number, headers: Record<string, string> = {}, body = '{}') =>
  () => ({ status, headers, body })
const fails =
  (code: string, more: object = {}) =>
  async () => {
    throw Object.assign(new Error('the transport failed'), { code, ...more })
  }

/** Every way in which a request ends, and whether the tenant may have carried out a write that ended so. */
const ENDS: Readonly<Record<string, readonly [Give, 'no' | 'maybe']>> = {
  '200, cut': [reply(200, { 'content-type': 'application/json' }, '{"a":'), 'maybe'],
  '201, a page of HTML': [reply(201, { 'content-type': 'text/html' }, '<html></html>'), 'maybe'],
  302: [reply(302, { location: 'https://elsewhere.example/' }), 'no'],
  400: [reply(400), 'no'],
  401: [reply(401), 'no'],
  403: [reply(403), 'no'],
  404: [reply(404), 'no'],
  408: [reply(408), 'maybe'],
  409: [reply(409), 'no'],
  413: [reply(413), 'no'],
  425: [reply(425), 'no'],
  429: [reply(429), 'no'],
  500: [reply(500), 'maybe'],
  501: [reply(501), 'no'],
  502: [reply(502, {}, '<html>Bad gateway</html>'), 'maybe'],
  503: [reply(503), 'maybe'],
  '503 with Retry-After': [reply(503, { 'retry-after': '1' }), 'no'],
  504: [reply(504), 'maybe'],
  520: [reply(520), 'maybe'],
  'a cut connection': [fails('ECONNRESET'), 'maybe'],
  'a refused connection': [fails('ECONNREFUSED'), 'no'],
  'an unknown host': [fails('ENOTFOUND'), 'no'],
  'a certificate that is not trusted': [fails('DEPTH_ZERO_SELF_SIGNED_CERT'), 'no'],
  'X3 TLS that breaks in the middle': [fails('EPROTO'), 'maybe'],
  'X3 a route that is lost in the middle': [fails('EHOSTUNREACH', { syscall: 'read' }), 'maybe'],
  'X3 an SSL alert': [fails('ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC'), 'maybe'],
  'an error without a code': [fails(''), 'maybe'],
  'the deadline': [() => new Promise(() => {}), 'maybe'],
}

const on = (give: Give): Session =>
  connect({
    domain: 'tenant.example',
    token: 'x',
    clientId: 'c',
    clientSecret: 's',
    retry: false,
    timeout: 60,
    idToken: false,
    transport: give as never,
  } as never)

const PLANS = {
  'a read': (auth0: Session) => auth0.users('auth0|1').get(),
  'a write that is safe to repeat': (auth0: Session) => auth0.users('auth0|1').update({ blocked: true }),
  'a write that is not': (auth0: Session) => auth0.roles.create({ name: 'x' }),
  'a raw write': (auth0: Session) => auth0.raw('POST /api/v2/roles', { body: { name: 'x' } }),
  'a login': (auth0: Session) => auth0.login.password({ username: 'a', password: 'b', clientId: 'c' }),
} as const

const table = Object.entries(ENDS).flatMap(([end, [give, applied]]) =>
  Object.entries(PLANS).map(([effect, plan]) => ({ end, effect, give, plan, applied })),
)

async function failureOf(auth0: Session, plan: (auth0: Session) => unknown): Promise<TenantlabError> {
  const outcome = await (plan(auth0) as ReturnType<(typeof PLANS)['a read']>).run().outcome()
  expect(outcome.status).toBe('error')
  return (outcome as { error: TenantlabError }).error
}

describe('C4 one answer to "was it carried out?"', () => {
  it.each(table)('$end, $effect', async ({ give, plan, effect, applied }) => {
    const error = await failureOf(on(give), plan)
    const expected = effect === 'a read' ? 'no' : applied
    expect(error.applied).toBe(expected)
    expect(error.toJSON()).toMatchObject({ applied: expected })
    const toldOnce = effect === 'a write that is not' || effect === 'a raw write'
    if (toldOnce) expect(error.message.split('may have been applied').length - 1).toBe(expected === 'maybe' ? 1 : 0)
    if (effect === 'a read') expect(error.message).not.toMatch(/applied|carried out/)
    const decides = expected === 'maybe' && toldOnce
    expect(stopOf(error).kind).toBe(decides ? 'decision' : error.kind)
  })

  it.each(Object.entries(ENDS))('%s, in a runbook', async (_, [give, applied]) => {
    const entries: JournalEntry[] = []
    const runbook = defineRunbook({
      name: 'one',
      async *steps({ auth0, step }) {
        yield* step('create', auth0.roles.create({ name: 'x' }))
      },
    })
    const auth0 = on(give)
    const result = await runRunbook(runbook, auth0, { journal: memoryJournal(entries) })
    expect(result.exitCode).toBe(applied === 'maybe' ? 3 : 1)
    expect(entries.find(({ type }) => type === 'failed')).toMatchObject({ applied })
    const answer = entries.find(({ type }) => type === 'answer')
    if (answer !== undefined) expect(answer).toMatchObject({ applied })
  })

  it.each([
    ['C25 a read', 'a read', 'no'],
    ['a write', 'a write that is not', 'maybe'],
    ['a write that is safe to repeat', 'a write that is safe to repeat', 'maybe'],
  ] as const)('%s that is aborted in flight', async (_, effect, applied) => {
    const auth0 = on(() => new Promise(() => {}))
    const execution = (PLANS[effect](auth0) as ReturnType<(typeof PLANS)['a read']>).run()
    await new Promise((resolve) => {
      execution.events.subscribe({ next: (event) => event.kind === 'attempt' && setImmediate(resolve), error() {} })
    })
    execution.abort('enough')
    const outcome = await execution.outcome()
    expect(outcome).toMatchObject({ error: { kind: 'aborted', applied, attempts: 1 } })
    const { message } = (outcome as { error: Error }).error
    if (applied === 'no') expect(message).not.toMatch(/applied/)
    else expect(message).toMatch(/may have been applied/)
  })

  it('counts no refused attempt when a wait between two attempts is aborted', async () => {
    const auth0 = connect({
      domain: 'tenant.example',
      token: 'x',
      transport: async () => ({ status: 429, headers: { 'retry-after': '5' }, body: '{}' }),
    })
    const execution = auth0.roles.create({ name: 'x' }).run()
    await new Promise((resolve) => {
      execution.events.subscribe({ next: (event) => event.kind === 'retry' && setImmediate(resolve), error() {} })
    })
    execution.abort()
    expect(await execution.outcome()).toMatchObject({ error: { kind: 'aborted', applied: 'no', attempts: 1 } })
  })

  it('remembers an earlier attempt that may have been carried out', async () => {
    let count = 0
    const auth0 = connect({
      domain: 'tenant.example',
      token: 'x',
      retry: { initialDelay: 1 },
      transport: async () => ({ status: ++count === 1 ? 500 : 404, headers: {}, body: '{}' }),
    })
    const outcome = await auth0.users('auth0|1').update({ blocked: true }).run().outcome()
    expect(outcome).toMatchObject({ error: { status: 404, applied: 'maybe', attempts: 2 } })
  })

  it('wraps what a stage of the caller raised after the answer', async () => {
    const auth0 = connect({
      domain: 'tenant.example',
      token: 'x',
      pipeline: [
        (next) => (operation) => ({
          subscribe: (observer) =>
            next(operation).subscribe({ next: () => observer.error?.(new RangeError('mine')), error: observer.error }),
        }),
      ],
      transport: async () => ({ status: 201, headers: {}, body: '{}' }),
    })
    const outcome = await auth0.roles.create({ name: 'x' }).run().outcome()
    expect(outcome).toMatchObject({ error: { kind: 'unexpected', applied: 'maybe', attempts: 1 } })
  })
})

describe('C33 one row per plan', () => {
  it.each([
    ['GET /api/v2/users', 'read', 'idempotent'],
    ['POST /api/v2/roles', 'write', 'unsafe'],
    ['POST /oauth/token', 'write', 'grant'],
    ['PATCH /api/v2/users/1', 'write', 'idempotent'],
    ['POST /api/v2/not-known', 'write', 'unsafe'],
    ['PUT /api/v2/not-known/1', 'write', 'idempotent'],
  ])('%s is judged alike by the client and by a runbook', (route, effect, retry) => {
    const plan = planData({ op: 'raw', route })
    expect(rowOf(plan)).toMatchObject({ effect, retry })
    expect(rowFor(plan)).toMatchObject({ effect, retry })
    const auth0 = on(reply(200))
    expect(subjectOf({ id: 's', work: auth0.raw(route as 'GET /x'), options: {} } as never).effect).toBe(effect)
  })
})
