import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { doneWhen, type Journal, type JournalEntry } from '../../../src/run/index.ts'
import { defineRunbook, runRunbook } from '../../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../../src/sandbox/index.ts'
import { connect } from '../../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'asynchronous', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const sent = () => tenant.requests.filter(({ path }) => path.startsWith('/api/v2/'))
const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

const two = defineRunbook({
  name: 'two',
  async *steps({ auth0, step }) {
    const client = yield* step('create', auth0.clients.create({ name: 'Job' }), {
      doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Job' }),
    })
    yield* step('describe', auth0.clients(client.client_id ?? '').update({ description: 'later' }), {
      undo: ({ before }) => auth0.clients(client.client_id ?? '').update({ description: before?.description ?? '' }),
    })
  },
})

interface Waiting {
  readonly entry: JournalEntry
  keep(): void
  refuse(error: unknown): void
}

/** A journal as a shared store has it: an entry is kept when somebody lets it. */
class Store implements Journal {
  readonly entries: readonly JournalEntry[]
  readonly kept: JournalEntry[]
  closed = 0
  readonly #waiting: Waiting[] = []

  constructor(kept: JournalEntry[] = []) {
    this.entries = [...kept]
    this.kept = kept
  }

  append(entry: JournalEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, keep: () => resolve(void this.kept.push(entry)), refuse: reject })
    })
  }

  close(): Promise<void> {
    this.closed += 1
    return Promise.resolve()
  }

  /** The entry that is asked for now; at most one is at a time. */
  async asked(): Promise<Waiting> {
    while (this.#waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(this.#waiting).toHaveLength(1)
    return this.#waiting.shift() as Waiting
  }
}

describe('a journal that answers later', () => {
  it('holds back each request until its line is kept, and each step until it is written down', async () => {
    const store = new Store()
    let over = false
    const run = runRunbook(two, open(), { journal: () => Promise.resolve(store) }).finally(() => {
      over = true
    })
    const shown: string[] = []
    let requests = 0
    while (!over) {
      const { entry, keep } = await store.asked()
      await soon()
      // Nothing goes on while an entry is not kept: a request is seen only once its line was.
      expect(sent(), `before ${entry.type} is kept`).toHaveLength(requests)
      shown.push(entry.type === 'send' ? `send ${entry.purpose ?? ''}` : entry.type)
      if (entry.type === 'send') requests += 1
      keep()
      if (entry.type === 'closed') break
    }
    expect((await run).error).toBeUndefined()
    expect(shown).toEqual([
      'journal',
      ...['send check', 'answer', 'begun', 'send ', 'answer', 'done'],
      ...['send before', 'answer', 'begun', 'send ', 'answer', 'done'],
      'closed',
    ])
    expect(store.closed).toBe(1)
  })

  it.each([0, 1, 2, 3, 4, 5, 8])('sends nothing after line %i was refused, and goes on after it', async (line) => {
    const kept: JournalEntry[] = []
    const store = new Store(kept)
    const broken = new Error('the store is gone')
    const run = runRunbook(two, open(), { journal: () => store })
    const ended = expect(run).rejects.toBe(broken)
    for (let index = 0; ; index += 1) {
      const { keep, refuse } = await store.asked()
      if (index < line) {
        keep()
        continue
      }
      const before = sent().length
      refuse(broken)
      await ended
      expect(sent()).toHaveLength(before)
      break
    }
    expect(kept).toHaveLength(line)
    expect(store.closed).toBe(1)

    const again = new Store(kept)
    const resumed = runRunbook(two, open(), { journal: () => again })
    for (let more = true; more; ) {
      const { entry, keep } = await again.asked()
      keep()
      more = entry.type !== 'closed'
    }
    expect((await resumed).error).toBeUndefined()
    expect(sent().filter(({ method, status }) => method === 'POST' && status === 201)).toHaveLength(1)
  })

  it('cannot be gone on without: a runbook that catches everything is ended as well', async () => {
    const stubborn = defineRunbook({
      name: 'stubborn',
      async *steps({ auth0, step }) {
        for (let i = 0; i < 3; i += 1) {
          const { status } = yield* step(`create ${i}`, auth0.clients.create({ name: `Job ${i}` })).outcome()
          expect(status).toBe('ok')
        }
      },
    })
    const store = new Store()
    const ended = expect(runRunbook(stubborn, open(), { journal: store })).rejects.toThrow('no place')
    for (let index = 0; index < 4; index += 1) (await store.asked()).keep()
    const { entry, refuse } = await store.asked()
    expect(entry.type).toBe('done')
    refuse(new Error('no place'))
    await ended
    expect(sent()).toHaveLength(1)
  })

  it('is not opened, or is closed, where the run cannot begin', async () => {
    const refused = runRunbook(two, open(), { journal: () => Promise.reject(new Error('another run has it')) })
    await expect(refused).rejects.toThrow('another run has it')
    const foreign = new Store([
      { type: 'journal', version: 2, run: 'r', runbook: 'other', mode: 'run', tenant: tenant.domain, at: '', who: '' },
    ])
    await expect(runRunbook(two, open(), { journal: foreign })).rejects.toThrow(/belongs to the runbook "other"/)
    expect(foreign.closed).toBe(1)
    expect(sent()).toHaveLength(0)
  })
})
