import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JournalEntry, planFile, Redactor, runbookOf, waitUntil } from '../../src/run/index.ts'
import { defineRunbook, describePlan, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { movingClock } from '../runbook/support.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'wait-until', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, clock: movingClock(tenant) })
const later = (ms: number) => new Date(tenant.clock.now() + ms).toISOString()
const HOUR = 3_600_000
const book = (from: string, notAfter?: string) =>
  defineRunbook({
    name: 'window',
    async *steps({ auth0, step }) {
      yield* step('window', waitUntil(from, notAfter === undefined ? {} : { notAfter }))
      yield* step('describe', auth0.clients(tenant.options.clientId).update({ description: 'x' }))
    },
  })
const patched = () => tenant.requests.filter(({ method }) => method === 'PATCH').map(({ at }) => Number(new Date(at)))

describe('R39 a time to wait until', () => {
  it('is waited for by the clock of the session', async () => {
    const until = later(2 * HOUR)
    expect((await runRunbook(book(until), open())).status).toBe('done')
    expect(patched()[0]).toBeGreaterThanOrEqual(Date.parse(until))
  })

  it('takes no time where it is past', async () => {
    const now = tenant.clock.now()
    expect((await runRunbook(book(later(-HOUR)), open())).status).toBe('done')
    expect(tenant.clock.now() - now).toBeLessThan(60_000)
  })

  it('stops before the first write and after a resume where its window has ended', async () => {
    const entries: JournalEntry[] = []
    for (const _ of ['first', 'again']) {
      const late = await runRunbook(book(later(-2 * HOUR), later(-HOUR)), open(), { journal: memoryJournal(entries) })
      expect(late).toMatchObject({ status: 'stopped', exitCode: 3 })
      expect(String(late.error)).toMatch(/window of the step "window" ended at/)
      entries.splice(0)
    }
    expect(patched()).toEqual([])
  })

  it('stands in a plan file as the time itself, and an apply waits for it', async () => {
    const [until, notAfter] = [later(5 * HOUR), later(6 * HOUR)]
    const { planned } = await runRunbook(book(until, notAfter), open(), { mode: 'plan' })
    const file = planFile({ runbook: 'window', tenant: tenant.domain, at: '', who: '', steps: planned })
    expect(describePlan(file, {}).join('\n')).toContain(`wait until ${until}, not after ${notAfter}`)
    expect((await runRunbook(runbookOf(file, new Redactor()), open(), { mode: 'apply' })).status).toBe('done')
    expect(patched()[0]).toBeGreaterThanOrEqual(Date.parse(until))
    tenant.clock.advance(10 * HOUR)
    expect((await runRunbook(runbookOf(file, new Redactor()), open(), { mode: 'apply' })).exitCode).toBe(3)
  })

  it.each([
    ['tomorrow', undefined, /not a time with a time zone/],
    ['2026-12-01T22:00:00', undefined, /not a time with a time zone/],
    ['2026-12-01T22:00:00Z', '2026-12-01T20:00:00Z', /ends at .* before it begins/],
  ] as const)('refuses %s', (from, notAfter, message) => {
    expect(() => waitUntil(from, notAfter === undefined ? {} : { notAfter })).toThrow(message)
  })
})
