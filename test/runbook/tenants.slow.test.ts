import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { doneWhen, type JournalEntry } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { fifty } from './support.ts'

let one: Sandbox
let two: Sandbox
beforeAll(async () => {
  ;[one, two] = await Promise.all([
    sandbox({ tls: false, rateLimit: { burst: 5, perSecond: 5 } }),
    sandbox({ tls: false }),
  ])
})
beforeEach(() => {
  one.reset()
  two.reset()
})
afterAll(() => Promise.all([one.close(), two.close()]))

const creations = (tenant: Sandbox) =>
  tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients')

it('runs on two tenants side by side, each with its own journal and limits', async () => {
  const journals: JournalEntry[][] = [[], []]
  const results = await Promise.all(
    [one, two].map((tenant, index) =>
      runRunbook(fifty, connect(tenant.options), { params: { clients: 3 }, journal: memoryJournal(journals[index]) }),
    ),
  )
  expect(results.map(({ status }) => status)).toEqual(['done', 'done'])
  expect(journals.map(([first]) => first)).toEqual([
    expect.objectContaining({ type: 'journal', tenant: one.domain }),
    expect.objectContaining({ type: 'journal', tenant: two.domain }),
  ])
  for (const tenant of [one, two]) expect(creations(tenant)).toHaveLength(3)
})

it('refuses to go on with the journal of another tenant', async () => {
  const entries: JournalEntry[] = []
  await runRunbook(fifty, connect(one.options), { params: { clients: 1 }, journal: memoryJournal(entries) })
  const other = runRunbook(fifty, connect(two.options), { params: { clients: 1 }, journal: memoryJournal(entries) })
  await expect(other).rejects.toThrow(/belongs to the tenant/)
  expect(creations(two)).toHaveLength(0)
})

it('leaves headroom in the rate limit of the server', async () => {
  const reading = defineRunbook({
    name: 'reading',
    async *steps({ auth0, step }) {
      for (let i = 0; i < 8; i += 1) yield* step(`read ${i}`, auth0.clients.list({}))
    },
  })
  const least: number[] = []
  const session = connect({ ...one.options, rateLimit: { burst: 1000, perSecond: 1000, headroom: 0.4 } })
  const result = await runRunbook(reading, session, {
    listener(event) {
      if (event.type === 'answer' && event.rateLimit?.remaining !== undefined) least.push(event.rateLimit.remaining)
    },
  })
  expect(result.status).toBe('done')
  expect(least).toHaveLength(8)
  expect(Math.min(...least)).toBeGreaterThanOrEqual(2)
})

it('takes a cut connection on a create for what it is: unknown', async () => {
  const creating = (check: boolean) =>
    defineRunbook({
      name: 'creating',
      async *steps({ auth0, step }) {
        yield* step('create', auth0.clients.create({ name: 'Cut' }), {
          ...(check && { doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Cut' }) }),
        })
      },
    })
  for (const applied of [true, false]) {
    two.reset()
    const cut = () =>
      two.faults.add({ kind: 'reset', match: { method: 'POST', path: '/api/v2/clients' }, times: 1, applied })
    cut()
    const entries: JournalEntry[] = []
    const journal = () => memoryJournal(entries)
    const stopped = await runRunbook(creating(false), connect(two.options), { journal: journal() })
    expect(stopped.exitCode).toBe(3)
    expect((await runRunbook(creating(false), connect(two.options), { journal: journal() })).exitCode).toBe(3)
    const asked = await runRunbook(creating(false), connect(two.options), {
      journal: journal(),
      ask: async () => (applied ? 'done' : 'again'),
    })
    expect(asked.exitCode).toBe(0)
    two.reset()
    cut()
    expect((await runRunbook(creating(true), connect(two.options))).exitCode).toBe(0)
    const all = await connect(two.options).clients.list({}).all().run()
    expect(all.filter(({ name }) => name === 'Cut')).toHaveLength(1)
  }
})
