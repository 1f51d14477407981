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
import { connect, type Session } from '../../src/session/index.ts'
import { Killed, mortalJournal } from './support.ts'

/** What a shipped runbook is taken through. */
interface RoundTrip {
  readonly name: string
  /** Brings the seeded tenant to where the runbook begins, and answers the parameters. */
  readonly prepare: (auth0: Session, tenant: Sandbox) => Promise<Json>
  /** Members to add to the parameters where the run is taken back, for what cannot be. */
  readonly undoable?: Readonly<Record<string, Json>>
  /** What of the tenant the runbook changes, besides what `state()` reads. */
  readonly watched?: (auth0: Session) => Promise<unknown>
  /** What no journal and no plan file may contain. */
  readonly secrets?: (auth0: Session) => Promise<readonly string[]>
}

/** Loads a shipped runbook. */
export async function shippedRunbook(name: string): Promise<Runbook<unknown>> {
  const folder = resolve(import.meta.dirname, '..', '..', 'runbooks')
  return ((await import(join(folder, `${name}.ts`))) as { default: Runbook<unknown> }).default
}

/** What the records say, without the times at which they were last touched. */
const comparable = (records: unknown): unknown =>
  JSON.parse(
    JSON.stringify(records, (key, value) => {
      if (key === 'updated_at' || value === null) return undefined
      return key === 'blocked' && value === false ? undefined : value
    }),
  )

/** Holds a runbook to check, plan, apply, a kill at every line of its journal, resume and undo. */
export function roundTrip({ name, prepare, undoable = {}, watched, secrets }: RoundTrip): void {
  describe(name, () => {
    let tenant: Sandbox
    let params: Json
    let start: ReturnType<Sandbox['snapshot']>
    let canaries: readonly string[] = []
    const open = () => connect({ ...tenant.options, retry: false })
    const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
    const begin = () => tenant.reset(start)
    const state = async () => {
      const auth0 = open()
      return comparable([
        await auth0.clients.list({}).all().run(),
        await auth0.users.list({}).all().run(),
        await watched?.(auth0),
      ])
    }
    const holdsNoSecret = (written: unknown) => {
      const text = JSON.stringify(written)
      for (const canary of canaries) expect(text).not.toContain(canary)
    }

    beforeAll(async () => {
      tenant = await sandbox({ seed: `shipped ${name}`, tls: false })
      params = await prepare(open(), tenant)
      canaries = (await secrets?.(open())) ?? []
      start = tenant.snapshot()
    })
    beforeEach(() => tenant.reset(start))
    afterAll(() => tenant.close())

    it('is checked and planned without a write, applied, killed at every line, resumed, and taken back', async () => {
      const runbook = await shippedRunbook(name)
      const predicting = connect({ ...tenant.options, writes: 'predict' })
      const before = await state()
      const written = writes().length
      const check = await runRunbook(runbook, predicting, { params, mode: 'check' })
      expect(check.error).toBeUndefined()
      expect(check.summary.pending).toBeGreaterThan(0)
      const plan = await runRunbook(runbook, predicting, { params, mode: 'plan' })
      expect(plan.error).toBeUndefined()
      expect(writes()).toHaveLength(written)

      const file = planFile({ runbook: name, tenant: tenant.domain, at: '', who: '', steps: plan.planned })
      holdsNoSecret(file)
      const whole: JournalEntry[] = []
      await checkDrift(file, open(), new Vault())
      const apply = (entries: JournalEntry[], journal = memoryJournal(entries)) =>
        runRunbook(runbookOf(file, new Vault()), open(), { mode: 'apply', yes: true, journal })
      const applied = await apply(whole)
      expect(applied.error).toBeUndefined()
      expect(applied.summary.written).toBe(plan.planned.filter(({ effect }) => effect === 'write').length)
      holdsNoSecret(whole)
      const after = await state()
      expect(after).not.toEqual(before)

      for (let line = 0; line < whole.length; line += 1) {
        begin()
        const entries: JournalEntry[] = []
        await expect(apply(entries, mortalJournal(entries, line, 'after'))).rejects.toBeInstanceOf(Killed)
        expect((await apply(entries)).error, `line ${line}`).toBeUndefined()
        expect(shapeOf(await state()), `line ${line}`).toEqual(shapeOf(after))
        holdsNoSecret(entries)
      }

      for (const line of [5, 8, undefined]) {
        begin()
        const entries: JournalEntry[] = []
        const given = { ...(params as Record<string, Json>), ...undoable }
        const run = (journal = memoryJournal(entries)) =>
          runRunbook(runbook, open(), { params: given, yes: true, journal })
        if (line !== undefined) await expect(run(mortalJournal(entries, line, 'after'))).rejects.toBeInstanceOf(Killed)
        expect((await run()).error).toBeUndefined()
        expect(await state(), `before undo ${line}`).not.toEqual(before)
        const undone = await runRunbook(undoRunbook(entries, new Vault()), open(), { mode: 'undo' })
        expect(undone.error).toBeUndefined()
        expect(await state(), `undone after line ${line}`).toEqual(before)
      }
    })
  })
}

/** The state with the ids of new records by their kind: the order of requests decides how the sandbox draws them. */
function shapeOf(state: unknown): unknown {
  const text = JSON.stringify(state)
    .replace(/cred_\w{22}/g, 'cred')
    .replace(/(sms|voice)\|dev_\w{16}/g, '$1')
    .replace(/email\|[0-9a-f]{24}/g, 'email')
    .replace(/"user_id":"[0-9a-f]{24}"/g, '"user_id":""')
  return JSON.parse(text)
}
