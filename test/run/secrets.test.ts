import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { doneWhen, type JournalEntry, Redactor, type RunEvent } from '../../src/run/index.ts'
import {
  defineRunbook,
  githubReport,
  humanReport,
  jsonReport,
  markdownReport,
  memoryJournal,
  planFile,
  runRunbook,
  writePlanFile,
} from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { Killed, mortalJournal } from '../runbook/support.ts'

const CANARY = 'Canary-5f3b!"quoted'
let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await sandbox({ seed: 'secrets', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
afterAll(() => tenant.close())

const talkative = (seen: string[]) =>
  defineRunbook({
    name: 'talkative',
    params: z.object({ firstPassword: z.string() }),
    async *steps({ auth0, params, step, say }) {
      const client = yield* step('create client', auth0.clients.create({ name: 'Job' }))
      seen.push(String(client.client_secret))
      say(`the secret is ${client.client_secret} and the password ${params.firstPassword}`)
      yield* step(
        'create user',
        auth0.users.create({
          connection: 'Username-Password-Authentication',
          email: 'canary@example.com',
          password: params.firstPassword,
        }),
      )
      throw new Error(`it fails on ${params.firstPassword}`)
    },
  })

it('shows no secret in journal, audit record, events, report, terminal or the log of a CI', async () => {
  const seen: string[] = []
  const redactor = new Redactor()
  const events: RunEvent[] = []
  const out: string[] = []
  const masks: string[] = []
  const listeners = [
    jsonReport((line) => out.push(line), { events: '2.0', tenantlab: '0' }),
    humanReport({ write: (text) => out.push(text), size: () => ({ columns: 200, rows: 40 }) }, true),
    humanReport({ write: (text) => out.push(text) }, false),
    githubReport((line) => (line.startsWith('::add-mask::') ? masks : out).push(line), redactor),
  ]
  const result = await runRunbook(talkative(seen), connect(tenant.options), {
    params: { firstPassword: CANARY },
    redactor,
    journal: join(folder, 'run.jsonl'),
    listener(event) {
      events.push(event)
      for (const listener of listeners) listener.hear(event)
    },
  })
  expect(result.exitCode).toBe(1)
  const [secret = ''] = seen
  expect(secret.length).toBeGreaterThan(20)
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  // The journal, the audit trail, and the salt by which runs of other secrets are told apart.
  expect(files).toHaveLength(3)
  const everything = [...files, JSON.stringify(events), markdownReport(events), ...out].join('\n')
  expect(everything).toContain('create user')
  for (const value of [secret, CANARY, JSON.stringify(CANARY).slice(1, -1), tenant.options.clientSecret]) {
    expect(everything.includes(value), 'a secret is shown').toBe(false)
  }
  expect(masks).toContain(`::add-mask::${CANARY}`)
})

it('shows no secret in a plan file', async () => {
  const quiet = defineRunbook({
    name: 'quiet',
    params: z.object({ password: z.string() }),
    async *steps({ auth0, params, step }) {
      yield* step('read client', auth0.clients(tenant.options.clientId).get())
      yield* step(
        'create user',
        auth0.users.create({ connection: 'Username-Password-Authentication', email: 'c@example.com', ...params }),
      )
    },
  })
  const result = await runRunbook(quiet, connect({ ...tenant.options, writes: 'check' }), {
    mode: 'plan',
    params: { password: CANARY },
  })
  const path = join(folder, 'plan.json')
  writePlanFile(
    path,
    planFile({ runbook: 'quiet', tenant: 't', at: '', who: '', params: result.params, steps: result.planned }),
  )
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('"$secret": "password"')
  for (const value of [CANARY, tenant.options.clientSecret])
    expect(text.includes(value), 'a secret is shown').toBe(false)
})

it('stops for a decision where a resumed step needs a recorded secret, and reads it again where a check can', async () => {
  const using = (check: boolean) =>
    defineRunbook({
      name: 'using',
      async *steps({ auth0, step }) {
        const client = yield* step('create client', auth0.clients.create({ name: 'Job' }), {
          ...(check && { doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Job' }) }),
        })
        yield* step('read', auth0.clients(String(client.client_id)).get())
        return String(client.client_secret).length
      },
    })
  for (const check of [false, true]) {
    tenant.reset()
    const entries: JournalEntry[] = []
    const run = runRunbook(using(check), connect(tenant.options), { journal: mortalJournal(entries, 5, 'after') })
    await expect(run).rejects.toBeInstanceOf(Killed)
    const resumed = await runRunbook(using(check), connect(tenant.options), { journal: memoryJournal(entries) })
    if (check) expect(resumed).toMatchObject({ exitCode: 0, value: 64 })
    else {
      expect(resumed.exitCode).toBe(3)
      expect(String(resumed.error)).toContain('"client_secret"')
    }
  }
})

it('never writes a mark back in place of a secret', async () => {
  const rotating = defineRunbook({
    name: 'rotating',
    async *steps({ auth0, step }) {
      const id = tenant.seed.clients[1]?.client_id ?? ''
      yield* step('rename', auth0.clients(id).update({ name: 'Other' }), {
        undo: ({ before }) => auth0.clients(id).update({ client_secret: String(before?.client_secret) }),
      })
    },
  })
  const entries: JournalEntry[] = []
  const killed = runRunbook(rotating, connect(tenant.options), { journal: mortalJournal(entries, 3, 'after') })
  await expect(killed).rejects.toBeInstanceOf(Killed)
  const resumed = await runRunbook(rotating, connect(tenant.options), { journal: memoryJournal(entries) })
  expect(resumed.exitCode).toBe(3)
  expect(String(resumed.error)).toContain('"client_secret"')
})

it.each([
  ['a body', (auth0: Session, text: string) => auth0.roles.create({ name: 'clerk', description: text })],
  [
    'a list deep in a body',
    (auth0: Session, text: string) => auth0.clients.create({ name: 'Shop', client_metadata: { note: text } }),
  ],
  [
    'a query',
    (auth0: Session, text: string) => auth0.raw('POST /api/v2/roles', { query: { q: text }, body: { name: 'clerk' } }),
  ],
] as const)('R27 a journal holds no secret that went into %s, and the tenant gets it', async (_, write) => {
  const runbook = defineRunbook({
    name: 'learned',
    async *steps({ auth0, step }) {
      const connection = 'Username-Password-Authentication'
      yield* step('user', auth0.users.create({ connection, email: 'canary@example.com', password: CANARY }))
      yield* step('write', write(auth0, `set to ${CANARY}`))
    },
  })
  const entries: JournalEntry[] = []
  const { status, error } = await runRunbook(runbook, connect(tenant.options), { journal: memoryJournal(entries) })
  expect(status, String(error)).toBe('done')
  expect(JSON.stringify(entries)).not.toContain('Canary-5f3b')
  // It is the same step when it is resumed, and says nothing of a change.
  const events: RunEvent[] = []
  const listener = (event: RunEvent) => void events.push(event)
  const again = await runRunbook(runbook, connect(tenant.options), { journal: memoryJournal(entries), listener })
  expect(again).toMatchObject({ status: 'done', summary: { recorded: 2 } })
  expect(events.filter(({ type }) => type === 'say')).toEqual([])
})
