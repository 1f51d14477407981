import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import { type JournalEntry, Redactor, type Runbook, runbookOf } from '../../src/run/index.ts'
import { memoryJournal, planFile, type RunbookOptions, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, type SandboxSnapshot, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { shippedRunbook } from './round-trip.ts'
import { jobClock, shippedCases } from './shipped-cases.ts'

const name = 'retry-failed-imports'

let tenant: Sandbox
let runbook: Runbook<unknown>
let start: SandboxSnapshot
let params: Record<string, Json>
beforeAll(async () => {
  tenant = await sandbox({ seed: name, clock: 'fixed', tls: false })
  runbook = await shippedRunbook(name)
  params = (await shippedCases[name]?.prepare(open(), tenant)) ?? {}
  start = tenant.snapshot()
})
beforeEach(() => tenant.reset(start))
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, clock: jobClock(tenant), retry: false })
const run = (options: RunbookOptions<unknown> = {}) => runRunbook(runbook, open(), { params, yes: true, ...options })

describe(name, () => {
  it('repairs what a rule can repair, and says what is left', async () => {
    const { value, error } = await run()
    expect(error).toBeUndefined()
    expect(value).toMatchObject({
      imported: 3,
      left: [
        { email: 'hash@example.com', reason: expect.stringContaining('password_hash') },
        { email: 'taken@example.com', reason: expect.stringContaining('CONFLICT') },
        { email: 'a record without e-mail' },
      ],
    })
    const users = await open().users.list({}).all().run()
    const byEmail = (email: string) => users.find((user) => user.email === email)
    expect(byEmail(String(tenant.seed.users[1]?.email))).toMatchObject({
      given_name: 'After',
      user_metadata: { extra: 2 },
    })
    expect(byEmail('picture@example.com')).toMatchObject({ nickname: 'Kept' })
    expect(byEmail('shoes@example.com')).not.toHaveProperty('shoe_size')
    expect(byEmail('hash@example.com')).toBeUndefined()
  })

  it('leaves out users who are there already where it was told to', async () => {
    const { value } = await run({ params: { ...params, upsert: false } })
    expect(value).toMatchObject({ imported: 2, left: { length: 4 } })
  })

  it('says so where a job had nothing to report, or failed as a whole', async () => {
    const good = await open()
      .jobs.usersImports.create({
        connection_id: tenant.seed.connection.id,
        users: [{ email: 'fine@example.com' }],
      })
      .run()
    tenant.clock.advance(60_000)
    const said: string[] = []
    const { value } = await run({
      params: { jobs: [String(good.id)] },
      listener: (event) => {
        if (event.type === 'say') said.push(event.text)
      },
    })
    expect(value).toEqual({ imported: 0, left: [] })
    expect(said[0]).toContain('nothing failed')
  })

  it('waits for the import from a plan file as well, and keeps in the journal what is left', async () => {
    const predicting = connect({ ...tenant.options, clock: jobClock(tenant), writes: 'check' })
    const { planned } = await runRunbook(runbook, predicting, { params, mode: 'plan' })
    const file = planFile({ runbook: name, tenant: tenant.domain, at: '', who: '', steps: planned })
    const entries: JournalEntry[] = []
    const applied = await runRunbook(runbookOf(file, new Redactor()), open(), {
      mode: 'apply',
      yes: true,
      journal: memoryJournal(entries),
    })
    expect(applied.error).toBeUndefined()
    const [id] = params.jobs as string[]
    const done = entries.flatMap((entry) => (entry.type === 'done' ? [entry] : []))
    expect(done.find(({ step }) => step === `wait for ${id} again`)?.value).toMatchObject({
      status: 'completed',
      summary: { inserted: 2, updated: 1 },
    })
    expect(done.find(({ step }) => step === `read errors of ${id} again`)?.value).toMatchObject({ kind: 'none' })
  })
})
