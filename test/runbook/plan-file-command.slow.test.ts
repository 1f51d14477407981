import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { commandFor, type TenantCommand } from './command.ts'
import { laggingTenant } from './tenant.ts'

const CANARY = 'Canary-9d21!"quoted'

const RUNBOOK = `import { defineRunbook, waitFor } from 'tenantlab/runbook'
import { z } from 'zod'
export default defineRunbook({
  name: 'newcomer',
  params: z.object({ name: z.string(), firstPassword: z.string() }),
  async *steps({ auth0, params, step }) {
    const user = yield* step('create', auth0.users.create({
      connection: 'Username-Password-Authentication', email: 'new@example.com', name: params.name, password: params.firstPassword,
    }))
    yield* step('note', auth0.users(user.user_id ?? '').update({ app_metadata: { first: params.firstPassword } }))
    yield* step('rest', waitFor(20))
  },
})
`
const PAIR = `import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'
export default defineRunbook({
  name: 'pair',
  params: z.object({ word: z.string().default('x') }),
  async *steps({ auth0, params, step }) {
    yield* step('first', auth0.clients.create({ name: params.word + ' 1' }))
    yield* step('second', auth0.clients.create({ name: params.word + ' 2' }))
  },
})
`
const IDLE = `import { defineRunbook } from 'tenantlab/runbook'
export default defineRunbook({
  name: 'idle',
  async *steps({ auth0, step, say }) {
    const [client] = yield* step('read', auth0.clients.list({}).all())
    yield* step('same', auth0.clients(client.client_id ?? '').update({ name: client.name }))
    say('written to a file')
  },
})
`

let tenant: Sandbox
let command: TenantCommand
beforeAll(async () => {
  tenant = await laggingTenant({ seed: 'plan command', clock: 'fixed' })
  command = await commandFor(tenant)
  writeFileSync(join(command.folder, 'newcomer.ts'), RUNBOOK)
  writeFileSync(join(command.folder, 'idle.ts'), IDLE)
  writeFileSync(join(command.folder, 'pair.ts'), PAIR)
})
beforeEach(() => tenant.reset())
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  command.end()
  await tenant.close()
})

const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

it('plans without a secret, shows what it needs, refuses at once where it is missing, and applies with it', async () => {
  const name = 'Mr {{create.user_id}}'
  const words = ['newcomer.ts', '--name', name, '--first-password', CANARY, '--profile', 'lab', '-o', 'plan.json']
  expect(await command.tenantlab(['plan', ...words])).toMatchObject({ code: 0 })
  const file = readFileSync(join(command.folder, 'plan.json'), 'utf8')
  const { out: shown } = await command.tenantlab(['show', 'plan.json'])
  const { out: json } = await command.tenantlab(['show', 'plan.json', '--json'])
  for (const text of [file, shown, json]) expect(text).not.toContain('Canary')
  expect(JSON.parse(json)).toEqual(JSON.parse(file))
  expect(shown).toContain('1 to create, 1 to change, 1 wait')
  expect(shown).toContain('TENANTLAB_SECRET_PASSWORD (create), which is not set')

  const refused = await command.tenantlab(['apply', 'plan.json', '--profile', 'lab', '--yes'])
  expect(refused.code).toBe(3)
  expect(refused.err).toContain('TENANTLAB_SECRET_APP_METADATA_FIRST (for "note")')
  expect(tenant.requests.filter(({ path }) => path === '/api/v2/users')).toEqual([])

  vi.stubEnv('TENANTLAB_SECRET_PASSWORD', CANARY)
  vi.stubEnv('TENANTLAB_SECRET_APP_METADATA_FIRST', 'another')
  const applied = await command.tenantlab(['apply', 'plan.json', '--profile', 'lab', '--yes'])
  expect(applied).toMatchObject({ code: 0 })
  expect(applied.out + applied.err).not.toContain('Canary')
  expect(writes()).toHaveLength(2)
  tenant.clock.advance(2000)
  const users = await connect(tenant.options).users.list({}).all().run()
  expect(users.find(({ email }) => email === 'new@example.com')).toMatchObject({
    name,
    app_metadata: { first: 'another' },
  })
})

it('says that there is nothing to apply, and then neither asks nor sends', async () => {
  const planned = await command.tenantlab(['plan', 'idle.ts', '--profile', 'lab', '-o', 'idle.json'])
  expect(planned).toMatchObject({ code: 0 })
  expect(planned.out).toContain('Nothing to apply: no write would change the tenant.')
  expect((await command.tenantlab(['show', 'idle.json'])).out).toContain(
    'No change: every write leaves its record as it is.',
  )
  const applied = await command.tenantlab(['apply', 'idle.json', '--profile', 'lab'])
  expect(applied).toMatchObject({ code: 0, err: '' })
  expect(applied.out).toContain('No change: the plan holds no write to send.')
  expect(writes()).toEqual([])
})

it('goes on with the journal of its own plan file only, and run with that of a run', async () => {
  for (const word of ['a', 'b'])
    await command.tenantlab(['plan', 'pair.ts', '--word', word, '--profile', 'lab', '-o', `${word}.json`])
  const apply = (word: string, more: readonly string[], killed?: string) =>
    command.tenantlab(['apply', `${word}.json`, '--profile', 'lab', '--yes', ...more], killed)
  expect((await apply('a', ['--journal', 'a.jsonl'], 'before:send second')).code).toBe('SIGKILL')
  expect((await apply('a', ['--again'], 'before:send second')).code).toBe('SIGKILL')
  const sent = writes().length
  const { hash } = JSON.parse(readFileSync(join(command.folder, 'a.json'), 'utf8'))

  const other = await apply('b', ['--resume'])
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('no unfinished journal of this plan file') })
  const named = await apply('b', ['--resume', '--journal', 'a.jsonl'])
  expect(named.code).toBe(1)
  expect(named.err.replace(/\s+/g, ' ')).toContain(`is that of another plan file, whose hash is ${hash}.`)
  const run = await command.tenantlab(['run', 'pair.ts', '--profile', 'lab', '--resume'])
  expect(run).toMatchObject({ code: 1, err: expect.stringContaining('no unfinished journal of "pair"') })
  const byRun = await command.tenantlab(['run', 'pair.ts', '--profile', 'lab', '--resume', '--journal', 'a.jsonl'])
  expect(byRun.err.replace(/\s+/g, ' ')).toContain('was begun by tenantlab apply. Go on with that command')
  expect(writes()).toHaveLength(sent)

  expect(await apply('a', ['--resume'])).toMatchObject({ code: 0 })
  expect(writes()).toHaveLength(sent + 1)
})

it('says that a plan file is not there', async () => {
  const { code, err } = await command.tenantlab(['show', 'nowhere.json'])
  expect(code).toBe(64)
  expect(err).toContain('There is no plan file nowhere.json.')
})
