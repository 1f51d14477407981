import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const scratch: string[] = []

afterAll(() => {
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true })
})

interface Verdict {
  /** Names of the rules that were broken, without repeats. */
  rules: string[]
  /** Modules below src/ that were looked at. */
  modules: number
  text: string
}

function cruise(folder: string): Verdict {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
  const args = [program, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src']
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no answer: ${stderr}`)
  const { summary, modules } = JSON.parse(stdout)
  const violations: { from: string; to: string; rule: { name: string } }[] = summary.violations
  return {
    rules: [...new Set(violations.map(({ rule }) => rule.name))].sort(),
    modules: modules.filter(({ source }: { source: string }) => source.startsWith('src/')).length,
    text: violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).join('\n'),
  }
}

/** A project of its own with these files, and the packages of this one. */
function planted(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-rooms-'))
  scratch.push(folder)
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const plan = { 'src/plan/index.ts': "export { one } from './one.ts'\n", 'src/plan/one.ts': 'export const one = 1\n' }

describe('the order of the rooms', () => {
  it('holds in src/, and every source was looked at', () => {
    const verdict = cruise(root)
    expect(verdict.text).toBe('')
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    expect(verdict.modules).toBeGreaterThanOrEqual(sources.filter((name) => name.endsWith('.ts')).length)
    expect(verdict.modules).toBeGreaterThan(10)
  })

  it('finds nothing in a sound project', () => {
    const wire = { 'src/wire/index.ts': "import { one } from '../plan/index.ts'\nexport const two = one + one\n" }
    expect(cruise(planted({ ...plan, ...wire }))).toMatchObject({ rules: [], modules: 3 })
  })

  it.each([
    ['an upward import', 'rooms-in-order-plan', 'src/plan/late.ts', "export * from '../wire/index.ts'\n"],
    [
      'an upward import of a type',
      'rooms-in-order-plan',
      'src/plan/late.ts',
      "import type { W } from '../wire/index.ts'\nexport type L = W\n",
    ],
    ['a way around the index', 'rooms-through-their-index', 'src/wire/late.ts', "export * from '../plan/one.ts'\n"],
    [
      'a sub-folder that knows a later one',
      'parts-in-order-run-steps',
      'src/run/steps/late.ts',
      "export * from '../engine/index.ts'\n",
    ],
    [
      'a way around the index of a sub-folder',
      'parts-through-their-index',
      'src/run/engine/late.ts',
      "export * from '../steps/step.ts'\n",
    ],
    [
      'a file beside a sub-folder that goes around its index',
      'parts-through-their-index',
      'src/run/late.ts',
      "export * from './steps/step.ts'\n",
    ],
    [
      'a sub-folder without a place',
      'parts-are-listed',
      'src/run/cellar/late.ts',
      "export * from '../steps/index.ts'\n",
    ],
    ['a room without a place', 'rooms-are-listed', 'src/cellar/index.ts', "export * from '../plan/index.ts'\n"],
    ['an entry file in a room', 'entries-stand-outside', 'src/wire/late.ts', "export * from '../index.ts'\n"],
    ['an entry around the index', 'entries-through-the-index', 'src/rx.ts', "export * from './plan/one.ts'\n"],
    [
      'a sandbox that knows the client',
      'sandbox-is-independent',
      'src/sandbox/late.ts',
      "export * from '../wire/index.ts'\n",
    ],
    [
      'undici outside of transport/',
      'undici-in-transport',
      'src/wire/late.ts',
      "export const late = () => import('undici')\n",
    ],
    [
      'RxJS outside of pipeline/',
      'rxjs-in-pipeline',
      'src/wire/late.ts',
      "import { map } from 'rxjs'\nexport const late = map\n",
    ],
    ['a cycle', 'no-cycles', 'src/plan/late.ts', "export * from './index.ts'\n"],
    ['a development dependency', 'no-development-dependency', 'src/wire/late.ts', "export { default } from 'nock'\n"],
    ['an import that leads nowhere', 'resolvable', 'src/wire/late.ts', "export * from './nowhere.ts'\n"],
  ])('reports %s', (_, rule, file, text) => {
    const index =
      file === 'src/plan/late.ts'
        ? `${plan['src/plan/index.ts']}export * from './late.ts'\n`
        : plan['src/plan/index.ts']
    const wire = 'export type W = 1\nexport const w = 1\n'
    const folder = planted({
      ...plan,
      'src/index.ts': 'export const nothing = 0\n',
      'src/plan/index.ts': index,
      'src/wire/index.ts': wire,
      'src/run/steps/index.ts': "export { step } from './step.ts'\n",
      'src/run/steps/step.ts': 'export const step = 1\n',
      'src/run/engine/index.ts': 'export const engine = 1\n',
      [file]: text,
    })
    expect(cruise(folder).rules).toContain(rule)
  })

  it('looks at nothing where nothing is, which the first test would notice', () => {
    expect(cruise(planted({ 'src/readme.md': 'empty', 'test/one.ts': 'export {}\n' })).modules).toBe(0)
  })
})
