import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findRow } from '../../src/catalogue/index.ts'
import { readJournal } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { everyNotebook } from '../notebooks/stored.ts'
import { CommandFolder, profileOf } from './command.ts'

let tenant: Sandbox
let place: CommandFolder
let folder: string
beforeAll(async () => {
  tenant = await sandbox()
  place = new CommandFolder({ one: profileOf(tenant) }, [await tenant.ca()], 'http-watch.mjs')
  folder = place.path
})
beforeEach(() => {
  tenant.reset()
  place.clear()
})
afterAll(async () => {
  await tenant.close()
  place.end()
})

const tenantlab = (words: readonly string[], more?: NodeJS.ProcessEnv) => place.tenantlab(words, more)

function linesOf(path: string): { method: string; path: string }[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

const isWrite = ({ method, path }: { method: string; path: string }) =>
  method !== 'GET' && findRow(method, path)?.row.effect !== 'token'

describe('the notebooks of the repository', () => {
  it.each(everyNotebook)('$name is checked without a write, and runs to its end', async ({ name, path }) => {
    const seen = join(folder, `${name.replaceAll('/', '-')}.requests`)
    const [checked, ran] = await Promise.all([
      tenantlab(['run', path, '--check'], { REQUESTS_SEEN: `${seen}.check` }),
      tenantlab(['run', path], { REQUESTS_SEEN: seen }),
    ])
    expect(checked).toMatchObject({ code: 0, err: '' })
    expect(linesOf(`${seen}.check`).filter(isWrite)).toEqual([])
    expect(ran).toMatchObject({ code: 0, err: '' })
    if (/network-acls|token-quotas/.test(name)) expect(linesOf(seen).filter(isWrite).length).toBeGreaterThan(3)
  })
})

describe('a notebook of one’s own', () => {
  const notebook = (...cells: string[]): string => {
    const path = join(folder, 'own book.ipynb')
    const stored = cells.map((source) => ({ cell_type: 'code', metadata: {}, source }))
    writeFileSync(path, JSON.stringify({ nbformat: 4, cells: stored }))
    return path
  }
  const opens =
    "import { lab } from 'tenantlab/sandbox'\nconst { auth0, where, finish } = await lab()\nconsole.log('in', where)"
  const creates = "const client = await auth0.clients.create({ name: 'Booked' }).run()"
  const describes = "await auth0.clients(client.client_id!).update({ description: 'x' }).run()"
  const isMine = ({ method, path }: { method: string; path: string }) => method !== 'GET' && path !== '/oauth/token'

  it('runs on the tenant that the command names, is killed, and goes on', async () => {
    const path = notebook(
      opens,
      creates,
      'if (process.env.END_BY) process.kill(process.pid, process.env.END_BY)',
      describes,
    )
    const words = ['run', path, '--tenant', 'one', '--journal', 'own.jsonl']
    const allowed = { TENANTLAB_ALLOW_WRITES: '1' }
    expect(await tenantlab(words, { ...allowed, END_BY: 'SIGKILL' })).toMatchObject({ code: 'SIGKILL' })
    expect(tenant.requests.filter(isMine)).toHaveLength(1)
    const { code, out } = await tenantlab([...words, '--resume'], { ...allowed, END_BY: '' })
    expect(code, out).toBe(0)
    expect(tenant.requests.filter(isMine).map(({ method }) => method)).toEqual(['POST', 'PATCH'])
    const steps = readJournal(join(folder, 'own.jsonl')).flatMap((each) => (each.type === 'done' ? [each.step] : []))
    expect(steps).toEqual(['cell 2: clients.create', 'cell 4: clients.update'])
    expect(existsSync(join(folder, 'own.audit.jsonl'))).toBe(true)
  })

  it('sends no write to a named tenant unless it is allowed to', async () => {
    const { code, out } = await tenantlab(['run', notebook(opens, creates), '--tenant', 'one'])
    expect(code).toBe(1)
    expect(out).toContain('own book.ipynb, cell 2, line 1: ')
    expect(tenant.requests.filter(isMine)).toEqual([])
    const checked = await tenantlab([
      'run',
      notebook(opens, creates),
      '--profile',
      'one',
      '--check',
      '--detailed-exitcode',
    ])
    expect(checked.code, checked.out).toBe(2)
    expect(checked.out).toContain('POST /api/v2/clients')
    expect(tenant.requests.filter(isMine)).toEqual([])
  })

  it('tells a program everything in JSON, what it prints included', async () => {
    const { out } = await tenantlab([
      'run',
      notebook(opens, creates, 'const [url] = client.callbacks'),
      '--check',
      '--json',
      '--tenant',
      'one',
    ])
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map(({ type }) => type)).toContain('planned_change')
    expect(events.filter(({ type }) => type === 'say').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Connected with the real tenant localhost:/),
      expect.stringMatching(/^in localhost:/),
      '1 of 3 cells could not be predicted: cell 3. What such cells write is not among the pending changes.',
    ])
    expect(events.find(({ type, step }) => type === 'step_end' && step === 'cell 3')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringContaining('{{cell 2: clients.create.callbacks}}'),
    })
  })

  it('answers 2 where something could not be predicted, and refuses several tenants', async () => {
    const path = notebook(
      opens,
      "const tokens = await auth0.clients.create({ name: 'x' }).run()",
      'tokens.nothing.at(0)',
    )
    expect((await tenantlab(['run', path, '--check'])).code).toBe(0)
    expect((await tenantlab(['run', path, '--check', '--detailed-exitcode'])).code).toBe(2)
    const { code, err } = await tenantlab(['run', path, '--tenant', 'one', '--tenant', 'two'])
    expect(code).toBe(64)
    expect(err).toContain('runs on one tenant at a time')
  })

  it('is planned and applied on a named tenant, and refused where a plan could not hold it', async () => {
    const plan = join(folder, 'book.plan.json')
    const allowed = { TENANTLAB_ALLOW_WRITES: '1' }
    const planned = await tenantlab(['plan', notebook(opens, creates, describes), '--tenant', 'one', '-o', plan])
    expect(planned, planned.err).toMatchObject({ code: 0 })
    expect(tenant.requests.filter(isMine)).toEqual([])
    expect((await tenantlab(['show', plan])).out).toContain('cell 2: clients.create')
    expect((await tenantlab(['apply', plan, '--tenant', 'one', '--yes'], allowed)).code).toBe(0)
    expect(tenant.requests.filter(isMine).map(({ method }) => method)).toEqual(['POST', 'PATCH'])
    const embedded = await tenantlab(['plan', notebook(opens, creates), '-o', plan, '--force'])
    expect(embedded.code).toBe(1)
    expect(embedded.err.replace(/\s+/g, ' ')).toContain('Name the tenant: tenantlab plan')
    const open = await tenantlab([
      'plan',
      notebook(opens, creates, '[...client.callbacks]'),
      '--tenant',
      'one',
      '-o',
      plan,
      '--force',
    ])
    expect(open.err.replace(/\s+/g, ' ')).toContain('since cell 3 could not be predicted')
  })

  it('works in its folder, and says that an embedded tenant has nothing to resume', async () => {
    writeFileSync(join(folder, 'part.ts'), 'export const part: number = 7')
    const path = notebook(
      "import { part } from './part.ts'\nimport { existsSync } from 'fs'\nconsole.log(part, existsSync('part.ts'))",
    )
    expect((await tenantlab(['run', path], { PWD: '/' })).out).toContain('7 true')
    const resumed = await tenantlab(['run', notebook(opens, creates), '--resume'])
    expect(resumed.code).toBe(1)
    expect(resumed.err.replace(/\s+/g, ' ')).toContain('runs on an embedded tenant, which ended with the run before')
  })
})

describe('a script', () => {
  it('has steps and a journal, whether it runs at once or by its default export', async () => {
    const path = join(folder, 'script.ts')
    writeFileSync(
      path,
      `import { connect, type Session } from 'tenantlab'
       await connect().clients.create({ name: 'At once' }).run()
       export default async ({ auth0 }: { auth0: Session }) => {
         const made = await auth0.clients.create({ name: 'By call' }).run()
         return \`made \${made.name}\`
       }`,
    )
    const env = { AUTH0_PROFILE: 'one' }
    const checked = await tenantlab(['run', path, '--check'], env)
    expect(checked).toMatchObject({ code: 0, err: '' })
    expect(checked.out.match(/^\+ clients.create/gm)).toHaveLength(2)
    expect(tenant.requests.filter(isWrite)).toEqual([])
    const { code, out } = await tenantlab(['run', path, '--journal', 'script.jsonl'], env)
    expect(code, out).toBe(0)
    expect(out).toContain('made By call')
    expect(tenant.requests.filter(isWrite)).toHaveLength(2)
    const steps = readJournal(join(folder, 'script.jsonl')).flatMap((each) => (each.type === 'done' ? [each.step] : []))
    expect(steps).toEqual(['clients.create', 'clients.create 2'])
  })
})
