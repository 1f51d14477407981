import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
let project: string
let packed: string[]

// A project that has the packed files and what the package says it depends on: the rest of this checkout is out of reach.
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'tenantlab-packed-'))
  const npm = process.env.npm_execpath
  const [program, leading] = npm?.endsWith('npm-cli.js') ? [process.execPath, [npm]] : ['npm', []]
  const args = [...leading, 'pack', '--json', '--ignore-scripts', '--pack-destination', project]
  const [{ filename, files }] = JSON.parse(execFileSync(program, args, { cwd: root, encoding: 'utf8' }))
  packed = files.map(({ path }: { path: string }) => path)
  const installed = join(project, 'node_modules', 'tenantlab')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components=1'])
  for (const name of [...Object.keys(packageJson.dependencies), '@types/node', 'rxjs', 'undici-types']) {
    const link = join(project, 'node_modules', name)
    if (!existsSync(join(root, 'node_modules', name))) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
  writeFileSync(join(project, 'package.json'), '{ "name": "reader", "private": true }\n')
  cpSync(join(import.meta.dirname, 'fixtures', 'consumer'), join(project, 'reader'), { recursive: true })
})

afterAll(() => {
  if (project) rmSync(project, { recursive: true, force: true })
})

function node(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' })
  expect(status, `${stdout}${stderr}`).toBe(0)
  return stdout
}

const entries = ['tenantlab', 'tenantlab/redis', 'tenantlab/rx', 'tenantlab/runbook', 'tenantlab/sandbox']

describe('the packed package', () => {
  it('holds what it needs and nothing else', () => {
    expect(packed).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/cli.js', 'LICENSE', 'README.md']),
    )
    expect(
      packed.filter(
        (path) =>
          !/^(dist\/|docs\/|notebooks\/|runbooks\/|(LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|package\.json)$)/.test(
            path,
          ),
      ),
    ).toEqual([])
    expect(packed.filter((path) => /\.part$|\.map$|\.ipynb_checkpoints/.test(path))).toEqual([])
  })

  it.each(entries)('%s loads by import', (name) => {
    const text = node(
      '--input-type=module',
      '-e',
      `import * as all from '${name}'; console.log(Object.keys(all).length)`,
    )
    expect(Number(text)).toBeGreaterThan(0)
  })

  it.each(entries)('%s loads by require', (name) => {
    const text = node('--no-warnings', '-e', `console.log(Object.keys(require('${name}')).length)`)
    expect(Number(text)).toBeGreaterThan(0)
  })

  it('has types that a strict reader compiles with the current compiler', () => {
    node(join(root, 'node_modules', 'typescript7', 'bin', 'tsc'), '-p', join('reader', 'tsconfig.json'))
  })

  it('has types that tslab compiles, and whose declarations it can write', () => {
    const compiler = join(root, 'node_modules', '@tslab', 'typescript-for-tslab', 'bin', 'tsc')
    node(compiler, '-p', join('reader', 'tsconfig.tslab.json'), '--outDir', join(project, 'emitted'))
    expect(readFileSync(join(project, 'emitted', 'index.d.ts'), 'utf8')).toContain('firstSteps')
  })

  it('has a command that says its name', () => {
    expect(node(join('node_modules', 'tenantlab', 'dist', 'cli.js'), '--help')).toContain('tenantlab')
  })
})
