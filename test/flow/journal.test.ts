import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { concatMap, from, lastValueFrom, mergeMap, toArray } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { all, connect, type Flow, type Session, type Work } from '../../src/index.ts'
import { host, offerHost } from '../../src/plan/index.ts'
import { defineRunbook, readJournal, runRunbook } from '../../src/runbook.ts'
import { observe } from '../../src/rx.ts'
import { lab, type Sandbox, sandbox } from '../../src/sandbox.ts'
import { writesTo } from '../runbook/support.ts'

let tenant: Sandbox
let auth0: Session
let folder: string

beforeAll(async () => {
  tenant = await sandbox({
    seed: 'journal',
    users: 6,
    clock: 'fixed',
    tls: false,
    lag: { search: '2s', members: '1s' },
  })
})
beforeEach(() => {
  tenant.reset()
  auth0 = connect({ ...tenant.options, retry: false })
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = mkdtempSync(join(tmpdir(), 'flow-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await tenant.close()
})

const writes = () => writesTo(tenant)
const night = (name = 'night') =>
  auth0.roles.create({ name }).andThen((role) => auth0.roles(role.id ?? '').update({ description: 'Works at night' }))
const rolesNow = async () => (await auth0.roles.list({}).all().run()).map(({ name }) => name)

describe('a flow that is run with a journal', () => {
  it('answers as without one, tells its events, and can be undone', async () => {
    const before = await rolesNow()
    const run = night().run({ journal: true })
    const kinds: string[] = []
    const sent: string[] = []
    run.events.subscribe((event) => {
      kinds.push(event.kind)
      if (event.kind === 'attempt') sent.push(event.method)
    })
    expect((await run).description).toBe('Works at night')
    expect(sent.filter((method) => method !== 'GET')).toEqual(['POST', 'PATCH'])
    expect(kinds.at(-1)).toBe('value')
    expect(await run.undo()).toMatchObject({ status: 'done', written: 2 })
    expect(await rolesNow()).toEqual(before)
  })

  it.each([
    ['a flow of two', () => night()],
    [
      'every item of a list',
      () => auth0.users.list().each((user) => auth0.users(user.user_id ?? '').update({ blocked: true })),
    ],
    ['several at once', () => all({ a: night('a'), b: night('b') })],
  ] as [string, () => Flow<unknown>][])(
    'keeps a line for each part in its file, and goes on after a failure: %s',
    async (_, flow) => {
      const journal = join(folder, 'flow.jsonl')
      tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, times: 1 })
      await expect(flow().run({ journal })).rejects.toMatchObject({ status: 400 })
      const sent = writes().length
      await flow().run({ journal })
      const done = readJournal(journal).flatMap((entry) => (entry.type === 'done' ? [entry.step] : []))
      expect(new Set(done).size, 'no part twice').toBe(done.length)
      expect(
        writes()
          .slice(sent)
          .filter((write) => write.startsWith('POST')),
      ).toEqual([])
      expect(readFileSync(journal, 'utf8')).toContain('"status":"done"')
    },
  )

  it.each([
    ['a lab', async () => (await lab({ seed: 'kept', tls: false })) as { auth0: Session; finish(): Promise<unknown> }],
    [
      'the console',
      async () => {
        const before = host()
        offerHost({ ...before, keepsJournals: true })
        return { auth0, finish: async () => offerHost(before) }
      },
    ],
  ])('keeps one by itself in %s, and can be undone there', async (_, opened) => {
    const { auth0: session, finish } = await opened()
    try {
      const names = async () => (await session.roles.list().all().run()).map(({ name }) => name).sort()
      const before = await names()
      const made = session.roles
        .create({ name: 'kept' })
        .andThen((role) => session.roles(role.id ?? '').update({ description: 'x' }))
        .run()
      await made
      expect(await names()).not.toEqual(before)
      expect(await made.undo()).toMatchObject({ status: 'done', written: 2 })
      expect(await names()).toEqual(before)
      const none = session.roles
        .create({ name: 'none' })
        .map(({ name }) => name)
        .run({ journal: false })
      expect(await none).toBe('none')
      await expect(none.undo()).rejects.toThrow('kept no journal')
    } finally {
      await finish()
    }
  })

  it.each([
    ['a write whose answer is lost', 'reset', 'network'],
    ['a write that failed', 'status', 'api'],
  ] as const)('hands every failure on where nobody asked for a journal: %s', async (_, kind, wanted) => {
    const { auth0: session, tenant: own, finish } = await lab({ seed: 'kept', tls: false, sandboxOnly: true })
    own.faults.add({ kind, match: { method: 'POST', path: '/api/v2/roles' } })
    const run = session.roles
      .create({ name: 'r' })
      .map(({ name }) => name)
      .otherwise(({ kind }) => kind)
      .run()
    expect(await run).toBe(wanted)
    await finish()
  })

  it.each([true, undefined])('is ended by an interrupt under its own name: journal %s', async (journal) => {
    const before = host()
    const entered = new Set<{ readonly operation: string; abort(reason?: string): void }>()
    const executions = { add: (one: never) => void entered.add(one), delete: (one: never) => entered.delete(one) }
    offerHost({ executions, keepsJournals: true })
    try {
      // The tenant may carry out later what was aborted here.
      const run = night(`interrupted ${journal}`).run(journal === undefined ? {} : { journal })
      await new Promise((resolve) => setTimeout(resolve, 5))
      const names = [...entered].map(({ operation }) => operation)
      expect(names[0]).toBe('roles.create, then')
      expect(names.join()).not.toContain('the runbook')
      for (const one of entered) one.abort('the kernel was interrupted')
      expect(await run.outcome()).toMatchObject({ status: 'error', error: { kind: 'aborted' } })
    } finally {
      offerHost(before)
    }
  })

  it('tells that a run without a journal has nothing to undo', async () => {
    const run = night().run()
    await run
    await expect(run.undo()).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('journal: true'),
    })
  })

  it('undoes what a run wrote that failed', async () => {
    const before = await rolesNow()
    tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, times: 1 })
    const run = night().run({ journal: true })
    await expect(run).rejects.toMatchObject({ status: 400 })
    expect(await run.undo()).toMatchObject({ status: 'done', written: 1 })
    expect(await rolesNow()).toEqual(before)
  })

  it('undoes nothing that somebody has changed since', async () => {
    const run = night().run({ journal: join(folder, 'flow.jsonl') })
    const { id = '' } = await run
    await auth0.roles(id).update({ description: 'Mine' }).run()
    await expect(run.undo()).rejects.toMatchObject({ kind: 'drift' })
  })

  it('refuses a journal that is neither a path nor true, and a flow of no session', () => {
    expect(() => night().run({ journal: '' })).toThrow(/"journal" must be the path of a file, or true/)
    expect(() => night().run({ jornal: true } as never)).toThrow(/Did you mean "journal"/)
  })

  it('ends when it is aborted', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(night().run({ journal: true, signal: controller.signal })).rejects.toMatchObject({ kind: 'aborted' })
    expect(writes()).toEqual([])
  })
})

describe('plan.undoWith()', () => {
  const renamed = () =>
    auth0.tenants.settings
      .update({ friendly_name: 'Night' })
      .undoWith(({ before }) =>
        auth0.tenants.settings.update({ friendly_name: `Back to ${before?.friendly_name ?? 'nothing'}` }),
      )
  const nameNow = async () => (await auth0.tenants.settings.get().run()).friendly_name

  it.each<[string, () => PromiseLike<{ undo(): PromiseLike<unknown> }>]>([
    [
      'in a flow',
      async () => {
        const run = renamed()
          .andThen(() => auth0.roles.create({ name: 'r' }))
          .run({ journal: true })
        await run
        return { undo: () => run.undo() }
      },
    ],
    [
      'in a step of a runbook',
      async () => {
        const journal = join(folder, 'run.jsonl')
        const runbook = defineRunbook({
          name: 'renames',
          async *steps({ step }) {
            yield* step('rename', renamed())
          },
        })
        expect((await runRunbook(runbook, auth0, { journal })).status).toBe('done')
        const { undoRun } = await import('../../src/runbook.ts')
        return { undo: () => undoRun(journal, auth0) }
      },
    ],
  ])('says what undoes a plan: %s', async (_, run) => {
    const before = await nameNow()
    const done = await run()
    expect(await nameNow()).toBe('Night')
    expect(await done.undo()).toMatchObject({ status: 'done' })
    expect(await nameNow()).toBe(`Back to ${before ?? 'nothing'}`)
  })

  it('leaves the plan as it is: same data, same hash, inert', () => {
    const plan = auth0.roles.create({ name: 'r' })
    const other = plan.undoWith(() => undefined)
    expect(other.hash).toBe(plan.hash)
    expect(JSON.stringify(other)).toBe(JSON.stringify(plan))
    expect(() => plan.undoWith('x' as never)).toThrow(/takes a function/)
    expect(tenant.requests).toEqual([])
  })
})

/** Writes of many kinds, each from a seed; the records that they change are there in every tenant of this test. */
const MAKERS: Readonly<Record<string, (session: Session, n: number) => Work<unknown>>> = {
  'roles.create': (session, n) => session.roles.create({ name: `role ${n}`, description: `number ${n}` }),
  'organizations.create': (session, n) => session.organizations.create({ name: `org-${n}`, display_name: `Org ${n}` }),
  'clients.create': (session, n) =>
    session.clients.create({ name: `client ${n}`, callbacks: [`https://${n}.example/`] }),
  'users.update': (session, n) =>
    session.users(user()).update({ nickname: `n${n}`, user_metadata: { [`k${n % 3}`]: { deep: n } } }),
  'users.update, blocked': (session, n) => session.users(user()).update({ blocked: n % 2 === 0 }),
  'tenants.settings.update': (session, n) =>
    session.tenants.settings.update({ friendly_name: `Tenant ${n}`, session_lifetime: 1 + (n % 100) }),
  'clients.update': (session, n) =>
    session
      .clients(tenant.options.clientId)
      .update({ description: `d${n}`, client_metadata: { [`m${n % 3}`]: `${n}` } }),
  'then a change of what was made': (session, n) =>
    session.roles
      .create({ name: `made ${n}` })
      .andThen((role) => session.roles(role.id ?? '').update({ name: `changed ${n}` })),
}
const user = () => tenant.seed.users[1]?.user_id ?? ''

/** What Auth0 cannot take back to nothing, and means the same: a text without letters, a map without members, not blocked. */
function isNothing(key: string, value: unknown): boolean {
  if (key === 'blocked') return value === false
  return value === '' || (/_metadata$/.test(key) && JSON.stringify(value) === '{}')
}

/** All that a client may write of what these writes touch. */
async function stateOf(session: Session): Promise<unknown> {
  const state = await all({
    roles: session.roles.list({}).all(),
    organizations: session.organizations.list({}).all(),
    clients: session.clients.list({}).all(),
    user: session.users(user()).get(),
    settings: session.tenants.settings.get(),
  }).run()
  return JSON.parse(
    JSON.stringify(
      state,
      (
        key,
        value, // A user who was never blocked and one who is no more are the same.
      ) => (key === 'updated_at' || isNothing(key, value) ? undefined : value),
    ),
  )
}

describe('laws of undo', () => {
  it('run then undo restores every field that a client may write, for plans whose row has an inverse', async () => {
    const name = fc.constantFrom(...Object.keys(MAKERS))
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 5 }), fc.nat(1000), async (names, seed) => {
        tenant.reset()
        const session = connect({ ...tenant.options, retry: false })
        const before = await stateOf(session)
        const work = names.map((each, at) => (MAKERS[each] as (typeof MAKERS)[string])(session, seed + at))
        const [first, ...rest] = work as [Work<unknown>, ...Work<unknown>[]]
        const flow = rest.reduce<Work<unknown>>((sum, each) => sum.andThen(() => each), first)
        const run = (flow === first ? all([flow]) : (flow as Flow<unknown>)).run({ journal: true })
        await run
        expect((await run.undo()).status).toBe('done')
        expect(await stateOf(session)).toEqual(before)
      }),
      { numRuns: 8 },
    )
  })

  it.each<[string, (session: Session) => Work<unknown>]>([
    ['no operation undoes it', (session) => session.jobs.verificationEmail.create({ user_id: user() })],
    ['what is deleted does not come back', (session) => session.users(user()).delete()],
    ['no reading shows the old value', (session) => session.users(user()).update({ password: 'Other-pass-4711' })],
  ])('the others say before they run that they cannot be undone: %s', async (_, make) => {
    const work = make(auth0)
    const told = 'data' in work ? (work.explain() as { undo?: string }).undo : undefined
    expect(told).toMatch(/^none: it cannot be undone, since /)
    const review = await all({ work, role: auth0.roles.create({ name: 'r' }) }).check()
    const writing = review.requests.filter(({ effect }) => effect === 'write')
    expect(writing.map(({ noUndo }) => noUndo !== undefined)).toEqual([true, false])
    expect(JSON.stringify(review)).toContain(JSON.stringify(writing[0]?.noUndo))
    expect(writes()).toEqual([])
  })
})

describe('one composite written four ways', () => {
  // Users in the order in which a list gives them.
  let ids: readonly string[]
  beforeAll(async () => {
    const listed = await connect(tenant.options).users.list().all().run()
    ids = listed.map(({ user_id = '' }) => user_id)
  })
  // Each has a body of its own, so that one that is sent for another shows.
  const block = (session: Session, id: string) =>
    session.users(id).update({ blocked: true, user_metadata: { reviewed: id } })
  let sent: string[] = []
  const recorded = () =>
    connect({
      ...tenant.options,
      retry: false,
      dispatcher: {
        dispatch(options: { method?: string; path?: string; body?: unknown }, handler: object) {
          const { method, path = '', body } = options
          if (method !== 'GET' && path.startsWith('/api/v2')) sent.push(JSON.stringify([method, path, String(body)]))
          return tenant.options.dispatcher.dispatch(options, handler)
        },
      },
    })
  const flow = (session: Session, concurrency: number) =>
    session.roles
      .create({ name: 'blocked' })
      .andThen(() => session.users.list().each((each) => block(session, each.user_id ?? ''), { concurrency }))
  const WAYS: Readonly<Record<string, (session: Session, width: number) => PromiseLike<unknown>>> = {
    async 'a cell'(session, width) {
      await session.roles.create({ name: 'blocked' }).run()
      const waiting = [...ids]
      const worker = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await block(session, id).run()
      }
      await Promise.all(Array.from({ length: width }, worker))
    },
    RxJS: (session, width) =>
      lastValueFrom(
        observe(session.roles.create({ name: 'blocked' })).pipe(
          concatMap(() => from(ids)),
          mergeMap((id) => observe(block(session, id)), width),
          toArray(),
        ),
      ),
    async 'a runbook'(session, width) {
      const runbook = defineRunbook({
        name: 'four',
        async *steps({ auth0: own, step }) {
          yield* step('all', flow(own, width))
        },
      })
      expect((await runRunbook(runbook, session, { journal: join(folder, 'four.jsonl') })).status).toBe('done')
    },
    async 'an applied review'(session, width) {
      const review = await flow(session, width).check()
      expect((await review.apply()).status).toBe('done')
    },
  }

  it.each([1, 2, 5])('sends the same writes, %d at once', async (width) => {
    const seen = new Map<string, readonly string[]>()
    for (const [way, run] of Object.entries(WAYS)) {
      tenant.reset()
      sent = []
      await run(recorded(), width)
      seen.set(way, width === 1 ? sent : sent.sort())
    }
    const [first, ...others] = [...seen.values()]
    expect(first).toHaveLength(1 + ids.length)
    expect(first?.filter((each) => each.includes('reviewed'))).toHaveLength(ids.length)
    for (const other of others) expect(other).toEqual(first)
  })
})
