import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type JournalEntry, Redactor, type RunEvent, undoOf, waitFor } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { Killed, mortalJournal } from './support.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'course', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const created = () => tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients')
const said = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === 'say' ? [event.text] : []))

describe('a budget of steps', () => {
  it.each([
    ['run', 'left out', { when: false }],
    ['check', 'left out', { when: false }],
    ['plan', 'left out', { when: false }],
    ['run', 'that waits no time', undefined],
    ['check', 'that waits no time', undefined],
  ] as const)('ends a %s that loops over a step %s, and says where', async (mode, _, options) => {
    const endless = defineRunbook({
      name: 'endless',
      maxSteps: 25,
      async *steps({ auth0, step }) {
        for (let i = 0; ; i += 1) {
          if (options === undefined) yield* step(`step ${i}`, waitFor(0)).outcome()
          else yield* step(`step ${i}`, auth0.clients.create({ name: 'Job' }), options).outcome()
        }
      },
    })
    const session = mode === 'run' ? open() : connect({ ...tenant.options, writes: 'check' })
    const result = await runRunbook(endless, session, { mode })
    expect(result.exitCode).toBe(3)
    expect(String(result.error)).toMatch(
      /has taken 25 steps, which is its budget of steps, .* before the step "step 25"/,
    )
  })

  it('ends a check that loops over predicted writes by its budget of requests', async () => {
    const endless = defineRunbook({
      name: 'endless',
      maxRequests: 25,
      async *steps({ auth0, step }) {
        for (let i = 0; ; i += 1) yield* step(`create ${i}`, auth0.clients.create({ name: `Job ${i}` }))
      },
    })
    const result = await runRunbook(endless, connect({ ...tenant.options, writes: 'check' }), { mode: 'check' })
    expect(result.exitCode).toBe(3)
    expect(String(result.error)).toMatch(/its budget of 25 requests, .* in the step "create 25"/)
  })

  it('lets a resumed run go on: what was done costs nothing', async () => {
    const long = defineRunbook({
      name: 'long',
      async *steps({ step }) {
        for (let i = 0; i < 30; i += 1) yield* step(`wait ${i}`, waitFor(0))
      },
    })
    const entries: JournalEntry[] = []
    const codes: number[] = []
    for (let lives = 0; lives < 3; lives += 1) {
      codes.push((await runRunbook(long, open(), { journal: memoryJournal(entries), maxSteps: 12 })).exitCode)
    }
    expect(codes).toEqual([3, 3, 0])
  })
})

describe('a runbook that is stopped', () => {
  it('runs its finally blocks, leaves their steps out and tells which', async () => {
    const order: string[] = []
    const tidy = defineRunbook({
      name: 'tidy',
      async *steps({ auth0, step }) {
        try {
          yield* step('create', auth0.clients.create({ name: 'Job' }), { confirm: true })
        } finally {
          order.push('finally')
          try {
            yield* step('tidy up', auth0.clients(tenant.options.clientId).update({ name: 'Tidy' }))
          } finally {
            order.push('and its own')
          }
        }
      },
    })
    const events: RunEvent[] = []
    const result = await runRunbook(tidy, open(), { listener: (event) => events.push(event) })
    expect(result.exitCode).toBe(3)
    expect(order).toEqual(['finally', 'and its own'])
    expect(events).toContainEqual(
      expect.objectContaining({ step: 'tidy up', outcome: 'skipped', reason: 'the run was stopped' }),
    )
    expect(tenant.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(0)
  })

  it('is stopped between two steps as within one', async () => {
    const order: string[] = []
    const two = defineRunbook({
      name: 'two',
      async *steps({ auth0, step }) {
        try {
          yield* step('create A', auth0.clients.create({ name: 'A' }))
          yield* step('create B', auth0.clients.create({ name: 'B' }))
        } finally {
          order.push('finally')
        }
      },
    })
    const controller = new AbortController()
    const entries: JournalEntry[] = []
    const stopped = await runRunbook(two, open(), {
      journal: memoryJournal(entries),
      signal: controller.signal,
      listener: ({ type }) => {
        if (type === 'step_end') controller.abort()
      },
    })
    expect(stopped).toMatchObject({ status: 'stopped', exitCode: 3 })
    expect(String(stopped.error)).toContain('interrupted before the step "create B". Continue the run.')
    expect(order).toEqual(['finally'])
    expect((await runRunbook(two, open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
    expect(created()).toHaveLength(2)
  })

  it('tells when a finally block fails', async () => {
    const untidy = defineRunbook({
      name: 'untidy',
      async *steps({ auth0, step }) {
        try {
          yield* step('create', auth0.clients.create({ name: 'Job' }), { confirm: true })
        } finally {
          // biome-ignore lint/correctness/noUnsafeFinally: what is tested.
          throw new Error('the broom is gone')
        }
      },
    })
    const events: RunEvent[] = []
    expect((await runRunbook(untidy, open(), { listener: (event) => events.push(event) })).exitCode).toBe(3)
    expect(said(events)).toEqual(['A finally block of the runbook failed: the broom is gone'])
  })
})

describe('a runbook that goes on after a failed step', () => {
  const careful = defineRunbook({
    name: 'careful',
    async *steps({ auth0, step }) {
      try {
        yield* step('read', auth0.clients('nobody').get())
      } catch {
        yield* step('create', auth0.clients.create({ name: 'Job' }))
      }
    },
  })

  it('gets the same failure when it is resumed', async () => {
    const entries: JournalEntry[] = []
    const killed = runRunbook(careful, open(), { journal: mortalJournal(entries, 5, 'after') })
    await expect(killed).rejects.toBeInstanceOf(Killed)
    const reads = () => tenant.requests.filter(({ path }) => path.endsWith('/nobody'))
    expect(reads()).toHaveLength(1)
    const resumed = await runRunbook(careful, open(), { journal: memoryJournal(entries) })
    expect(resumed.error).toBeUndefined()
    expect(reads()).toHaveLength(1)
    expect(created()).toHaveLength(1)
  })

  it('sends a step again that ended the run, whatever its finally block did', async () => {
    let ready = false
    const tidy = defineRunbook({
      name: 'tidy',
      async *steps({ auth0, step }) {
        try {
          yield* step('read', auth0.clients(ready ? tenant.options.clientId : 'nobody').get())
        } catch (cause) {
          throw new Error('it could not be read', { cause })
        } finally {
          yield* step('create', auth0.clients.create({ name: 'Job' }))
        }
      },
    })
    const entries: JournalEntry[] = []
    expect((await runRunbook(tidy, open(), { journal: memoryJournal(entries) })).exitCode).toBe(1)
    ready = true
    expect((await runRunbook(tidy, open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
    expect(created()).toHaveLength(1)
  })
})

describe('a run that is resumed', () => {
  const named = (...ids: string[]) =>
    defineRunbook({
      name: 'named',
      async *steps({ auth0, step }) {
        for (const id of ids) yield* step(id, auth0.clients.create({ name: id.split(' ')[1] ?? '' }))
      },
    })

  it('refuses to send under another id what its journal records', async () => {
    const entries: JournalEntry[] = []
    await runRunbook(named('create A'), open(), { journal: memoryJournal(entries) })
    const renamed = await runRunbook(named('make A', 'create B'), open(), { journal: memoryJournal(entries) })
    expect(renamed.exitCode).toBe(3)
    expect(String(renamed.error)).toMatch(/"make A" would send what the journal records as the step "create A"/)
    expect(created()).toHaveLength(1)
  })

  it('tells of recorded steps to which it has not come', async () => {
    const entries: JournalEntry[] = []
    await runRunbook(named('create A', 'create B'), open(), { journal: memoryJournal(entries) })
    const events: RunEvent[] = []
    const other = await runRunbook(named('create B'), open(), {
      journal: memoryJournal(entries),
      listener: (event) => events.push(event),
    })
    expect(other.exitCode).toBe(0)
    expect(said(events)).toEqual([expect.stringMatching(/^The journal records the step "create A", to which this run/)])
  })

  it('refuses other parameters than its journal was begun with, secrets aside', async () => {
    const asking = defineRunbook({
      name: 'asking',
      params: z.object({ name: z.string(), size: z.number().default(1), apiToken: z.string() }),
      async *steps({ auth0, params, step }) {
        yield* step('create', auth0.clients.create({ name: params.name }))
      },
    })
    const entries: JournalEntry[] = []
    const run = (params: { name: string; size?: number; apiToken: string }) =>
      runRunbook(asking, open(), { params, journal: memoryJournal(entries) })
    expect((await run({ name: 'A', apiToken: 'first-token' })).error).toBeUndefined()
    await expect(run({ name: 'B', size: 2, apiToken: 'first-token' })).rejects.toThrow(
      'The journal was begun with other parameters: "name" was "A" and is "B", "size" was 1 and is 2. Nothing was sent.',
    )
    expect((await run({ name: 'A', size: 1, apiToken: 'other-token' })).error).toBeUndefined()
    expect(created()).toHaveLength(1)
  })

  it('reads once for all recorded steps what their checks ask for', async () => {
    const many = defineRunbook({
      name: 'many',
      async *steps({ auth0, step }) {
        for (const name of ['A', 'B', 'C'])
          yield* step(`create ${name}`, auth0.clients.create({ name }), {
            doneWhen: {
              kind: 'check',
              read: auth0.clients.list({}).all(),
              done: (all) => (all as { name?: string }[]).find((one) => one.name === name),
            },
          })
      },
    })
    const entries: JournalEntry[] = []
    await runRunbook(many, open(), { journal: memoryJournal(entries) })
    const again = await runRunbook(many, open(), { journal: memoryJournal(entries) })
    expect(again.summary).toMatchObject({ recorded: 3, requests: 1 })
  })
})

describe('a step whose undo cannot be made', () => {
  const broken = defineRunbook({
    name: 'broken',
    async *steps({ auth0, step }) {
      yield* step('create', auth0.clients.create({ name: 'Job' }), {
        undo: () => {
          throw new TypeError('undo is broken')
        },
      })
      yield* step('describe', auth0.clients(tenant.options.clientId).update({ description: 'x' }), {
        undo: ({ before }) => auth0.clients(tenant.options.clientId).update({ description: before?.description ?? '' }),
      })
    },
  })

  it('fails once, is done all the same, and undo says that it stays', async () => {
    const entries: JournalEntry[] = []
    const first = await runRunbook(broken, open(), { journal: memoryJournal(entries) })
    expect(first.exitCode).toBe(1)
    expect(first.error).toBeInstanceOf(TypeError)
    expect((await runRunbook(broken, open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
    expect(created()).toHaveLength(1)
    const events: RunEvent[] = []
    const undone = await runRunbook(undoOf(entries, new Redactor()), open(), {
      mode: 'undo',
      listener: (event) => events.push(event),
    })
    expect(undone).toMatchObject({ exitCode: 0, value: 1 })
    expect(said(events)).toEqual(['The step "create" cannot be undone: undo is broken'])
  })
})

describe('undo', () => {
  const three = defineRunbook({
    name: 'three',
    async *steps({ auth0, step }) {
      for (const name of ['A', 'B', 'C'])
        yield* step(`create ${name}`, auth0.clients.create({ name }), {
          undo: ({ result }) => auth0.clients(result.client_id ?? '').delete(),
        })
    },
  })
  const clients = async () => (await open().clients.list({}).all().run()).map(({ name }) => name)

  it('takes back a run that was itself resumed, goes on where it was killed, and does each thing once', async () => {
    const before = await clients()
    const entries: JournalEntry[] = []
    const killed = runRunbook(three, open(), { journal: mortalJournal(entries, 4, 'after') })
    await expect(killed).rejects.toBeInstanceOf(Killed)
    expect((await runRunbook(three, open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
    const undoing: JournalEntry[] = []
    for (let lives = 0; ; lives += 1) {
      const undo = undoOf(entries, new Redactor())
      const life = runRunbook(undo, open(), { mode: 'undo', journal: mortalJournal(undoing, 5, 'after') })
      const end = await life.catch((error: unknown) => error)
      if (!(end instanceof Killed)) {
        expect(end).toMatchObject({ status: 'done' })
        break
      }
      expect(lives).toBeLessThan(20)
    }
    expect(await clients()).toEqual(before)
    const deleted = tenant.requests.filter(({ method, status }) => method === 'DELETE' && status === 204)
    expect(deleted).toHaveLength(3)
  })

  it('says what stays, since no undo was named, and when there is nothing to take back', async () => {
    const id = tenant.options.clientId
    const lasting = (many: number) =>
      defineRunbook({
        name: 'lasting',
        async *steps({ auth0, step }) {
          yield* step('look', auth0.clients(id).get())
          for (let i = 1; i <= many; i += 1) yield* step(`d${i}`, auth0.clients(id).update({ description: `${i}` }))
        },
      })
    for (const [many, text] of [
      [1, 'What the step "d1" wrote stays, since it names no undo.'],
      [7, 'What 7 steps wrote stays, since they name no undo: "d1", "d2", "d3", "d4", "d5" and 2 more.'],
    ] as const) {
      const entries: JournalEntry[] = []
      expect((await runRunbook(lasting(many), open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
      const events: RunEvent[] = []
      const listener = (event: RunEvent) => void events.push(event)
      await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo', listener })
      expect(said(events)).toEqual([text])
    }
  })

  it('refuses a journal with a write of unknown fate, until that is found out', async () => {
    const entries: JournalEntry[] = []
    tenant.faults.add({
      kind: 'reset',
      match: { method: 'POST', path: '/api/v2/clients' },
      after: 1,
      times: 1,
      applied: true,
    })
    expect((await runRunbook(three, open(), { journal: memoryJournal(entries) })).exitCode).toBe(3)
    expect(() => undoOf(entries, new Redactor())).toThrow(/"create B" was sent, and whether .* Continue the run first/)
    const told = await runRunbook(three, open(), {
      journal: memoryJournal(entries),
      ask: () => Promise.resolve('done'),
    })
    expect(told.exitCode, 'its undo needs the result, which nobody has').toBe(0)
    const undone = await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo' })
    expect(undone.error).toBeUndefined()
    expect(await clients()).toContain('B')
    expect(await clients()).not.toContain('A')
  })
})
