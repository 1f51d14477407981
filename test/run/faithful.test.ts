import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiError, NetworkError, RateLimitError, ScopeError } from '../../src/plan/index.ts'
import type { JournalEntry, Runbook, RunbookContext, RunEvent } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

type Context = RunbookContext<Record<string, never>>

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'faithful', clock: 'fixed', tls: false, lag: { search: '2s', members: '1s' } })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const client = () => tenant.options.clientId
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/'))
const book = (steps: Runbook<Record<string, never>>['steps']) => defineRunbook({ name: 'book', steps })
const told = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === 'say' ? [event.text] : []))

describe('R29 an error that a resumed run meets again', () => {
  it.each([
    ['a record that is not there', { kind: 'status', status: 404 }, [ApiError], { kind: 'api', status: 404 }],
    ['a conflict', { kind: 'status', status: 409 }, [ApiError], { status: 409 }],
    ['a scope that is missing', { kind: 'status', status: 403 }, [ApiError, ScopeError], { status: 403 }],
    ['no answer', { kind: 'reset' }, [NetworkError], { kind: 'network' }],
  ] as const)('is of the same class, with the same members: %s', async (_, fault, classes, members) => {
    const caught: unknown[] = []
    const runbook = book(async function* ({ auth0, step }) {
      try {
        yield* step('try', auth0.clients(client()).get())
      } catch (error) {
        caught.push(error)
      }
      yield* step('go on', auth0.clients(client()).update({ description: 'x' }))
      yield* step('stop', auth0.clients(client()).update({ description: 'y' }), { confirm: true })
    })
    tenant.faults.add({ ...fault, match: { method: 'GET', path: '/api/v2/clients/*' }, times: 1 } as never)
    const entries: JournalEntry[] = []
    expect((await runRunbook(runbook, open(), { journal: memoryJournal(entries) })).status).toBe('stopped')
    expect((await runRunbook(runbook, open(), { journal: memoryJournal(entries), yes: true })).status).toBe('done')
    expect(caught).toHaveLength(2)
    const [first, again] = caught as [Error, Error]
    expect(again.name).toBe(first.name)
    expect(classes.some((type) => again instanceof type)).toBe(true)
    expect(again).toMatchObject(members)
    expect(again.message).toBe(first.message)
    expect({ ...again }).toEqual(expect.objectContaining(members))
  })
})

describe('R15 the code of a step that is done', () => {
  it.each([
    ['its body', { description: 'new' }, 'body.description'],
    ['a further field', { description: 'old', name: 'Name' }, 'body.name'],
  ] as const)('has changed in %s: that is told, and nothing is sent again', async (_, body, path) => {
    const runbook = (change: object) =>
      book(async function* ({ auth0, step }) {
        yield* step('describe', auth0.clients(client()).update(change))
        yield* step('confirm', auth0.clients(client()).update({ name: 'x' }), { confirm: true })
      })
    const entries: JournalEntry[] = []
    await runRunbook(runbook({ description: 'old' }), open(), { journal: memoryJournal(entries) })
    const sent = writes().length
    const events: RunEvent[] = []
    const listener = (event: RunEvent) => void events.push(event)
    await runRunbook(runbook(body), open(), { journal: memoryJournal(entries), listener })
    expect(told(events).join()).toMatch(new RegExp(`"describe" is done as it was written.*${path}`))
    expect(writes()).toHaveLength(sent)
  })
})

describe('R11 a check of what cannot be written', () => {
  it.each([
    [
      'a change of what is not there',
      async function* ({ auth0, step }: Context) {
        yield* step('update', auth0.roles('rol_nope').update({ name: 'x' }))
      },
      404,
    ],
    [
      'a change after the delete',
      async function* ({ auth0, step }: Context) {
        const own = auth0.clients(client())
        yield* step('delete', own.delete())
        yield* step('update', own.update({ name: 'x' }))
      },
      404,
    ],
    [
      'two records of one name',
      async function* ({ auth0, step }: Context) {
        for (const id of ['one', 'two']) yield* step(id, auth0.roles.create({ name: 'clerk' }))
      },
      409,
    ],
    [
      'two users of one address',
      async function* ({ auth0, step }: Context) {
        const connection = 'Username-Password-Authentication'
        for (const id of ['one', 'two'])
          yield* step(
            id,
            auth0.users.create({
              connection,
              email: 'a@example.com',
              password: 'Long-enough-77!',
            }),
          )
      },
      409,
    ],
    [
      'two users of one address in other letters',
      async function* ({ auth0, step }: Context) {
        const user = { connection: 'Username-Password-Authentication', password: 'Long-enough-77!' }
        for (const email of ['ann@example.com', 'Ann@Example.com'])
          yield* step(email, auth0.users.create({ ...user, email }))
      },
      409,
    ],
  ] as const)('refuses %s', async (_, steps, status) => {
    for (const mode of ['check', 'plan'] as const) {
      const result = await runRunbook(book(steps as never), open(), { mode })
      expect(result, mode).toMatchObject({ status: 'failed', exitCode: 1 })
      expect(result.error, mode).toMatchObject({ status })
    }
  })

  it('takes a name again that an earlier step has freed', async () => {
    const runbook = book(async function* ({ auth0, step }) {
      const { id = '' } = yield* step('one', auth0.roles.create({ name: 'clerk' }))
      yield* step('delete', auth0.roles(id).delete())
      yield* step('two', auth0.roles.create({ name: 'clerk' }))
    })
    expect((await runRunbook(runbook, open(), { mode: 'check' })).status).toBe('done')
  })
})

describe('R14 a value that is not known yet', () => {
  it.each([
    ['is a branch', (made: { is_first_party?: boolean }) => (made.is_first_party ? 'a' : 'b'), 'is_first_party'],
    [
      'is compared',
      (made: { jwt_configuration?: { alg?: string } }) => (made.jwt_configuration?.alg === 'RS256' ? 'a' : 'b'),
      'jwt_configuration.alg',
    ],
    [
      'is counted',
      (made: { callbacks?: readonly string[] }) => ((made.callbacks?.length ?? 0) === 0 ? 'a' : 'b'),
      'callbacks.length',
    ],
    ['is looked for', (made: object) => ('callbacks' in made ? 'a' : 'b'), 'callbacks'],
  ] as const)('that %s is named', async (_, branch, member) => {
    const runbook = book(async function* ({ auth0, step }) {
      const made = yield* step('create', auth0.clients.create({ name: 'Job' }))
      yield* step('update', auth0.clients(made.client_id ?? '').update({ description: branch(made as never) }))
    })
    for (const mode of ['check', 'plan'] as const) {
      const events: RunEvent[] = []
      const { said } = await runRunbook(runbook, open(), { mode, listener: (event) => events.push(event) })
      expect(told(events), mode).toEqual([expect.stringContaining(`looks at "${member}" of the step "create"`)])
      expect(said, 'a plan file holds it').toHaveLength(1)
    }
  })

  it('is not named where it goes into a plan, into what is said, or is returned', async () => {
    const runbook = book(async function* ({ auth0, step, say }) {
      const { client_id = '', ...rest } = yield* step('create', auth0.clients.create({ name: 'Job' }))
      if (client_id === '') throw new Error('none')
      yield* step('update', auth0.clients(client_id).update({ description: `of ${client_id}` }))
      const role = yield* step('role', auth0.roles.create({ name: 'clerk' }))
      say(`made ${role.id}`)
      return rest.name
    })
    const events: RunEvent[] = []
    await runRunbook(runbook, open(), { mode: 'check', listener: (event) => events.push(event) })
    expect(told(events).filter((text) => text.includes('looks at'))).toEqual([])
  })
})

describe('R31 what a runbook does past its journal', () => {
  it.each([
    [
      'a step without yield*',
      async function* ({ auth0, step }: Context) {
        yield* step('first', auth0.clients(client()).get())
        step('lost', auth0.clients(client()).update({ name: 'x' }))
      },
      /step "lost" was made and never run/,
    ],
    [
      'the run of a plan',
      async function* ({ auth0 }: Context) {
        await auth0.clients(client()).update({ name: 'x' }).run()
        yield* []
      },
      /runs clients\.update itself/,
    ],
    [
      'the run of a flow',
      async function* ({ auth0 }: Context) {
        const own = auth0
        await own
          .clients(client())
          .update({ name: 'x' })
          .andThen(() => own.clients(client()).get())
          .run()
        yield* []
      },
      /runs clients\.update itself/,
    ],
  ] as const)('is named: %s', async (_, steps, message) => {
    const { status, error } = await runRunbook(book(steps as never), open())
    expect(status).toBe('failed')
    expect(String(error)).toMatch(message)
    expect(writes()).toHaveLength(0)
  })
})

describe('R36 a server that tells to come back later', () => {
  const storm = (times: number) =>
    tenant.faults.add({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '45' },
      match: { method: 'PATCH' },
      times,
    } as never)
  const runbook = book(async function* ({ auth0, step }) {
    yield* step('describe', auth0.clients(client()).update({ description: 'x' }))
  })
  const moving = () => ({
    now: () => tenant.clock.now(),
    after(ms: number, task: () => void) {
      if (ms < 31_000) return tenant.options.clock.after(ms, task)
      const soon = setImmediate(() => {
        tenant.clock.advance(ms)
        task()
      })
      return () => clearImmediate(soon)
    },
  })

  it.each([1, 3])('is waited for, and the waits are told (%i)', async (times) => {
    storm(times)
    const waits: RunEvent[] = []
    const session = connect({ ...tenant.options, clock: moving() })
    const { status } = await runRunbook(runbook, session, {
      listener: (event) => void (event.type === 'wait' && event.reason === 'server' && waits.push(event)),
    })
    expect(status).toBe('done')
    expect(waits.length).toBeGreaterThanOrEqual(1)
  })

  it('is waited for no longer than was said', async () => {
    storm(9)
    const session = connect({ ...tenant.options, clock: moving() })
    const { status, error } = await runRunbook(runbook, session, { maxWait: 60_000 })
    expect(status).toBe('failed')
    expect(error).toBeInstanceOf(RateLimitError)
  })
})
