import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Ask, doneWhen, type JournalEntry, type Runbook } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'fate', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const ACL = {
  description: 'Old',
  active: false,
  priority: 1,
  rule: { action: { block: true as const }, match: { geo_country_codes: ['AQ'] }, scope: 'authentication' as const },
}

/** A write whose answer is lost, and how one sees that it was carried out. */
interface Write {
  readonly method: string
  readonly path: string
  readonly idempotent: boolean
  /** Brings the tenant to where the write begins. */
  readonly prepare?: (auth0: Session) => Promise<string>
  readonly runbook: (check: boolean, id: string) => Runbook<Record<string, never>>
  readonly done: (auth0: Session, id: string) => Promise<number>
}

const oneStep = (steps: Pick<Runbook<Record<string, never>>, 'steps'>['steps']): Runbook<Record<string, never>> =>
  defineRunbook({ name: 'one', steps })

const newClient = async (auth0: Session) => (await auth0.clients.create({ name: 'Old' }).run()).client_id ?? ''
const newAcl = async (auth0: Session) => (await auth0.networkAcls.create(ACL).run()).id ?? ''

const WRITES: Readonly<Record<string, Write>> = {
  create: {
    method: 'POST',
    path: '/api/v2/clients',
    idempotent: false,
    runbook: (check) =>
      oneStep(async function* ({ auth0, step }) {
        yield* step('write', auth0.clients.create({ name: 'New' }), {
          ...(check && { doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'New' }) }),
        })
      }),
    done: async (auth0) => (await auth0.clients.list({}).all().run()).filter(({ name }) => name === 'New').length,
  },
  update: {
    method: 'PATCH',
    path: '/api/v2/clients/*',
    idempotent: true,
    prepare: newClient,
    runbook: (check, id) =>
      oneStep(async function* ({ auth0, step }) {
        yield* step('write', auth0.clients(id).update({ name: 'New' }), {
          ...(check && { doneWhen: doneWhen(auth0.clients(id).get(), { name: 'New' }) }),
        })
      }),
    done: async (auth0, id) => Number((await auth0.clients(id).get().run()).name === 'New'),
  },
  delete: {
    method: 'DELETE',
    path: '/api/v2/clients/*',
    idempotent: true,
    prepare: newClient,
    runbook: (check, id) =>
      oneStep(async function* ({ auth0, step }) {
        yield* step('write', auth0.clients(id).delete(), {
          ...(check && {
            doneWhen: doneWhen(auth0.clients.list({}).all(), (all) => !all.some((one) => one.client_id === id)),
          }),
        })
      }),
    done: async (auth0, id) =>
      Number(!(await auth0.clients.list({}).all().run()).some(({ client_id }) => client_id === id)),
  },
  set: {
    method: 'PUT',
    path: '/api/v2/network-acls/*',
    idempotent: true,
    prepare: newAcl,
    runbook: (check, id) =>
      oneStep(async function* ({ auth0, step }) {
        yield* step('write', auth0.networkAcls(id).set({ ...ACL, description: 'New' }), {
          ...(check && { doneWhen: doneWhen(auth0.networkAcls(id).get(), { description: 'New' }) }),
        })
      }),
    done: async (auth0, id) => Number((await auth0.networkAcls(id).get().run()).description === 'New'),
  },
}

const table = Object.entries(WRITES).flatMap(([name, write]) =>
  [false, true].flatMap((applied) =>
    [false, true].flatMap((check) =>
      [false, true].map((attended) => ({
        name,
        write,
        applied,
        check,
        attended,
        title:
          `${name}, cut ${applied ? 'after' : 'before'} it was carried out, ` +
          `${check ? 'with' : 'without'} a check, ${attended ? 'attended' : 'unattended'}`,
      })),
    ),
  ),
)

describe('a cut connection', () => {
  it.each(table.map((row) => [row.title, row] as const))('on %s', async (_, { write, applied, check, attended }) => {
    const id = (await write.prepare?.(open())) ?? ''
    const runbook = write.runbook(check, id)
    const began = tenant.requests.length
    const writes = () =>
      tenant.requests.slice(began).filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/'))
    const questions: string[] = []
    const ask: Ask = ({ text }) => {
      questions.push(text)
      return Promise.resolve(attended ? (applied ? 'done' : 'again') : undefined)
    }
    tenant.faults.add({ kind: 'reset', match: { method: write.method, path: write.path }, times: 1, applied })
    const entries: JournalEntry[] = []
    const run = () => runRunbook(runbook, open(), { journal: memoryJournal(entries), ask })
    const cut = await run()

    // A check tells at once; a person as well; else what is safe to send again is an error, and all else a decision.
    const settled = check || (attended && !write.idempotent)
    expect(cut.exitCode).toBe(settled ? 0 : write.idempotent ? 1 : 3)
    expect(questions).toHaveLength(check || write.idempotent ? 0 : 1)
    for (const question of questions) expect(question).toContain('Send it again, take it as done, or stop?')
    if (cut.exitCode === 3) {
      expect(String(cut.error)).toMatch(
        /The step "write" may have been carried out\. It is not safe to send twice\. Look at the tenant; then continue the run/,
      )
      const again = await run()
      expect(again.exitCode, 'nobody has looked yet').toBe(3)
      expect(String(again.error)).toMatch(/was sent, and its answer is not known/)
      expect(writes()).toHaveLength(1)
      const told = await runRunbook(runbook, open(), {
        journal: memoryJournal(entries),
        ask: () => Promise.resolve(applied ? 'done' : 'again'),
      })
      expect(told.exitCode).toBe(0)
    } else expect((await run()).exitCode).toBe(0)

    expect(await write.done(open(), id)).toBe(1)
    const sentAgain = !applied || (!check && write.idempotent)
    expect(writes()).toHaveLength(sentAgain ? 2 : 1)
    const sent = tenant.requests.length
    expect((await run()).exitCode, 'it is done').toBe(0)
    expect(tenant.requests.slice(sent).filter(({ method }) => method !== 'GET')).toHaveLength(0)
  })

  it('on a delete that the pipeline repeats by itself finds it gone', async () => {
    const id = await newClient(open())
    tenant.faults.add({ kind: 'reset', match: { method: 'DELETE' }, times: 1, applied: true })
    // Some deletes answer 204 for what is gone; this one shall not.
    tenant.faults.add({ kind: 'status', status: 404, match: { method: 'DELETE' }, times: 1 })
    const session = connect({ ...tenant.options, retry: { initialDelay: 1 } })
    const { error } = await runRunbook(WRITES['delete']?.runbook(false, id) as Runbook<Record<string, never>>, session)
    expect(error).toBeUndefined()
    const deletes = tenant.requests.filter(({ method }) => method === 'DELETE').map(({ status }) => status)
    expect(deletes).toEqual([0, 404])
  })

  it('on the check as well stops the run, which a runbook cannot catch, and the next run finds out', async () => {
    tenant.faults.add({ kind: 'reset', match: { method: 'POST', path: '/api/v2/clients' }, times: 1, applied: true })
    const stubborn = oneStep(async function* ({ auth0, step }) {
      const check = doneWhen(auth0.clients.list({}).all(), { name: 'New' })
      yield* step('write', auth0.clients.create({ name: 'New' }), { doneWhen: check }).outcome()
    })
    const entries: JournalEntry[] = []
    const cut = await runRunbook(stubborn, open(), {
      journal: memoryJournal(entries),
      listener(event) {
        if (event.type !== 'request' || event.method !== 'POST') return
        tenant.faults.add({ kind: 'reset', match: { method: 'GET', path: '/api/v2/clients' }, times: 1 })
      },
    })
    expect(cut.exitCode).toBe(3)
    expect(String(cut.error)).toMatch(/its doneWhen could not be read: .* Continue the run, which reads it/)
    expect((await runRunbook(stubborn, open(), { journal: memoryJournal(entries) })).exitCode).toBe(0)
    expect(await WRITES['create']?.done(open(), '')).toBe(1)
  })

  it('on the answer alone is told apart: the write was carried out, and its result was lost', async () => {
    const entries: JournalEntry[] = []
    const runbook = WRITES['create']?.runbook(false, '') as Runbook<Record<string, never>>
    await runRunbook(runbook, open(), { journal: memoryJournal(entries) })
    // Killed between the line of the answer and that of the step.
    entries.splice(entries.findIndex(({ type }) => type === 'done'))
    const stopped = await runRunbook(runbook, open(), { journal: memoryJournal(entries) })
    expect(stopped.exitCode).toBe(3)
    expect(String(stopped.error)).toContain('was carried out (status 201), and the run ended before its result was')
  })

  it('on a token is no question: it is asked for again', async () => {
    const entries: JournalEntry[] = []
    const login = oneStep(async function* ({ auth0, step }) {
      yield* step('log in', auth0.login.clientCredentials({ audience: `https://${tenant.domain}/api/v2/` }))
    })
    tenant.faults.add({ kind: 'reset', match: { method: 'POST', path: '/oauth/token' }, times: 1, applied: true })
    expect((await runRunbook(login, open(), { journal: memoryJournal(entries) })).exitCode).toBe(1)
    expect((await runRunbook(login, open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
  })
})
