import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JournalEntry, Redactor, runbookOf, waitFor } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, planFile, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { Killed, mortalJournal, movingClock } from '../runbook/support.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'wait', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const HOUR = 3_600_000
const open = () => connect({ ...tenant.options, clock: movingClock(tenant) })
const patient = defineRunbook({
  name: 'patient',
  async *steps({ auth0, step }) {
    const client = yield* step('create', auth0.clients.create({ name: 'Patient' }))
    const end = yield* step('wait', waitFor(HOUR))
    yield* step('describe', auth0.clients(client.client_id ?? '').update({ description: 'an hour later' }))
    return end
  },
})

describe('waitFor()', () => {
  it('lets the time pass on the clock of the session', async () => {
    const start = tenant.clock.now()
    const { error, value } = await runRunbook(patient, open())
    expect(error).toBeUndefined()
    expect(tenant.clock.now()).toBe(start + HOUR)
    expect(value).toBe(new Date(start + HOUR).toISOString())
  })

  it('waits for the rest only, where a run is resumed, and not at all once it is over', async () => {
    const start = tenant.clock.now()
    const entries: JournalEntry[] = []
    // Opened, begun, send, answer, done; then the wait begins.
    await expect(runRunbook(patient, open(), { journal: mortalJournal(entries, 5, 'after') })).rejects.toBeInstanceOf(
      Killed,
    )
    expect(entries.at(-1)).toMatchObject({ type: 'begun', step: 'wait', until: new Date(start + HOUR).toISOString() })
    tenant.clock.advance(HOUR / 2)
    const stopped = memoryJournal(entries)
    expect((await runRunbook(patient, open(), { journal: stopped })).error).toBeUndefined()
    expect(tenant.clock.now()).toBe(start + HOUR)
    tenant.clock.advance(HOUR)
    const again = await runRunbook(patient, open(), { journal: memoryJournal(entries) })
    expect(again.summary).toMatchObject({ requests: 0, recorded: 3 })
    expect(again.value).toBe(new Date(start + HOUR).toISOString())
  })

  it('can be interrupted, and then goes on', async () => {
    const start = tenant.clock.now()
    const entries: JournalEntry[] = []
    const controller = new AbortController()
    const stopped = await runRunbook(patient, connect(tenant.options), {
      journal: memoryJournal(entries),
      signal: controller.signal,
      listener: ({ type }) => {
        if (type === 'wait') controller.abort()
      },
    })
    expect(stopped).toMatchObject({ status: 'stopped', exitCode: 3 })
    expect((await runRunbook(patient, open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
    expect(tenant.clock.now()).toBe(start + HOUR)
  })

  it('takes no time where writes are predicted, and stands in its place in plan files', async () => {
    const start = tenant.clock.now()
    const predicting = connect({ ...tenant.options, clock: movingClock(tenant), writes: 'check' })
    const { planned, error } = await runRunbook(patient, predicting, { mode: 'plan' })
    expect(error).toBeUndefined()
    expect(tenant.clock.now()).toBe(start)
    expect(planned.map(({ id, effect }) => `${effect} ${id}`)).toEqual(['write create', 'wait wait', 'write describe'])
    const file = planFile({ runbook: 'patient', tenant: tenant.domain, at: '', who: '', steps: planned })
    expect((await runRunbook(runbookOf(file, new Redactor()), open(), { mode: 'apply' })).error).toBeUndefined()
    expect(tenant.clock.now()).toBe(start + HOUR)
  })

  it('refuses what is no time', () => {
    expect(() => waitFor(-1)).toThrow(/number of milliseconds/)
    expect(() => waitFor(Number.NaN)).toThrow(/number of milliseconds/)
  })
})
