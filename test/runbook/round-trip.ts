import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import {
  checkDrift,
  type Journal,
  type JournalEntry,
  Redactor,
  type Runbook,
  type RunResult,
  runbookOf,
  undoOf,
} from '../../src/run/index.ts'
import { memoryJournal, planFile, runRunbook } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { type ShippedCase, shapeOf, stateOf } from './shipped-cases.ts'
import { Killed, mortalJournal } from './support.ts'
import { laggingTenant } from './tenant.ts'

/** The folder of the shipped runbooks. */
export const runbooks = resolve(import.meta.dirname, '..', '..', 'runbooks')

/** Loads a shipped runbook. */
export async function shippedRunbook(name: string): Promise<Runbook<unknown>> {
  return ((await import(join(runbooks, `${name}.ts`))) as { default: Runbook<unknown> }).default
}

/** Holds a runbook to check, plan, apply, a kill at every line of its journal, resume and undo. */
export function roundTrip(name: string, given: ShippedCase): void {
  const { prepare, secrets, undoable = {}, readsOnly = false } = given
  describe(name, () => {
    let tenant: Sandbox
    let runbook: Runbook<unknown>
    let params: Record<string, Json>
    let start: ReturnType<Sandbox['snapshot']>
    let canaries: readonly string[] = []
    const options = () => ({ ...tenant.options, ...(given.clock && { clock: given.clock(tenant) }) })
    const open = () => connect({ ...options(), retry: false })
    const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
    const state = () => {
      // What the run saw was late; what is compared is not.
      tenant.clock.advance(2000)
      return stateOf(open(), tenant, given)
    }
    const holdsNoSecret = (written: unknown) => {
      const text = JSON.stringify(written)
      for (const canary of canaries) expect(text).not.toContain(canary)
    }

    /** Lets a run die after each line of its journal in turn, and go on to where the undisturbed one came. */
    const killedAtEachLine = async (
      whole: readonly JournalEntry[],
      run: (entries: JournalEntry[], journal?: Journal) => Promise<RunResult>,
      after: unknown,
      then: (entries: JournalEntry[], line: number) => void | Promise<void>,
    ) => {
      for (let line = 0; line < whole.length; line += 1) {
        tenant.reset(start)
        const entries: JournalEntry[] = []
        await expect(run(entries, mortalJournal(entries, line, 'after'))).rejects.toBeInstanceOf(Killed)
        expect((await run(entries)).error, `line ${line}`).toBeUndefined()
        expect(shapeOf(await state()), `line ${line}`).toEqual(shapeOf(after))
        await then(entries, line)
      }
    }

    beforeAll(async () => {
      tenant = await laggingTenant({ seed: `shipped ${name}`, clock: 'fixed', tls: false })
      runbook = await shippedRunbook(name)
      params = await prepare(open(), tenant)
      canaries = (await secrets?.(open())) ?? []
      start = tenant.snapshot()
    })
    beforeEach(() => tenant.reset(start))
    afterAll(() => tenant.close())

    it('is checked and planned without a write, applied, killed at every line of it, and resumed', async () => {
      const predicting = connect({ ...options(), writes: 'check' })
      const before = await state()
      const check = await runRunbook(runbook, predicting, { params, mode: 'check' })
      expect(check.error).toBeUndefined()
      expect(check.summary.pending > 0).toBe(!readsOnly)
      const plan = await runRunbook(runbook, predicting, { params, mode: 'plan' })
      expect(plan.error).toBeUndefined()
      expect(writes()).toEqual([])

      const file = planFile({ runbook: name, tenant: tenant.domain, at: '', who: '', steps: plan.planned })
      holdsNoSecret(file)
      const whole: JournalEntry[] = []
      await checkDrift(file, open(), new Redactor())
      const apply = (entries: JournalEntry[], journal = memoryJournal(entries)) =>
        runRunbook(runbookOf(file, new Redactor()), open(), { mode: 'apply', yes: true, journal })
      const applied = await apply(whole)
      expect(applied.error).toBeUndefined()
      expect(applied.summary.written).toBe(plan.planned.filter(({ effect }) => effect === 'write').length)
      holdsNoSecret(whole)
      const after = await state()
      if (readsOnly) expect(after).toEqual(before)
      else expect(after).not.toEqual(before)

      await killedAtEachLine(whole, apply, after, (entries) => holdsNoSecret(entries))
    })

    it('is run, killed at every line, resumed, and taken back; run twice it changes nothing', async () => {
      const before = await state()
      const given = { ...params, ...undoable }
      const run = (entries: JournalEntry[], journal = memoryJournal(entries)) =>
        runRunbook(runbook, open(), { params: given, yes: true, journal })
      const whole: JournalEntry[] = []
      const ran = await run(whole)
      expect(ran.error).toBeUndefined()
      holdsNoSecret(whole)
      const after = await state()
      if (readsOnly) expect(after).toEqual(before)
      else expect(after).not.toEqual(before)
      await killedAtEachLine(whole, run, after, async (entries, line) => {
        if (line === 0) {
          await run([])
          expect(shapeOf(await state()), 'run twice').toEqual(shapeOf(after))
        }
        const undone = await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo' })
        // R49: an undo of a run that wrote nothing undoes nothing, and says so.
        if (readsOnly) expect(String(undone.error), `undone after line ${line}`).toContain('Nothing was undone')
        else expect(undone.error, `undone after line ${line}`).toBeUndefined()
        expect(await state(), `undone after line ${line}`).toEqual(before)
      })
    })
  })
}
