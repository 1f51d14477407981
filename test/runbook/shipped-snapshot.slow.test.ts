import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkDrift, type JournalEntry, Redactor, type Runbook, runbookOf, undoOf } from '../../src/run/index.ts'
import { memoryJournal, planFile, type RunbookOptions, runRunbook } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { Killed, mortalJournal } from './support.ts'
import { laggingTenant } from './tenant.ts'

const file = resolve(import.meta.dirname, '..', '..', 'runbooks', 'nightly-snapshot.ts')
const name = 'nightly-snapshot'

let tenant: Sandbox
let folder: string
let runbook: Runbook<unknown>
beforeAll(async () => {
  tenant = await laggingTenant({ seed: name, clock: 'fixed', tls: false })
  runbook = ((await import(file)) as { default: Runbook<unknown> }).default
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'snapshot-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })
const snapshots = () => {
  const names = readdirSync(folder, { recursive: true }) as string[]
  return names.filter((each) => each.endsWith('.snapshot.json')).map((each) => readFileSync(join(folder, each), 'utf8'))
}
const run = (options: RunbookOptions<unknown> = {}) => runRunbook(runbook, open(), { params: { folder }, ...options })
const changesOf = ({ value }: { value?: unknown }) => (value as { changes: readonly string[] }).changes

/** Secrets of every kind that a configuration can hold. */
async function hideSecrets(): Promise<readonly string[]> {
  const auth0 = open()
  const client = await auth0.clients.create({ name: 'Secretive' }).run()
  await auth0.connections
    .create({
      name: 'partner',
      strategy: 'oidc',
      options: { client_id: 'public-id', client_secret: 'canary-connection-secret', type: 'back_channel' },
    } as never)
    .run()
  await auth0
    .connections(tenant.seed.connection.id)
    .update({ options: { configuration: { ANY_NAME: 'canary-database-setting' } } } as never)
    .run()
  return [String(client.client_secret), 'canary-connection-secret', 'canary-database-setting']
}

describe(name, () => {
  it('writes the configuration without a secret, and only reads', async () => {
    const secrets = [...(await hideSecrets()), ...tenant.seed.clients.map((each) => each.client_secret)].filter(Boolean)
    expect(secrets.length).toBeGreaterThan(4)
    const before = tenant.requests.length
    const entries: JournalEntry[] = []
    const said: unknown[] = []
    const done = await run({ journal: memoryJournal(entries), listener: (event) => said.push(event) })
    expect(done.error).toBeUndefined()
    const sent = tenant.requests.slice(before).filter(({ path }) => path !== '/oauth/token')
    expect(sent.length).toBeGreaterThanOrEqual(9)
    expect(sent.filter(({ method }) => method !== 'GET')).toEqual([])
    const [text = ''] = snapshots()
    const { configuration } = JSON.parse(text)
    expect(Object.keys(configuration)).toEqual([
      'apis',
      'clientGrants',
      'clients',
      'connections',
      'customDomains',
      'networkAcls',
      'organizations',
      'roles',
      'settings',
    ])
    expect(Object.values(configuration.connections)).toContainEqual(
      expect.objectContaining({ name: 'partner', options: expect.objectContaining({ client_secret: '«secret»' }) }),
    )
    expect(text).toContain('public-id')
    for (const secret of secrets) {
      expect(text).not.toContain(secret)
      expect(JSON.stringify([entries, said])).not.toContain(secret)
    }
  })

  it('says what differs from the snapshot before, record by record', async () => {
    await run()
    expect(changesOf(await run())).toEqual([])
    const [client] = tenant.seed.clients
    await open().clients(String(client?.client_id)).update({ description: 'Changed overnight' }).run()
    const [role] = tenant.seed.roles
    await open().roles(String(role?.id)).delete().run()
    const said: string[] = []
    const third = await run({
      listener: (event) => {
        if (event.type === 'say') said.push(event.text)
      },
    })
    expect(changesOf(third)).toEqual([
      `+ clients.${client?.client_id}.description: "Changed overnight"`,
      expect.stringMatching(`^- roles.${role?.id}: `),
    ])
    expect(said[0]).toMatch(/^2 changed since /)
    expect(snapshots()).toHaveLength(3)
  })

  it('is checked and planned without a file, applied, and has nothing to take back', async () => {
    await run()
    const predicting = connect({ ...tenant.options, writes: 'check' })
    const check = await runRunbook(runbook, predicting, { params: { folder }, mode: 'check' })
    expect(check.error).toBeUndefined()
    expect(check.summary.pending).toBe(0)
    const plan = await runRunbook(runbook, predicting, { params: { folder }, mode: 'plan' })
    expect(snapshots()).toHaveLength(1)
    const planned = planFile({ runbook: name, tenant: tenant.domain, at: '', who: '', steps: plan.planned })
    await checkDrift(planned, open(), new Redactor())
    const applied = await runRunbook(runbookOf(planned, new Redactor()), open(), { mode: 'apply' })
    expect(applied).toMatchObject({ status: 'done', summary: { written: 0 } })
  })

  it('is killed at every line and goes on to the same snapshot', async () => {
    const whole: JournalEntry[] = []
    await run({ journal: memoryJournal(whole) })
    const configuration = ([text = '']: readonly string[]) => JSON.parse(text).configuration
    const wanted = configuration(snapshots())
    for (let line = 0; line < whole.length; line += 1) {
      rmSync(folder, { recursive: true })
      const entries: JournalEntry[] = []
      await expect(run({ journal: mortalJournal(entries, line, 'after') })).rejects.toBeInstanceOf(Killed)
      const resumed = await run({ journal: memoryJournal(entries) })
      expect(resumed.error, `line ${line}`).toBeUndefined()
      expect(configuration(snapshots()), `line ${line}`).toEqual(wanted)
      const undone = await runRunbook(undoOf(entries, new Redactor()), open(), { mode: 'undo' })
      // R49: an undo that could undo nothing says so, and is no success.
      expect(undone).toMatchObject({ status: 'failed', summary: { requests: 0 } })
      expect(String(undone.error)).toContain('Nothing was undone')
    }
  })
})
