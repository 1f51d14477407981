import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import { type Runbook, type RunbookOptions, runRunbook } from '../../src/runbook/index.ts'
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
  tenant = await sandbox({ seed: name, tls: false })
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
})
