import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { CommandFolder, profileOf } from './command.ts'

const root = resolve(import.meta.dirname, '..', '..')
const shipped = (name: string) => join(root, 'runbooks', `${name}.ts`)

let one: Sandbox
let two: Sandbox
let place: CommandFolder
let folder: string
beforeAll(async () => {
  ;[one, two] = await Promise.all([sandbox(), sandbox()])
  // The authorities of two sandboxes have one name, so that a bundle of both finds only the first.
  place = new CommandFolder({ one: profileOf(one), two: profileOf(two) }, [await one.ca()])
  folder = place.path
})
beforeEach(() => {
  one.reset()
  two.reset()
  place.clear()
})
afterAll(async () => {
  await Promise.all([one.close(), two.close()])
  place.end()
})

const tenantlab = (words: readonly string[], more?: NodeJS.ProcessEnv) => place.tenantlab(words, more)
const writes = (tenant: Sandbox) =>
  tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
const block = [shipped('block-a-country'), '--country', 'IM', '--minutes', '0.001']

describe('tenantlab run', () => {
  it('tells parameters in --help, and every misuse in a sentence', async () => {
    const help = await tenantlab(['run', shipped('block-a-country'), '--help'])
    expect(help).toMatchObject({ code: 0 })
    expect(help.out).toContain('--country TEXT')
    expect(help.out).toContain('TENANTLAB_PARAM_COUNTRY')
    const wrong = await tenantlab(['run', ...block, '--priorty', '3', '--tenant', 'one'])
    expect(wrong).toMatchObject({ code: 64 })
    expect(wrong.err).toContain('Did you mean --priority?')
    expect(one.requests).toHaveLength(0)
  })

  it('checks without a write, and answers 2 where changes are pending and it was asked to', async () => {
    expect(await tenantlab(['run', ...block, '--tenant', 'one', '--check'])).toMatchObject({ code: 0 })
    const detailed = await tenantlab(['run', ...block, '--tenant', 'one', '--check', '--detailed-exitcode'])
    expect(detailed.code).toBe(2)
    expect(detailed.out).not.toContain('\u001b[')
    expect(writes(one)).toEqual([])
  })

  it('stops in good order at a failure that the file did not wait for, and names its line', async () => {
    const lines = [
      "import { defineRunbook } from 'tenantlab/runbook'",
      'export default defineRunbook({',
      "  name: 'forgot',",
      '  async *steps({ auth0, step }) {',
      "    void auth0.clients('nobody').get().run()",
      '    for (let i = 0; i < 500; i += 1) yield* step("list " + i, auth0.clients.list({}))',
      '  },',
      '})',
    ]
    writeFileSync(join(folder, 'forgot.ts'), lines.join('\n'))
    const { code, out, err } = await tenantlab(['run', 'forgot.ts', '--tenant', 'one', '--journal', 'forgot.jsonl'])
    expect(code).toBe(3)
    expect(out).toContain('Await it, or make it a step. Continue the run.')
    expect(out).toContain('at forgot.ts:5:')
    expect(err).not.toContain('node:internal')
    expect(readFileSync(join(folder, 'forgot.jsonl'), 'utf8').trim().split('\n').at(-1)).toContain('"type":"closed"')
  })

  it('runs two tenants side by side, with a journal and an audit record for each', async () => {
    const { code, out } = await tenantlab(['run', ...block, '--tenant', 'one', '--tenant', 'two', '--yes', '--json'], {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    })
    expect(code).toBe(0)
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events[0]).toMatchObject({ type: 'version', version: '2.1' })
    expect(events.filter(({ type }) => type === 'run_end').map(({ status }) => status)).toEqual(['done', 'done'])
    for (const tenant of [one, two]) expect(writes(tenant)).toHaveLength(3)
    const files = readdirSync(join(folder, '.tenantlab', 'journals', 'block-a-country'), {
      recursive: true,
    }) as string[]
    expect(files.filter((name) => name.endsWith('.jsonl'))).toHaveLength(4)
  })

  it('stops with 3 where somebody must confirm, and goes on with --resume', async () => {
    const stopped = await tenantlab(['run', ...block, '--tenant', 'one'])
    expect(stopped.code).toBe(3)
    expect(writes(one)).toHaveLength(1)
    expect(await tenantlab(['run', ...block, '--tenant', 'one', '--resume', '--yes'])).toMatchObject({ code: 0 })
    expect(writes(one)).toHaveLength(3)
  })

  it('groups, reports and summarizes for GitHub', async () => {
    const summary = join(folder, 'summary.md')
    const report = join(folder, 'report.md')
    const words = ['run', ...block, '--tenant', 'one', '--yes', '--report', report]
    const { code, out } = await tenantlab(words, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary })
    expect(code).toBe(0)
    expect(out.match(/^::group::/gm)).toHaveLength(5)
    expect(out.match(/^::endgroup::/gm)).toHaveLength(5)
    expect(readFileSync(summary, 'utf8')).toContain('| create network ACL | done |')
    expect(readFileSync(report, 'utf8')).toBe(readFileSync(summary, 'utf8'))
  })

  it('runs a notebook as a script whose writes are only predicted', async () => {
    const notebook = join(root, 'notebooks', '05-token-quotas.ipynb')
    const { code, out } = await tenantlab(['run', notebook, '--check'])
    expect(code).toBe(0)
    expect(out).toContain('PATCH /api/v2/tenants/settings')
  })
})

describe('tenantlab plan, show, apply and undo', () => {
  it('applies what was reviewed, refuses drift and another tenant, and takes it back', async () => {
    const plan = join(folder, 'plan.json')
    const before = await connect(one.options).clients.list({}).all().run()
    const words = [shipped('quotas-of-an-organization'), '--organization', 'acme', '--per-day', '100']
    expect(await tenantlab(['plan', ...words, '--tenant', 'one', '-o', plan])).toMatchObject({ code: 0 })
    expect(writes(one)).toEqual([])
    expect((await tenantlab(['show', plan])).out).toContain('token_quota')
    expect((await tenantlab(['apply', plan, '--tenant', 'one'])).code, 'nobody can be asked').toBe(3)
    expect((await tenantlab(['apply', plan, '--tenant', 'two', '--yes'])).err).toContain('The plan is for the tenant')
    expect(writes(one)).toEqual([])
    expect(await tenantlab(['apply', plan, '--tenant', 'one', '--yes', '--journal', 'apply.jsonl'])).toMatchObject({
      code: 0,
    })
    expect(writes(one)).toHaveLength(1)
    expect((await tenantlab(['apply', plan, '--tenant', 'one', '--yes'])).code, 'it was applied').toBe(3)
    const drifted = await tenantlab(['apply', plan, '--tenant', 'one', '--yes', '--again'])
    expect(drifted.code).toBe(4)
    expect(drifted.out).toContain('token_quota')
    expect(await tenantlab(['undo', join(folder, 'apply.jsonl'), '--tenant', 'one', '--yes'])).toMatchObject({
      code: 0,
    })
    const touched = (clients: object[]) => clients.map((client) => ({ ...client, updated_at: '' }))
    expect(touched(await connect(one.options).clients.list({}).all().run())).toEqual(touched(before))
  })
})
