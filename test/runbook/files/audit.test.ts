import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type AuditRecord,
  type AuditTrail,
  doneWhen,
  type JournalEntry,
  Redactor,
  undoOf,
} from '../../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../../src/sandbox/index.ts'
import { connect } from '../../../src/session/index.ts'
import { Killed, mortalJournal } from '../support.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'audit', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const keeping = (records: AuditRecord[]): AuditTrail => ({ record: (record) => void records.push(record), close() {} })
const brief = (records: readonly AuditRecord[]) =>
  records.map(({ step, method, attempt, status, fault }) => `${step}: ${method} ${attempt} ${status ?? fault}`)

const creating = defineRunbook({
  name: 'creating',
  async *steps({ auth0, step }) {
    yield* step('create', auth0.clients.create({ name: 'Job' }), {
      doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Job' }),
      undo: ({ result }) => auth0.clients(result.client_id ?? '').delete(),
    })
  },
})

describe('the audit trail', () => {
  it('has a record of each request, those beside a step and in flows included, with the hash of its plan', async () => {
    const records: AuditRecord[] = []
    const mixed = defineRunbook({
      name: 'mixed',
      async *steps({ auth0, step }) {
        yield* step('level', auth0.tenant().quotas().clients({ perDay: 3 }).keepRest())
        yield* step('rename', auth0.clients(tenant.options.clientId).update({ name: 'Other' }), {
          undo: ({ before }) => auth0.clients(tenant.options.clientId).update({ name: before?.name ?? '' }),
        })
      },
    })
    const entries: JournalEntry[] = []
    const { error } = await runRunbook(mixed, open(), { audit: keeping(records), journal: memoryJournal(entries) })
    expect(error).toBeUndefined()
    expect(brief(records)).toEqual([
      'level: GET 1 200',
      'level: PATCH 1 200',
      'rename: GET 1 200',
      'rename: PATCH 1 200',
    ])
    for (const { plan } of records) expect(plan).toMatch(/^sha256-/)
    expect(records.map(({ request }) => request)).toEqual([1, 2, 3, 4])
    const purposes = entries.flatMap((entry) => (entry.type === 'send' ? [entry.purpose] : []))
    expect(purposes).toEqual([undefined, undefined, 'before', undefined])
    const begun = entries.find((entry) => entry.type === 'begun' && entry.step === 'rename')
    expect(records[3]?.plan).toBe((begun as { hash?: string }).hash)
  })

  it('has a record of a request whose answer never came', async () => {
    for (const [kind, fault] of [
      ['reset', 'network'],
      ['slow', 'timeout'],
    ] as const) {
      tenant.reset()
      const records: AuditRecord[] = []
      tenant.faults.add({ kind, delay: 60_000, match: { method: 'POST', path: '/api/v2/clients' }, times: 1 })
      const session = connect({ ...tenant.options, retry: false, timeout: 300 })
      const { error } = await runRunbook(creating, session, { audit: keeping(records) })
      expect(error, kind).toBeUndefined()
      expect(brief(records).slice(0, 2)).toEqual(['create: GET 1 200', `create: POST 1 ${fault}`])
    }
  })

  it('has a record of each attempt that the pipeline repeats', async () => {
    const records: AuditRecord[] = []
    tenant.faults.add({ kind: 'reset', match: { method: 'GET' }, times: 1 })
    const reading = defineRunbook({
      name: 'reading',
      async *steps({ auth0, step }) {
        yield* step('read', auth0.clients(tenant.options.clientId).get())
      },
    })
    const retrying = connect({ ...tenant.options, retry: { maxRetries: 2, initialDelay: 1 } })
    expect((await runRunbook(reading, retrying, { audit: keeping(records) })).error).toBeUndefined()
    expect(brief(records)).toEqual(['read: GET 1 network', 'read: GET 2 200'])
  })

  it('has a record of a request that was interrupted', async () => {
    const records: AuditRecord[] = []
    const controller = new AbortController()
    tenant.faults.add({ kind: 'slow', delay: 60_000, match: { method: 'POST', path: '/api/v2/clients' }, times: 1 })
    const { exitCode } = await runRunbook(creating, open(), {
      audit: keeping(records),
      signal: controller.signal,
      listener: (event) => {
        if (event.type === 'request' && event.method === 'POST') setImmediate(() => controller.abort())
      },
    })
    expect(exitCode).toBe(3)
    expect(brief(records)).toEqual(['create: GET 1 200', 'create: POST 1 aborted'])
  })

  it('gets the record of a request that a kill left without an answer: once, from the next run', async () => {
    const entries: JournalEntry[] = []
    // Opened, the check's request and answer, begun, send: then the process is gone.
    const killed = runRunbook(creating, open(), { journal: mortalJournal(entries, 4, 'after') })
    await expect(killed).rejects.toBeInstanceOf(Killed)
    const records: AuditRecord[] = []
    for (const status of ['done', 'done']) {
      const resumed = await runRunbook(creating, open(), { journal: memoryJournal(entries), audit: keeping(records) })
      expect(resumed.status).toBe(status)
    }
    expect(brief(records)[0]).toBe('create: POST 1 killed')
    expect(brief(records).filter((line) => line.endsWith('killed'))).toHaveLength(1)
    expect(records[0]).toMatchObject({ request: 2, plan: expect.stringMatching(/^sha256-/) })
    expect(records[1]?.request).toBe(3)
  })

  it('gets it also from the run that takes back', async () => {
    const entries: JournalEntry[] = []
    await runRunbook(creating, open(), { journal: memoryJournal(entries) })
    entries.pop()
    entries.push({
      type: 'send',
      step: 'read on',
      at: '',
      request: 9,
      attempt: 1,
      method: 'GET',
      path: '/api/v2/clients',
    })
    const records: AuditRecord[] = []
    const undo = undoOf(entries, new Redactor())
    const undone = await runRunbook(undo, open(), { mode: 'undo', audit: keeping(records) })
    expect(undone.error).toBeUndefined()
    expect(brief(records)).toEqual(['read on: GET 1 killed', 'undo create: DELETE 1 204'])
    expect(records[0]?.run).toBe((entries[0] as { run?: string }).run)
    expect(records[1]?.run).not.toBe(records[0]?.run)
  })

  it('that cannot be written ends the run, whatever the runbook catches', async () => {
    const full = new Error('the trail is full')
    for (const record of [
      () => {
        throw full
      },
      () => Promise.reject(full),
    ]) {
      tenant.reset()
      const stubborn = defineRunbook({
        name: 'stubborn',
        async *steps({ auth0, step }) {
          for (let i = 0; i < 3; i += 1) yield* step(`create ${i}`, auth0.clients.create({ name: `J${i}` })).outcome()
        },
      })
      await expect(runRunbook(stubborn, open(), { audit: { record, close() {} } })).rejects.toBe(full)
      expect(tenant.requests.filter(({ path }) => path === '/api/v2/clients')).toHaveLength(1)
    }
  })
})

describe('a line before a request', () => {
  it('is written before the request leaves, also with a token at hand and in a flow', async () => {
    const order: string[] = []
    const { dispatcher } = tenant.options
    const watching = {
      dispatch(options: { method?: string; path?: string }, handler: object): boolean {
        if (options.path !== '/oauth/token') order.push(`${options.method} leaves`)
        return dispatcher.dispatch(options, handler)
      },
    }
    const session = connect({ ...tenant.options, dispatcher: watching, retry: false })
    const flow = defineRunbook({
      name: 'flow',
      async *steps({ auth0, step }) {
        yield* step('read', auth0.clients(tenant.options.clientId).get())
        yield* step('level', auth0.tenant().quotas().clients({ perDay: 4 }).keepRest())
      },
    })
    const journal = {
      entries: [],
      append: (entry: JournalEntry) => {
        if (entry.type === 'send') order.push(`${entry.method} written`)
      },
      close() {},
    }
    expect((await runRunbook(flow, session, { journal })).error).toBeUndefined()
    expect(order).toEqual(['GET', 'GET', 'PATCH'].flatMap((method) => [`${method} written`, `${method} leaves`]))
  })
})
