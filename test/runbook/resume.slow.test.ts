import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JournalEntry, Redactor, undoOf } from '../../src/run/index.ts'
import { memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { fifty, Killed, mortalJournal } from './support.ts'
import { laggingTenant } from './tenant.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await laggingTenant({ seed: 'resume', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const jobs = async (auth0 = open()) => {
  const all = await auth0.clients.list({ fields: 'name,description', include_fields: true }).all().run()
  return all.map(({ name, description }) => ({ name, description })).filter(({ name }) => name?.startsWith('Job'))
}
const created = () =>
  tenant.requests.filter(
    ({ method, path, status }) => method === 'POST' && path === '/api/v2/clients' && status === 201,
  )

describe('a run that is killed at a line of its journal', () => {
  it.each(['before', 'after'] as const)('goes on %s any line, and writes each thing once', async (when) => {
    const params = { clients: 3 }
    const whole: JournalEntry[] = []
    await runRunbook(fifty, open(), { params, journal: memoryJournal(whole) })
    const expected = await jobs()
    expect(expected).toHaveLength(3)
    for (let line = 0; line < whole.length; line += 1) {
      tenant.reset()
      const entries: JournalEntry[] = []
      const run = runRunbook(fifty, open(), { params, journal: mortalJournal(entries, line, when) })
      await expect(run).rejects.toBeInstanceOf(Killed)
      const resumed = await runRunbook(fifty, open(), { params, journal: memoryJournal(entries) })
      expect(resumed.status, `${when} line ${line}: ${resumed.error}`).toBe('done')
      expect(await jobs(), `${when} line ${line}`).toEqual(expected)
      expect(created(), `${when} line ${line}`).toHaveLength(3)
    }
  })
})

describe('undo', () => {
  it('takes back what a journal records, last first, and leaves the tenant as it was', async () => {
    const before = await open().clients.list({}).all().run()
    const entries: JournalEntry[] = []
    await runRunbook(fifty, open(), { params: { clients: 4 }, journal: memoryJournal(entries) })
    expect(await jobs()).toHaveLength(4)
    const undone = await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo' })
    expect(undone).toMatchObject({ status: 'done', value: 4, summary: { written: 4 } })
    expect(await open().clients.list({}).all().run()).toEqual(before)
  })
})
