import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INIT_VERSIONS, initFiles } from '../../src/cli/init/index.ts'

const root = resolve(import.meta.dirname, '..', '..')
const cli = join(root, 'dist', 'cli.js')
let above: string
let project: string

const node = (args: readonly string[], cwd: string) =>
  spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: above, NO_COLOR: '1' },
  })
const tenantlab = (...words: string[]) => node([cli, ...words], project)

beforeAll(() => {
  above = mkdtempSync(join(tmpdir(), 'tenantlab-init-'))
  project = join(above, 'my tenant')
  const { status, stderr } = node([cli, 'init', 'my tenant'], above)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  // What npm would install, from this checkout.
  mkdirSync(join(project, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
  }
})
afterAll(() => rmSync(above, { recursive: true, force: true }))

describe('tenantlab init', () => {
  it('depends on this package as it is installed, and on versions that it is tested with', () => {
    const { name, devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
    expect(name).toBe('my-tenant')
    expect(resolve(project, devDependencies.tenantlab.replace(/^file:/, ''))).toBe(root)
    const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
    const vite: string = lock.packages['node_modules/vite'].version
    const tested: Record<string, string> = { vite, ...own.devDependencies, ...own.dependencies }
    for (const [each, range] of Object.entries(INIT_VERSIONS)) {
      expect(range.replace(/^[~^]/, ''), each).toBe(tested[each]?.replace(/^[~^]/, ''))
    }
  })

  it.each(['.', join('..', 'packs')])('12 (17): copies the packed package in, where that lies in %s', (where) => {
    const home = mkdtempSync(join(above, 'installed-'))
    const own = join(home, 'node_modules', 'tenantlab')
    mkdirSync(join(home, where), { recursive: true })
    writeFileSync(join(home, where, 'tenantlab-0.1.0.tgz'), 'packed')
    mkdirSync(own, { recursive: true })
    cpSync(join(root, 'dist'), join(own, 'dist'), { recursive: true })
    cpSync(join(root, 'package.json'), join(own, 'package.json'))
    for (const name of ['undici', 'zod', 'jose'])
      symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name))
    const packed = `file:${join(where, 'tenantlab-0.1.0.tgz')}`
    writeFileSync(join(home, 'package.json'), JSON.stringify({ dependencies: { tenantlab: packed } }))
    const { status, stdout, stderr } = node([join(own, 'dist', 'cli.js'), 'init', 'shop'], home)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const made = JSON.parse(readFileSync(join(home, 'shop', 'package.json'), 'utf8'))
    expect(made.devDependencies.tenantlab).toBe('file:vendor/tenantlab-0.1.0.tgz')
    expect(readFileSync(join(home, 'shop', 'vendor', 'tenantlab-0.1.0.tgz'), 'utf8')).toBe('packed')
    expect(stdout).not.toContain('outside')
    expect(readFileSync(join(home, 'shop', 'README.md'), 'utf8')).not.toContain('outside')
  })

  it.each([
    ['file:../tenantlab-0.1.0.tgz', /from \.\.\/tenantlab-0\.1\.0\.tgz.*Copy it in/],
    ['file:/srv/checkout', /from \/srv\/checkout.*npm pack/],
  ])('says what another machine lacks where the dependency is %s', (dependency, sentence) => {
    expect(initFiles({ name: 'x', dependency })['README.md']).toMatch(sentence)
  })

  it.each(['^0.1.0', 'file:vendor/tenantlab-0.1.0.tgz'])('says nothing of it where npm ci finds %s', (dependency) => {
    expect(initFiles({ name: 'x', dependency })['README.md']).not.toMatch(/outside of this folder/)
  })

  it('writes tests that pass', () => {
    const vitest = join(project, 'node_modules', 'vitest', 'vitest.mjs')
    const { status, stdout, stderr } = node([vitest, 'run'], project)
    expect(status, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/Tests +3 passed/)
  })

  it('writes a runbook and a notebook that run', () => {
    const checked = tenantlab('run', 'runbooks/support-role.ts', '--sandbox', '--check', '--detailed-exitcode')
    expect(checked, checked.stderr).toMatchObject({ status: 2 })
    expect(tenantlab('run', 'runbooks/support-role.ts', '--sandbox')).toMatchObject({ status: 0 })
    const read = tenantlab('run', 'notebooks/first-look.ipynb')
    expect(read, read.stderr).toMatchObject({ status: 0 })
    expect(tenantlab('notebooks', 'check', 'notebooks')).toMatchObject({ status: 0 })
  })

  it('writes a workflow whose commands are commands of this one', () => {
    const text = readFileSync(join(project, '.github', 'workflows', 'tenant.yml'), 'utf8')
    const calls = [...text.matchAll(/npx tenantlab (.*)$/gm)].map(([, words = '']) => words.split(' '))
    expect(calls.length).toBeGreaterThan(2)
    for (const words of calls) {
      // Without a tenant it goes no further than to connect: its words were taken.
      const { status, stderr } = tenantlab(...words, '--force')
      expect(stderr).toMatch(/no domain is known|There is no plan file/)
      expect(status, stderr).toBe(64)
    }
    expect(text).toContain('$' + '{{ secrets.AUTH0_CLIENT_SECRET }}')
  })

  it('replaces nothing', () => {
    writeFileSync(join(project, 'README.md'), 'mine')
    const { status, stderr } = node([cli, 'init'], project)
    expect(status).toBe(64)
    expect(stderr).toContain('README.md')
    expect(readFileSync(join(project, 'README.md'), 'utf8')).toBe('mine')
    expect(existsSync(join(project, 'runbooks', 'support-role.ts'))).toBe(true)
  })
})
