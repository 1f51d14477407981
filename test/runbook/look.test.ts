import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bundleOf } from '../../src/display/index.ts'
import type { JournalEntry } from '../../src/run/index.ts'
import {
  auditPath,
  defineRunbook,
  ledgerOf,
  memoryJournal,
  planFile,
  readAudit,
  readJournal,
  readPlanFile,
  runRunbook,
  undoRun,
  writePlanFile,
} from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

const CANARY = 'Canary-"Quoted"-Secret-5d1f-Z9'

let tenant: Sandbox
let auth0: Session
let folder: string

beforeAll(async () => {
  tenant = await sandbox({ seed: 'looks', clock: 'fixed', tls: false })
  auth0 = connect({ ...tenant.options, retry: false })
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'looks-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
afterAll(() => tenant.close())

const book = defineRunbook({
  name: 'book',
  params: z.object({ password: z.string().default(CANARY), email: z.string().default('a@example.com') }),
  async *steps({ auth0, params, step, say }) {
    const connection = 'Username-Password-Authentication'
    yield* step('read client', auth0.clients(tenant.options.clientId).get())
    const user = yield* step('create user', auth0.users.create({ connection, ...params }), {
      undo: ({ result }) => auth0.users(String(result.user_id)).delete(),
    })
    yield* step('never', auth0.clients.list({}), { when: false })
    say(`The password is ${params.password}.`)
    yield* step('name user', auth0.users(String(user.user_id)).update({ name: '<b>Bob</b>' }))
    return params.password
  },
})

/** Every form in which a value shows itself. */
const everyForm = (value: object): string =>
  [
    JSON.stringify(bundleOf(value)),
    inspect(value),
    inspect(value, { depth: null, showHidden: true }),
    inspect({ value }),
  ].join('\n')
const text = (value: object): string => bundleOf(value)['text/plain']

function expectNoSecret(...values: object[]): void {
  const all = values.map(everyForm).join('\n')
  for (const secret of [CANARY, JSON.stringify(CANARY).slice(1, -1), tenant.options.clientSecret])
    expect(all.includes(secret), 'a secret is shown').toBe(false)
}

describe('a result', () => {
  it('shows its status, counts, steps with route and answer, what was said, and where the records are', async () => {
    const journal = join(folder, 'run.jsonl')
    const run = await runRunbook(book, auth0, { params: {}, journal })
    const shown = text(run)
    expect(shown).toMatch(/^book · run · done · 2 written\n/)
    expect(shown).toContain('counts   4 steps, 3 requests, 2 written, 1 left out')
    expect(shown).toMatch(/create user +✓ done +201 +POST \/api\/v2\/users\n/)
    expect(shown).toMatch(/never +- skipped: its condition do.* +GET \/api\/v2\/clients\n/)
    expect(shown).toContain('The password is «secret».')
    expect(shown).toContain('run.audit.jsonl')
    expect(bundleOf(run)['text/html']).toContain('<td')
    expect(bundleOf(run)['application/vnd.tenantlab+json']).toMatchObject({ status: 'done', journal })
    expect(inspect({ run })).toBe('{ run: book · run · done · 2 written }')
    expectNoSecret(run)
  })

  it('shows of a check what each write would change, escaped in a page', async () => {
    const run = await runRunbook(book, auth0, { params: {}, mode: 'check' })
    const shown = text(run)
    expect(shown).toMatch(/^book · check · done · 2 changes pending\n/)
    expect(shown).toMatch(/name user +· predicted +update \+1/)
    expect(shown).toContain('\nname user:\n')
    expect(shown).toMatch(/\+ name: <b>Bob<\/b>/)
    expect(bundleOf(run)['text/html']).toContain('&lt;b&gt;Bob&lt;/b&gt;')
    expect(bundleOf(run)['text/html']).not.toContain('<b>')
    expect(text(run.planned)).toMatch(/\+ +create user +POST \/api\/v2\/users/)
    expect(shown).toContain('+ password: «secret»')
    expectNoSecret(run, run.planned)
  })

  it('shows why it failed, at which step, and the request id', async () => {
    tenant.faults.add({ kind: 'status', status: 409, match: { method: 'POST', path: '/api/v2/users' }, times: 1 })
    const run = await runRunbook(book, auth0, { params: {} })
    expect(text(run)).toMatch(/^book · run · failed\n/)
    expect(text(run)).toMatch(/create user +✗ failed: /)
    expect(text(run)).toMatch(/stopped at +.*look\.test\.ts:\d+:\d+/)
    expect(text(run)).toMatch(/\n! .*409/)
    expectNoSecret(run)
  })

  it('stays plain data: neither comparison nor a clone sees more', async () => {
    const run = await runRunbook(book, auth0, { params: { email: 'b@example.com' }, mode: 'check' })
    expect(structuredClone(run)).toStrictEqual({ ...run })
    expect(run).toStrictEqual(structuredClone(run))
    expect([...run.planned]).toStrictEqual(structuredClone(run.planned))
    expect(Object.getOwnPropertySymbols({ ...run })).toEqual([])
  })

  it('leaves out reads first where the steps are many', async () => {
    const many = defineRunbook({
      name: 'many',
      async *steps({ auth0, step }) {
        for (let at = 0; at < 60; at += 1) yield* step(`read ${at}`, auth0.roles.list({}))
        yield* step('write', auth0.roles.create({ name: 'Last' }))
      },
    })
    const run = await runRunbook(many, auth0)
    expect(text(run)).toContain('60 more steps are in the data.')
    expect(text(run)).toMatch(/write +✓ done/)
    expect(bundleOf(run)['application/vnd.tenantlab+json']).toMatchObject({ steps: { length: 61 } })
  })
})

describe('a journal', () => {
  it('shows its steps with their requests, how each ended, and whether it has an undo', async () => {
    const entries: JournalEntry[] = []
    const journal = memoryJournal(entries)
    expect(text(journal)).toBe('journal · empty: no run has begun it')
    await runRunbook(book, auth0, { params: {}, journal })
    for (const each of [journal, entries, ledgerOf(entries)]) {
      expect(text(each)).toMatch(/^journal · book · done\n/)
      expect(text(each)).toMatch(/create user +done +201 POST \/api\/v2\/use.* +DELETE \/api\/v2\/users/)
      expect(text(each)).toMatch(/never +left out: its cond/)
      expect(bundleOf(each)['application/vnd.tenantlab+json']).toMatchObject({
        steps: [
          { step: 'read client', undo: [] },
          { step: 'create user', requests: [{ status: 201 }], undo: [expect.stringMatching(/^DELETE .*users\/auth0/)] },
          { step: 'never' },
          { step: 'name user' },
        ],
      })
      expectNoSecret(each)
    }
    expect(structuredClone(entries)).toStrictEqual([...entries])
  })

  it('shows what is not known', () => {
    const at = '2026-11-02T09:00:00.000Z'
    const shown = text(
      memoryJournal([
        {
          type: 'journal',
          version: 2,
          run: 'r',
          runbook: 'cut',
          mode: 'run',
          tenant: 't.example.com',
          at,
          who: 'me',
        },
        { type: 'begun', step: 'create', at, hash: 'sha256-1' },
        { type: 'send', step: 'create', at, request: 1, attempt: 1, method: 'POST', path: '/api/v2/clients' },
      ]),
    )
    expect(shown).toContain('journal · cut · not ended: it runs, or was cut off')
    expect(shown).toMatch(/create +sent, fate unknown +no answer POST \/api\/v2\/clients/)
  })

  it('is read from its file with the same look, and the audit records beside it as a table', async () => {
    const path = join(folder, 'run.jsonl')
    await runRunbook(book, auth0, { params: {}, journal: path })
    expect(text(readJournal(path))).toMatch(/^journal · book · done\n/)
    const audit = readAudit(auditPath(path))
    expect(text(audit)).toMatch(/^audit · 3 requests · book on demo\.tenantlab\.local\n/)
    expect(text(audit)).toMatch(/create user +POST \/api\/v2\/users +201 +sha256-\w{8}\b/)
    expectNoSecret(readJournal(path), audit)
    expect(() => readAudit(path)).toThrow(/Line 1 of .* is no audit record/)
    expect(() => readAudit(join(folder, 'none'))).toThrow(/There is no audit file/)
  })
})

describe('a plan file', () => {
  it('shows itself whole, as the command tells it, before and after it is read', async () => {
    const { planned, params } = await runRunbook(book, auth0, { params: {}, mode: 'plan' })
    const parts = { runbook: 'book', tenant: auth0.domain, at: '2026-11-02', who: 'me', steps: planned }
    const plan = planFile({ ...parts, ...(params !== undefined && { params }) })
    const path = join(folder, 'plan.json')
    writePlanFile(path, plan)
    for (const each of [plan, readPlanFile(path)]) {
      const shown = text(each)
      expect(shown).toMatch(/^plan · book on demo\.tenantlab\.local\n/)
      expect(shown).toContain(plan.hash)
      expect(shown).toContain('1 to create, 1 to change')
      expect(shown).toMatch(/undo: DELETE \/api\/v2\/users\/\{\{create user\.user_id\}\}/)
      expectNoSecret(each)
    }
    expect(readPlanFile(path)).toStrictEqual({ ...plan })
  })
})

describe('undoRun()', () => {
  it('takes back what a journal records, from memory or from a file with a journal of its own', async () => {
    const count = async (): Promise<number> => (await auth0.users.list({}).all().run()).length
    const before = await count()
    const journal = memoryJournal()
    await runRunbook(book, auth0, { params: {}, journal })
    const checked = await undoRun(journal, auth0, { mode: 'check' })
    expect(checked.summary.pending).toBe(1)
    expect(await count()).toBe(before + 1)
    const undone = await undoRun(journal, auth0)
    expect(text(undone)).toMatch(/undo create user +✓ done +204 +DELETE/)
    expect(await count()).toBe(before)

    const path = join(folder, 'run.jsonl')
    await runRunbook(book, auth0, { params: {}, journal: path })
    expect((await undoRun(path, auth0)).summary.written).toBe(1)
    expect(await count()).toBe(before)
    const again = await undoRun(path, auth0)
    expect(again.summary).toMatchObject({ written: 0, recorded: 1 })
    expect(text(readJournal(join(folder, 'run.undo.jsonl')))).toMatch(/^journal · book\.undo · done\n/)
  })

  it('refuses the journal of another tenant', async () => {
    const journal = memoryJournal()
    await runRunbook(book, auth0, { params: {}, journal })
    const other = connect({ domain: 'other.example.com', token: 'x' })
    await expect(undoRun(journal, other)).rejects.toThrow(/belongs to the tenant demo\.tenantlab\.local/)
  })
})
