import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { doneWhen, type JournalEntry, Redactor, type RunEvent, undoOf } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook, settleRun, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'undo', clock: 'fixed', tls: false, lag: { search: '2s', members: '1s' } })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/'))
const client = () => tenant.options.clientId

const described = defineRunbook({
  name: 'described',
  async *steps({ auth0, step }) {
    for (const text of ['one', 'two'])
      yield* step(`describe ${text}`, auth0.clients(client()).update({ description: text }), {
        undo: ({ before }) => auth0.clients(client()).update({ description: before?.description ?? '' }),
      })
    yield* step('create', auth0.roles.create({ name: 'clerk' }), {
      undo: ({ result }) => auth0.roles(result.id ?? '').delete(),
    })
  },
})

describe('R8 an undo of what is gone', () => {
  const changed = defineRunbook({
    name: 'changed',
    async *steps({ auth0, step }) {
      const role = yield* step('create', auth0.roles.create({ name: 'guest', description: 'a' }), {
        undo: ({ result }) => auth0.roles(result.id ?? '').delete(),
      })
      yield* step('describe', auth0.roles(role.id ?? '').update({ description: 'b' }), {
        undo: ({ before }) => auth0.roles(role.id ?? '').update({ description: before?.description ?? '' }),
      })
      yield* step('name', auth0.clients(client()).update({ name: 'other' }), {
        undo: ({ before }) => auth0.clients(client()).update({ name: before?.name ?? '' }),
      })
    },
  })

  it('goes on with the rest, and says what was not put back', async () => {
    const { name } = await open().clients(client()).get().run()
    const entries: JournalEntry[] = []
    expect((await runRunbook(changed, open(), { journal: memoryJournal(entries) })).status).toBe('done')
    const role = (await open().roles.list().all().run()).find((each) => each.name === 'guest')
    await open()
      .roles(role?.id ?? '')
      .delete()
      .run()
    const said: string[] = []
    const listener = (event: RunEvent) => void (event.type === 'say' && said.push(event.text))
    expect(await undoRun(entries, open(), { listener })).toMatchObject({ status: 'done' })
    expect(said).toEqual(['The record that the step "describe" changed is gone, so that nothing was put back.'])
    expect((await open().clients(client()).get().run()).name).toBe(name)
  })
})

describe('R8 an undo', () => {
  const ran = async () => {
    await open().clients(client()).update({ description: 'before' }).run()
    const entries: JournalEntry[] = []
    expect((await runRunbook(described, open(), { journal: memoryJournal(entries) })).status).toBe('done')
    return entries
  }
  const role = async (): Promise<{ id?: string } | undefined> =>
    (await open().roles.list().all().run()).find(({ name }) => name === 'clerk')

  it.each([
    [
      'a field that the run wrote',
      () => open().clients(client()).update({ description: 'a colleague' }).run(),
      /"describe two"/,
    ],
    [
      'a record that the run created',
      async (): Promise<unknown> =>
        open()
          .roles((await role())?.id ?? '')
          .update({ description: 'a colleague' })
          .run(),
      /"create"/,
    ],
  ] as const)('sends nothing where somebody has changed %s', async (_, change, message) => {
    const entries = await ran()
    await change()
    const sent = writes().length
    const undone = undoRun(entries, open())
    await expect(undone).rejects.toMatchObject({ kind: 'drift' })
    await expect(undone).rejects.toThrow(message)
    const { drifts } = (await undone.catch((error: unknown) => error)) as {
      drifts: readonly { changes: readonly unknown[] }[]
    }
    expect(JSON.stringify(drifts)).toContain('a colleague')
    expect(writes()).toHaveLength(sent)
  })

  it.each(['found by somebody', '0'])(
    'stops where a new record has got the description %j since',
    async (description) => {
      const entries = await ran()
      await open()
        .roles((await role())?.id ?? '')
        .update({ description })
        .run()
      await expect(undoRun(entries, open())).rejects.toThrow('changed since by somebody else')
    },
  )

  it.each([
    ['nothing', async (): Promise<unknown> => undefined],
    ['a field that the run did not write', () => open().clients(client()).update({ name: 'Other' }).run()],
    [
      'and deleted what the run created',
      async (): Promise<unknown> =>
        open()
          .roles((await role())?.id ?? '')
          .delete()
          .run(),
    ],
  ] as const)('undoes level by level where somebody has changed %s', async (_, change) => {
    const entries = await ran()
    await change()
    expect((await undoRun(entries, open())).status).toBe('done')
    expect((await open().clients(client()).get().run()).description).toBe('before')
    expect(await role()).toBeUndefined()
  })
})

describe('R28 a crash', () => {
  const created = defineRunbook({
    name: 'created',
    async *steps({ auth0, step }) {
      yield* step('create', auth0.roles.create({ name: 'clerk' }), {
        doneWhen: doneWhen(auth0.roles.list().all(), { name: 'clerk' }),
      })
      yield* step('roll out', auth0.roles.create({ name: 'rolled out' }))
    },
  })
  const updated = defineRunbook({
    name: 'updated',
    async *steps({ auth0, step }) {
      yield* step('describe', auth0.clients(client()).update({ description: 'x' }), {
        undo: ({ before }) => auth0.clients(client()).update({ description: before?.description ?? '' }),
      })
    },
  })
  /** A journal that ends where the request went out. */
  const cut = async (runbook: typeof created, applied: boolean): Promise<JournalEntry[]> => {
    const entries: JournalEntry[] = []
    const controller = new AbortController()
    tenant.faults.add({
      kind: 'reset',
      match: { method: runbook === updated ? 'PATCH' : 'POST', path: '/api/v2/**' },
      times: 1,
      applied,
    })
    await runRunbook(runbook, open(), { journal: memoryJournal(entries), signal: controller.signal })
    const sent = entries.findIndex((entry) => entry.type === 'send' && entry.method !== 'GET')
    expect(sent).toBeGreaterThan(0)
    return entries.slice(0, sent + 1)
  }
  const names = async () => (await open().roles.list().all().run()).map(({ name }) => name)

  it.each([true, false])(
    'can be undone without rolling on: the recorded check is asked (carried out: %s)',
    async (applied) => {
      const entries = await cut(created, applied)
      tenant.faults.clear()
      for (const { id = '', name } of await open().roles.list().all().run())
        if (name === 'rolled out' || (!applied && name === 'clerk')) await open().roles(id).delete().run()
      const undone = await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo' })
      expect(undone.exitCode).toBe(applied ? 0 : 1)
      expect(await names()).not.toContain('clerk')
      expect(await names()).not.toContain('rolled out')
    },
  )

  it('can be undone where the values before are sent again, whatever became of it', async () => {
    await open().clients(client()).update({ description: 'before' }).run()
    const entries = await cut(updated, true)
    expect((await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo' })).status).toBe('done')
    expect((await open().clients(client()).get().run()).description).toBe('before')
  })
})

describe('R28 what is unknown', () => {
  const three = defineRunbook({
    name: 'three',
    async *steps({ auth0, step }) {
      yield* step('clerk', auth0.roles.create({ name: 'clerk' }), {
        doneWhen: doneWhen(auth0.roles.list().all(), { name: 'clerk' }),
      })
      yield* step('after', auth0.roles.create({ name: 'after' }))
    },
  })
  const unchecked = defineRunbook({
    name: 'unchecked',
    async *steps({ auth0, step }) {
      yield* step('clerk', auth0.roles.create({ name: 'clerk' }))
      yield* step('after', auth0.roles.create({ name: 'after' }))
    },
  })
  const posts = () => tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/roles').length
  const cut = async (runbook: typeof three) => {
    const all: JournalEntry[] = []
    await runRunbook(runbook, open(), { journal: memoryJournal(all) })
    for (const { id = '', name } of await open().roles.list().all().run())
      if (name === 'after') await open().roles(id).delete().run()
    return all.slice(0, all.findIndex((entry) => entry.type === 'send' && entry.method === 'POST') + 1)
  }

  it('is settled by the recorded check, without going on with the run', async () => {
    const entries = await cut(three)
    const sent = posts()
    expect(await settleRun(memoryJournal(entries), open())).toEqual({ done: ['clerk'], lost: [] })
    expect(posts()).toBe(sent)
    expect((await runRunbook(three, open(), { journal: memoryJournal(entries) })).summary.recorded).toBe(1)
    expect(posts()).toBe(sent + 1)
  })

  it('is settled by a word, which another word corrects', async () => {
    const entries = await cut(unchecked)
    await expect(settleRun(memoryJournal(entries), open())).rejects.toMatchObject({ kind: 'decision', next: 'settle' })
    await expect(settleRun(memoryJournal(entries), open(), { assume: { none: 'done' } })).rejects.toThrow(
      /holds no step "none"/,
    )
    const sent = posts()
    expect((await settleRun(memoryJournal(entries), open(), { assume: { clerk: 'lost' } })).lost).toEqual(['clerk'])
    expect((await settleRun(memoryJournal(entries), open(), { assume: { clerk: 'done' } })).done).toEqual(['clerk'])
    expect((await runRunbook(unchecked, open(), { journal: memoryJournal(entries) })).status).toBe('done')
    expect(posts()).toBe(sent + 1)
  })
})

describe('R49 an undo that undoes nothing', () => {
  it.each([
    ['names no undo', 'clients.update'],
    ['wrote nothing', 'clients.get'],
  ] as const)('fails where the run %s', async (_, op) => {
    const runbook = defineRunbook({
      name: 'nothing',
      async *steps({ auth0, step }) {
        const one = auth0.clients(client())
        yield* step('do', (op === 'clients.get' ? one.get() : one.update({ description: 'x' })) as never)
      },
    })
    const entries: JournalEntry[] = []
    await runRunbook(runbook, open(), { journal: memoryJournal(entries) })
    for (const mode of ['check', 'undo'] as const) {
      const events: RunEvent[] = []
      const undone = await undoRun(entries, open(), { mode, listener: (event) => events.push(event) })
      expect(undone, mode).toMatchObject({ status: 'failed', exitCode: 1 })
      expect(String(undone.error)).toMatch(/Nothing was undone/)
    }
  })
})
