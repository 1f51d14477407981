import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportNotebook } from '../../src/notebook/index.ts'
import type { RunMode, RunResult } from '../../src/run/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { stored, twins } from '../notebooks/stored.ts'
import { movingClock } from '../runbook/support.ts'

const root = resolve(import.meta.dirname, '..', '..')
// The files import the built package, and a session of its own belongs to it.
const { loadRunbook, runRunbook } = await import(join(root, 'dist', 'runbook.js'))
const { connect } = await import(join(root, 'dist', 'index.js'))

/** Why a notebook cannot do the same as a runbook. */
const NOT_RUN: Readonly<Record<string, string>> = {
  '08-custom-domains': 'its user is one that the options of its sandbox make',
  '09-retries-waits-and-limits': 'it draws the events of executions, as the next one',
  '13-retries-drawn': 'it draws the events of executions, which the steps of a runbook do not hand out',
  '14-quotas-by-use': 'it draws the events of an execution, as the one above',
  '16-two-tenants': 'it compares two tenants, and a runbook has one',
  'retry-failed-imports': 'it goes on with a run that it makes with the options of the sandbox',
}
const NOT_CHECKED: Readonly<Record<string, string>> = {
  ...NOT_RUN,
  '06-job-errors': 'it asks for the errors of a job that a check does not start',
  'links-to-a-custom-domain': 'it reads the host of a link that a check does not make',
  'roll-a-client-secret': 'it lists the keys of an application that a check does not create',
}

/** The one of the notebook whose turn it is. */
let tenant: Sandbox
let small: Sandbox
let crowded: Sandbox
let folder: string
beforeAll(async () => {
  // Within the repository, as the runbooks import the package; two below it, as the twins load ../../runbooks.
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache', 'exported-'))
  small = await sandbox({ seed: 'exported', clock: 'fixed', tls: false })
  crowded = await sandbox({ seed: 'exported', clock: 'fixed', tls: false, users: 60, days: 30 })
  tenant = small
})
afterAll(async () => {
  await Promise.all([small.close(), crowded.close()])
  rmSync(folder, { recursive: true })
})

/** Notebooks that draw many people and a month of logs. */
const CROWDED = ['11-tenant-at-a-glance', '12-an-incident', '13-retries-drawn', '14-quotas-by-use', '15-compose']

const nameOf = (path: string) => basename(path, '.ipynb')
async function write(notebooks: typeof stored): Promise<string[]> {
  return Promise.all(
    notebooks.map(async ({ path }) => {
      const file = join(folder, `${nameOf(path)}.ts`)
      writeFileSync(file, await exportNotebook(readFileSync(path, 'utf8'), path))
      return file
    }),
  )
}

/** What the compiler says of files. */
function compile(files: readonly string[], strict: boolean): string {
  const options = ['--noEmit', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2023', '--types', 'node']
  const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--strict', String(strict)]
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const words = [compiler, '--ignoreConfig', ...options, ...modules, ...files]
  return spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' }).stdout
}

describe('exported notebooks', () => {
  it('compile strictly', async () => {
    expect(compile(await write(stored), true)).toBe('')
  })

  it('compile as strictly as they are written: the twins are for a kernel that is not strict', async () => {
    expect(compile(await write(twins), false)).toBe('')
  })
})

type Seed = Readonly<Record<string, unknown>>

/** The parameters that stand for what the sandbox of a notebook was seeded with. */
function paramsOf(names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, seeded(name)]))
}

function seeded(name: string): unknown {
  const seed = tenant.seed as unknown as Seed
  if (Array.isArray(seed[name])) return seed[name].map(textsOf)
  const [, group = '', number, member = ''] =
    /^(user|client|organization|connection|custom_domain)(\d*)_(\w+)$/.exec(name) ?? []
  const list = `${group.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())}s`
  const record = (seed[group] ?? (seed[list] as unknown[])[Number(number || 1) - 1]) as Seed
  return record[`${group}_${member}`] ?? record[member]
}

function textsOf(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => typeof value === 'string'))
}

async function run(file: string, mode: RunMode): Promise<RunResult> {
  tenant.reset()
  const runbook = await loadRunbook(file)
  const { shape = {} } = (runbook.params ?? {}) as { shape?: object }
  const writes = mode === 'check' ? 'check' : 'allow'
  const session = connect({ ...tenant.options, clock: movingClock(tenant), writes })
  return runRunbook(runbook, session, { mode, params: paramsOf(Object.keys(shape)), yes: true })
}

const writesSent = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/oauth/'))

describe('the runbook of', () => {
  it.each([...stored, ...twins])('$name is checked and runs', async (notebook) => {
    const name = nameOf(notebook.path)
    tenant = CROWDED.includes(name) ? crowded : small
    const [file = ''] = await write([notebook])
    const before = process.cwd()
    process.chdir(folder)
    try {
      const checked = await run(file, 'check')
      expect(writesSent()).toEqual([])
      expect(checked.status, `${name}: ${checked.error}`).toBe(name in NOT_CHECKED ? 'failed' : 'done')
      const ran = await run(file, 'run')
      expect(ran.status, `${name}: ${ran.error}`).toBe(name in NOT_RUN ? 'failed' : 'done')
    } finally {
      process.chdir(before)
    }
  })
})
