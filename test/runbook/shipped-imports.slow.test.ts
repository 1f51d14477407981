import { resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import {
  checkDrift,
  type JournalEntry,
  memoryJournal,
  planFile,
  type Runbook,
  type RunbookOptions,
  runbookOf,
  runRunbook,
  undoRunbook,
  Vault,
} from '../../src/runbook/index.ts'
import { type Sandbox, type SandboxSnapshot, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { Killed, mortalJournal } from './support.ts'

const name = 'retry-failed-imports'
const file = resolve(import.meta.dirname, '..', '..', 'runbooks', `${name}.ts`)
const HASH = `$2b$10$${'a'.repeat(53)}`

let tenant: Sandbox
let runbook: Runbook<unknown>
let start: SandboxSnapshot
let params: { jobs: string[] }
beforeAll(async () => {
  tenant = await sandbox({ seed: name, tls: false })
  runbook = ((await import(file)) as { default: Runbook<unknown> }).default
  const [, known] = tenant.seed.users
  await open()
    .users(String(known?.user_id))
    .update({ given_name: 'Before', user_metadata: { kept: 1 } })
    .run()
  const job = await open()
    .jobs.usersImports.create({
      connection_id: tenant.seed.connection.id,
      send_completion_email: false,
      users: [
        { email: 'good@example.com' },
        { email: String(known?.email), given_name: 'After', user_metadata: { extra: 2 }, password_hash: HASH },
        { email: 'picture@example.com', picture: 'no address', nickname: 'Kept' },
        { email: 'shoes@example.com', shoe_size: 43 },
        { email: 'hash@example.com', password_hash: HASH, picture: 'no address' },
        { email: 'taken@example.com', user_id: String(known?.user_id).replace('auth0|', '') },
        { nickname: 'nobody' },
      ] as never,
    })
    .run()
  tenant.clock.advance(60_000)
  params = { jobs: [String(job.id)] }
  start = tenant.snapshot()
})
beforeEach(() => tenant.reset(start))
afterAll(() => tenant.close())

/** Jobs take a few seconds, for which the test moves the clock; longer and shorter timers are those of requests. */
const clock = () => ({
  now: () => tenant.clock.now(),
  after(ms: number, task: () => void) {
    if (ms < 2000 || ms > 10_000) return tenant.options.clock.after(ms, task)
    const moving = setImmediate(() => {
      tenant.clock.advance(ms)
      task()
    })
    return () => clearImmediate(moving)
  },
})
const open = () => connect({ ...tenant.options, clock: clock(), retry: false })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
const run = (options: RunbookOptions<unknown> = {}) => runRunbook(runbook, open(), { params, yes: true, ...options })

/** The users without ids and times, which differ from run to run; nothing and an empty object are the same here. */
async function state(): Promise<unknown> {
  tenant.clock.advance(60_000)
  const users = await open().users.list({}).all().run()
  const text = JSON.stringify(users, (key, value: Json) => {
    if (/^(updated_at|created_at|user_id)$/.test(key) || value === null) return undefined
    return key.endsWith('_metadata') && Object.keys(value as object).length === 0 ? undefined : value
  })
  return (JSON.parse(text) as { email: string }[]).sort((a, b) => a.email.localeCompare(b.email))
}

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

  it('is checked and planned without a write, applied, killed at every line, resumed, and taken back', async () => {
    const predicting = connect({ ...tenant.options, clock: clock(), writes: 'predict' })
    const before = await state()
    const check = await runRunbook(runbook, predicting, { params, mode: 'check' })
    expect(check.error).toBeUndefined()
    expect(check.summary.pending).toBe(1)
    const plan = await runRunbook(runbook, predicting, { params, mode: 'plan' })
    expect(plan.error).toBeUndefined()
    expect(writes()).toEqual([])

    const planned = planFile({ runbook: name, tenant: tenant.domain, at: '', who: '', steps: plan.planned })
    await checkDrift(planned, open(), new Vault())
    const apply = (entries: JournalEntry[], journal = memoryJournal(entries)) =>
      runRunbook(runbookOf(planned, new Vault()), open(), { mode: 'apply', yes: true, journal })
    const applied: JournalEntry[] = []
    expect(await apply(applied)).toMatchObject({ status: 'done', summary: { written: 1 } })
    const after = await state()
    expect(after).not.toEqual(before)
    for (let line = 0; line < applied.length; line += 1) {
      tenant.reset(start)
      const entries: JournalEntry[] = []
      await expect(apply(entries, mortalJournal(entries, line, 'after'))).rejects.toBeInstanceOf(Killed)
      expect((await apply(entries)).error, `applied, line ${line}`).toBeUndefined()
      expect(await state(), `applied, line ${line}`).toEqual(after)
    }

    tenant.reset(start)
    const whole: JournalEntry[] = []
    await run({ journal: memoryJournal(whole) })
    expect(JSON.stringify(whole)).not.toContain(HASH)
    for (let line = 0; line < whole.length; line += 1) {
      tenant.reset(start)
      const entries: JournalEntry[] = []
      await expect(run({ journal: mortalJournal(entries, line, 'after') })).rejects.toBeInstanceOf(Killed)
      expect((await run({ journal: memoryJournal(entries) })).error, `line ${line}`).toBeUndefined()
      expect(await state(), `line ${line}`).toEqual(after)
      const undone = await runRunbook(undoRunbook(entries, new Vault()), open(), { mode: 'undo' })
      expect(undone.error, `undone after line ${line}`).toBeUndefined()
      expect(await state(), `undone after line ${line}`).toEqual(before)
    }
  })
})
