import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/run/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { CommandFolder, type Ended, profileOf } from './command.ts'

let tenant: Sandbox
let place: CommandFolder
let folder: string
let host: string

beforeAll(async () => {
  tenant = await sandbox({ seed: 'refused', clock: 'fixed' })
  const lab = profileOf(tenant)
  host = lab.domain
  place = new CommandFolder({ lab, other: { ...lab, domain: 'other.eu.auth0.com' } }, [await tenant.ca()])
  folder = place.path
  writeFileSync(
    join(folder, 'describe.ts'),
    `import { defineRunbook } from 'tenantlab/runbook'
     import { z } from 'zod'
     export default defineRunbook({ name: 'describe', params: z.object({ id: z.string(), apiToken: z.string().optional() }),
       async *steps({ auth0, params, step }) {
         yield* step('describe', auth0.clients(params.id).update({ description: 'planned' }), { confirm: 'Sure?' })
       } })`,
  )
  writeFileSync(join(folder, 'unreadable.ts'), 'const a = 1\nconst b = f(a\n')
  writeFileSync(join(folder, 'broken.ts'), `throw new Error('The file is broken.')`)
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

/** Every line is an event, the first tells the version, and the last how it ended, as the exit code and the sentence do. */
function eventsOf({ code, out, err }: Ended): readonly RunEvent[] {
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const [version, ...events] = lines
  expect(version).toMatchObject({ type: 'version' })
  expect(events.at(-1)).toMatchObject({ type: 'run_end', exitCode: code })
  const { message } = events.at(-1) as { message?: string }
  if (code !== 0) expect(err).toContain(message?.slice(0, 40))
  return events
}

const run = () => ['run', 'describe.ts', '--id', tenant.options.clientId, '--tenant', 'lab']

async function planThenDrift(): Promise<void> {
  const words = [
    'plan',
    'describe.ts',
    '--id',
    tenant.options.clientId,
    '--tenant',
    'lab',
    '-o',
    'plan.json',
    '--force',
  ]
  expect(await tenantlab(words)).toMatchObject({ code: 0 })
  await connect(tenant.options).clients(tenant.options.clientId).update({ description: 'drifted' }).run()
}

describe('with --json', () => {
  it('tells drift and the refusal as events', async () => {
    await planThenDrift()
    const told = await tenantlab(['apply', 'plan.json', '--tenant', 'lab', '--yes', '--json'])
    expect(told.code).toBe(4)
    const [drift, end] = eventsOf(told)
    expect(drift).toMatchObject({ type: 'drift', tenant: host, drifts: [{ step: 'describe' }] })
    expect(JSON.stringify(drift)).toContain('drifted')
    expect(end).toMatchObject({ status: 'drift', tenant: host })
  })

  it('tells that a person must decide, before the run and in it', async () => {
    const words = [
      'plan',
      'describe.ts',
      '--id',
      tenant.options.clientId,
      '--tenant',
      'lab',
      '-o',
      'plan.json',
      '--force',
      '--json',
    ]
    const planned = await tenantlab(words)
    expect(planned.code).toBe(0)
    eventsOf(planned)
    const before = await tenantlab(['apply', 'plan.json', '--tenant', 'lab', '--json'])
    expect(before.code).toBe(3)
    expect(eventsOf(before)).toMatchObject([{ type: 'run_end', status: 'stopped', tenant: host }])
    const inside = await tenantlab([...run(), '--json'])
    expect(inside.code).toBe(3)
    const [start] = eventsOf(inside)
    const { journal = '' } = start as { journal?: string }
    expect(existsSync(join(folder, journal)), 'the journal is where the event says').toBe(true)
  })

  it('tells another tenant, and that none is known', async () => {
    await planThenDrift()
    const other = await tenantlab(['apply', 'plan.json', '--tenant', 'other', '--yes', '--json'])
    expect(eventsOf(other)).toMatchObject([{ status: 'failed', exitCode: 1, tenant: 'other.eu.auth0.com' }])
    const none = await tenantlab(['apply', 'plan.json', '--tenant', 'nobody', '--yes', '--json'])
    expect(eventsOf(none)).toMatchObject([{ status: 'failed', exitCode: 64, tenant: '' }])
  })

  it.each([
    ['a file that is not there', 64, ['run', 'nothing.ts', '--json']],
    ['a file that is broken', 1, ['run', 'broken.ts', '--json']],
    ['a plan that is none', 64, ['apply', 'describe.ts', '--json']],
    ['a journal that is not there', 64, ['undo', 'nothing.jsonl', '--tenant', 'lab', '--json']],
    ['a runbook that is none', 1, ['plan', 'broken.ts', '--json']],
  ])('tells %s', async (_, code, words) => {
    const told = await tenantlab(words)
    expect(told.code).toBe(code)
    expect(eventsOf(told)).toHaveLength(1)
    expect(tenant.requests).toEqual([])
  })

  it.each([
    ['no file', ['run', '--json']],
    ['a parameter that is missing', ['run', 'describe.ts', '--tenant', 'lab', '--json']],
    ['an option that is none', ['run', 'describe.ts', '--jsom', '--json']],
    ['a word that would be left out', ['run', 'describe.ts', 'check', '--json']],
  ])('tells misuse: %s', async (_, words) => {
    const told = await tenantlab(words)
    expect(told.code).toBe(64)
    expect(eventsOf(told)).toHaveLength(1)
    expect(tenant.requests).toEqual([])
  })
})

describe('in the log of GitHub', () => {
  it('is an error with what has drifted, and is in the summary', async () => {
    await planThenDrift()
    const summary = join(folder, 'summary.md')
    const told = await tenantlab(['apply', 'plan.json', '--tenant', 'lab', '--yes'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
    })
    expect(told.code).toBe(4)
    expect(told.out).toMatch(/! describe has drifted\n.*drifted/)
    expect(told.out).toMatch(/^::error::The tenant has changed/m)
    expect(existsSync(summary)).toBe(true)
  })
})

describe('for people', () => {
  it('is a sentence, and no run that never was', async () => {
    await planThenDrift()
    const told = await tenantlab(['apply', 'plan.json', '--tenant', 'lab', '--yes'])
    expect(told).toMatchObject({
      code: 4,
      err: expect.stringMatching(/^The tenant has changed since the plan was made/),
    })
    expect(told.out).toContain('! describe has drifted')
    expect(told.out).not.toMatch(/0 steps/)
  })
})

describe('a file whose code cannot run', () => {
  it.each([
    ['broken.ts', 'Error: The file is broken.\n    at broken.ts:1:7'],
    ['unreadable.ts', 'SyntaxError: Unexpected token, expected ","\n    at unreadable.ts:3:1'],
  ])('is told with its line and without the frames of the command: %s', async (file, text) => {
    for (const command of ['run', 'plan']) {
      const { code, err } = await tenantlab([command, file, '--tenant', 'lab'])
      expect(code).toBe(1)
      expect(err).toBe(`${text}\nThe file stopped there. Correct it, and run the command again.\n`)
    }
  })

  it('is an error beside its line in GitHub', async () => {
    const told = await tenantlab(['run', 'broken.ts', '--tenant', 'lab'], { GITHUB_ACTIONS: 'true' })
    expect(told.out).toMatch(/^::error file=broken\.ts,line=1,col=7::The file is broken\.$/m)
  })
})

it('shows in the help of a file examples of that file, and after a plan what comes next', async () => {
  const { out } = await tenantlab(['run', 'describe.ts', '--help'])
  expect(out).toContain('  tenantlab run describe.ts --id TEXT --check\n')
  expect(out).not.toContain('block-a-country')
  const planned = await tenantlab([
    'plan',
    'describe.ts',
    '--id',
    tenant.options.clientId,
    '--tenant',
    'lab',
    '--force',
  ])
  expect(planned.out).toMatch(
    /plan plan\.json\nReview it with tenantlab show plan\.json, and send it with tenantlab apply plan\.json\.\n$/,
  )
})
