import { describe, expect, it } from 'vitest'
import { type JournalEntry, type PlannedStep, Redactor, runbookOf, undoOf, waitFor } from '../../src/run/index.ts'
import { defineRunbook, runRunbook } from '../../src/runbook/index.ts'
import { internalsOf, type Session } from '../../src/session/index.ts'
import { Killed, mortalJournal } from '../runbook/support.ts'
import { planLab } from './plan-file-lab.ts'

const lab = planLab('steps')
const outline = (steps: readonly PlannedStep[]) => steps.map(({ id, effect }) => `${effect} ${id}`)

/** A flow of three writes, two of them by one operation. */
const settle = (auth0: Session, ids: readonly string[]) =>
  internalsOf(auth0).runner.flow<string>(
    'settle',
    () => [{ purpose: 'change clients and a role' }],
    async (context) => {
      for (const id of ids) await context.run(auth0.clients(id).update({ description: 'settled' }))
      await context.run(auth0.roles(String(lab.tenant.seed.roles[0]?.id)).update({ description: 'settled' }))
      return 'settled'
    },
  )

const threefold = defineRunbook({
  name: 'threefold',
  async *steps({ auth0, step }) {
    const ids = lab.tenant.seed.clients.slice(1, 3).map(({ client_id }) => client_id)
    yield* step('settle', settle(auth0, ids), {
      confirm: 'Settle?',
      tags: ['settle'],
      undo: [
        ...ids.map((id) => auth0.clients(id).update({ description: '' })),
        auth0.roles(String(lab.tenant.seed.roles[0]?.id)).update({ description: 'A role' }),
      ],
    })
  },
})

describe('a flow of several writes', () => {
  it('stands in a plan file write by write: it asks before the first, and is taken back with the last', async () => {
    const file = await lab.plan(threefold as never)
    expect(outline(file.steps)).toEqual([
      'write settle (clients.update)',
      'write settle (clients.update 2)',
      'write settle',
    ])
    expect(file.steps.map((step) => (step as { confirm?: string }).confirm)).toEqual(['Settle?', undefined, undefined])
    expect(file.steps.map((step) => (step as { undo?: unknown[] }).undo?.length)).toEqual([undefined, undefined, 3])
    expect(file.steps.map((step) => (step as { tags?: unknown }).tags)).toEqual([['settle'], ['settle'], ['settle']])
    expect(lab.writes()).toEqual([])
  })

  it('is applied in its order, killed at every line, resumed, and taken back', async () => {
    const file = await lab.plan(threefold as never)
    const start = lab.tenant.snapshot()
    const entries: JournalEntry[] = []
    expect((await lab.apply(file, entries)).result).toMatchObject({ status: 'done', summary: { written: 3 } })
    const order = lab.writes()
    expect(order.map((each) => each.split('/')[3])).toEqual(['clients', 'clients', 'roles'])
    for (let line = 0; line < entries.length; line += 1) {
      lab.tenant.reset(start)
      const before = lab.tenant.requests.length
      const journal: JournalEntry[] = []
      const killed = runRunbook(runbookOf(file, new Redactor()), lab.open(), {
        mode: 'apply',
        yes: true,
        journal: mortalJournal(journal, line, 'after'),
      })
      await expect(killed).rejects.toBeInstanceOf(Killed)
      expect((await lab.apply(file, journal)).result.error, `line ${line}`).toBeUndefined()
      expect(new Set(lab.writes().slice(before)).size, `line ${line}`).toBeLessThanOrEqual(3)
    }
    const undone = await runRunbook(undoOf(entries, new Redactor()), lab.open(), { mode: 'undo' })
    expect(undone).toMatchObject({ status: 'done', summary: { written: 3 } })
  })
})

describe('a wait', () => {
  const HOUR = 3_600_000
  const patient = defineRunbook({
    name: 'patient',
    async *steps({ auth0, step }) {
      yield* step('first', waitFor(HOUR))
      yield* step('create', auth0.clients.create({ name: 'Patient' }))
      yield* step('second', waitFor(2 * HOUR))
      yield* step('last', waitFor(3 * HOUR))
    },
  })

  it('keeps its place in a plan file, at the very end as well', async () => {
    const file = await lab.plan(patient as never)
    expect(outline(file.steps)).toEqual(['wait first', 'write create', 'wait second', 'wait last'])
    const start = lab.tenant.clock.now()
    expect((await lab.apply(file)).result).toMatchObject({ status: 'done', summary: { written: 1, steps: 4 } })
    expect(lab.tenant.clock.now()).toBe(start + 6 * HOUR)
  })

  it('is not waited for where there is nothing to apply', async () => {
    const idle = defineRunbook({
      name: 'idle',
      async *steps({ step }) {
        yield* step('wait', waitFor(HOUR))
      },
    })
    const start = lab.tenant.clock.now()
    const { result, said } = await lab.apply(await lab.plan(idle as never))
    expect(result).toMatchObject({ exitCode: 0, summary: { requests: 0 } })
    expect(said.join()).toContain('No change')
    expect(lab.tenant.clock.now()).toBe(start)
  })
})

describe('a flow that waits for a job', () => {
  const importing = defineRunbook({
    name: 'importing',
    async *steps({ auth0, step }) {
      const job = yield* step(
        'import',
        auth0.jobs.usersImports.create({
          connection_id: lab.tenant.seed.connection.id,
          users: [{ email: 'imported@example.com' }, { email: 'no address' }] as never,
        }),
      )
      yield* step('wait for it', auth0.jobs(String(job.id)).finished({ every: 61_000, timeout: 3_600_000 }))
      yield* step('read errors', auth0.jobs(String(job.id)).errors.get())
    },
  })

  it('is a read with its rule in the plan file, so that apply waits for the job and tells how it ended', async () => {
    const file = await lab.plan(importing as never)
    expect(outline(file.steps)).toEqual(['write import', 'read wait for it', 'read read errors'])
    expect(file.steps[1]?.plan).toMatchObject({
      op: 'jobs.get',
      params: { id: '{{import.id}}' },
      repeat: { kind: 'poll', until: 'job', every: 61_000, timeout: 3_600_000 },
    })
    const { result, said } = await lab.apply(file)
    expect(result.error).toBeUndefined()
    expect(said).toHaveLength(2)
    expect(said[0]).toContain('wait for it: ')
    expect(said[0]).toContain('"status":"completed"')
    expect(said[1]).toContain('read errors: ')
    expect(lab.writes()).toHaveLength(1)
    const users = await lab.open().users.list({}).all().run()
    expect(users.map(({ email }) => email)).toContain('imported@example.com')
  })
})

it('refuses a flow whose plans are known only later, and a step that needs what the file does not hold', async () => {
  const later = (reads: boolean) =>
    defineRunbook({
      name: 'later',
      async *steps({ auth0, step }) {
        const client = yield* step('create', auth0.clients.create({ name: 'Later' }))
        const plan = auth0.clients(String(client.client_id))
        const looked = yield* step(
          'flow',
          internalsOf(auth0).runner.flow<{ name?: string }>(
            'look',
            () => [{ purpose: 'look', plan: reads ? plan.get().data : plan.update({ name: 'x' }).data }],
            (context) => context.run(plan.get()),
          ),
        )
        yield* step('use', auth0.clients(lab.tenant.options.clientId).update({ description: looked.name ?? '' }))
      },
    })
  const writing = await lab.predict(later(false) as never, 'plan')
  expect(String(writing.error)).toContain('"flow" is a flow that begins with what an earlier step makes')
  const reading = await lab.predict(later(true) as never, 'plan')
  expect(String(reading.error)).toContain('"use" needs the answer of "flow"')
  expect((await lab.predict(later(true) as never, 'check')).error).toBeUndefined()
})

describe('a plan that changes nothing', () => {
  const idle = defineRunbook({
    name: 'idle',
    async *steps({ auth0, step, say }) {
      const client = yield* step('read', auth0.clients(lab.tenant.options.clientId).get())
      yield* step('same', auth0.clients(lab.tenant.options.clientId).update({ name: client.name ?? '' }))
      say('it said something')
    },
  })

  it('is applied without a request that writes, and says so', async () => {
    const file = await lab.plan(idle as never)
    expect(file.steps[1]).toMatchObject({ id: 'same', unchanged: true })
    const { result, said } = await lab.apply(file)
    expect(result).toMatchObject({ exitCode: 0, status: 'done', summary: { written: 0, requests: 0 } })
    expect(said.join('\n')).toContain('"same" changes nothing, and is not sent.')
    expect(said.join('\n')).toContain('No change')
    expect(lab.writes()).toEqual([])
  })

  it('sends such a write all the same where a later step needs its answer', async () => {
    const needing = defineRunbook({
      name: 'needing',
      async *steps({ auth0, step }) {
        const id = lab.tenant.options.clientId
        const client = yield* step('read', auth0.clients(id).get())
        const same = yield* step('same', auth0.clients(id).update({ name: client.name ?? '' }))
        yield* step('use', auth0.clients(id).update({ description: `at ${(same as { seen_id?: string }).seen_id}` }))
      },
    })
    const file = await lab.plan(needing as never)
    const { result } = await lab.apply(file)
    expect(String(result.error)).toContain('The answer of the step "same" has no "seen_id"')
    expect(lab.writes()).toHaveLength(1)
  })
})
