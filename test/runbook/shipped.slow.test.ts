import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import {
  checkDrift,
  type JournalEntry,
  memoryJournal,
  planFile,
  type Runbook,
  runbookOf,
  runRunbook,
  undoRunbook,
  Vault,
} from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { Killed, mortalJournal, movingClock } from './support.ts'

const folder = resolve(import.meta.dirname, '..', '..', 'runbooks')
const PARAMS: Readonly<Record<string, Json>> = {
  'block-a-country': { country: 'IM' },
  'clean-up-users': { before: '2030-01-01' },
  'links-to-a-custom-domain': { domain: 'id.globex.example' },
  'quotas-of-an-organization': { organization: 'acme', perDay: 100 },
}
const shipped = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'shipped', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, clock: movingClock(tenant), retry: false })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

/** What the tenant's records say, without the times at which they were last touched. */
async function state(): Promise<unknown> {
  const auth0 = open()
  const lists = await Promise.all([
    auth0.clients.list({}).all().run(),
    auth0.networkAcls.list().all().run(),
    auth0.customDomains.list().all().run(),
    auth0.users.list({}).all().run(),
  ])
  const text = JSON.stringify(lists, (key, value) => {
    if (key === 'updated_at' || value === null) return undefined
    // A user who was let in again says so; one who never was blocked says nothing.
    return key === 'blocked' && value === false ? undefined : value
  })
  return JSON.parse(text)
}

it('has a test for every runbook that is shipped, here or in a file beside this one', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^shipped.*\.test\.ts$/.test(name))
  const tests = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n')
  expect(shipped.filter((name) => !tests.includes(`'${name}'`))).toEqual([])
})

describe.each(Object.keys(PARAMS))('%s', (name) => {
  const params = PARAMS[name] as Json
  const load = async () => ((await import(join(folder, `${name}.ts`))) as { default: Runbook<unknown> }).default

  it('is checked and planned without a write, applied, killed at every line, resumed, and taken back', async () => {
    const runbook = await load()
    const predicting = connect({ ...tenant.options, clock: movingClock(tenant), writes: 'predict' })
    const before = await state()
    const check = await runRunbook(runbook, predicting, { params, mode: 'check' })
    expect(check.error).toBeUndefined()
    expect(check.summary.pending).toBeGreaterThan(0)
    const plan = await runRunbook(runbook, predicting, { params, mode: 'plan' })
    expect(writes()).toEqual([])

    const file = planFile({ runbook: name, tenant: tenant.domain, at: '', who: '', steps: plan.planned })
    const whole: JournalEntry[] = []
    const vault = new Vault()
    await checkDrift(file, open(), vault)
    const applied = await runRunbook(runbookOf(file, vault), open(), {
      mode: 'apply',
      yes: true,
      vault,
      journal: memoryJournal(whole),
    })
    expect(applied.error).toBeUndefined()
    expect(applied.summary.written).toBe(plan.planned.filter(({ effect }) => effect === 'write').length)
    const after = await state()
    expect(after).not.toEqual(before)

    for (let line = 0; line < whole.length; line += 1) {
      tenant.reset()
      const entries: JournalEntry[] = []
      const again = (journal = memoryJournal(entries)) =>
        runRunbook(runbookOf(file, new Vault()), open(), { mode: 'apply', yes: true, journal })
      await expect(again(mortalJournal(entries, line, 'after'))).rejects.toBeInstanceOf(Killed)
      expect((await again()).error, `line ${line}`).toBeUndefined()
      if (name !== 'block-a-country') expect(await state(), `line ${line}`).toEqual(after)
    }

    for (const line of [5, 8, undefined]) {
      tenant.reset()
      const entries: JournalEntry[] = []
      const run = (journal = memoryJournal(entries)) => runRunbook(runbook, open(), { params, yes: true, journal })
      if (line !== undefined) await expect(run(mortalJournal(entries, line, 'after'))).rejects.toBeInstanceOf(Killed)
      expect((await run()).error).toBeUndefined()
      const undone = await runRunbook(undoRunbook(entries, new Vault()), open(), { mode: 'undo' })
      expect(undone.error).toBeUndefined()
      expect(await state(), `undone after line ${line}`).toEqual(before)
    }
  })
})
