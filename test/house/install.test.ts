import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))
let reader: string

/** A reader's project, whose packages are those that the lock names for production: nothing is asked of a registry. */
beforeAll(() => {
  reader = mkdtempSync(join(tmpdir(), 'tenantlab-install-'))
  writeFileSync(join(reader, 'package.json'), '{ "name": "reader", "private": true }\n')
  const npm = process.env.npm_execpath
  const [program, leading] = npm?.endsWith('npm-cli.js') ? [process.execPath, [npm]] : ['npm', []]
  const pack = [...leading, 'pack', '--json', '--ignore-scripts', '--pack-destination', reader]
  const [{ filename }] = JSON.parse(execFileSync(program, pack, { cwd: root, encoding: 'utf8' }))
  const modules = join(reader, 'node_modules')
  execFileSync('mkdir', ['-p', join(modules, 'tenantlab')])
  execFileSync('tar', ['-xzf', join(reader, filename), '-C', join(modules, 'tenantlab'), '--strip-components=1'])
  for (const path of production()) {
    const target = join(reader, path)
    execFileSync('mkdir', ['-p', join(target, '..')])
    execFileSync('cp', ['-r', join(root, path), target])
  }
})
afterAll(() => {
  rmSync(reader, { recursive: true, force: true })
})

/** Folders of what `npm install tenantlab` installs besides it: its dependencies and theirs. */
function production(): string[] {
  const { packages } = json(root, 'package-lock.json')
  const found = new Set<string>()
  const waiting = Object.keys(json(root, 'package.json').dependencies).map((name): [string, string] => ['', name])
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [from, name] = next
    const path = [`${from}/node_modules/${name}`.replace(/^\//, ''), `node_modules/${name}`].find(
      (each) => packages[each],
    )
    if (path === undefined) throw new Error(`The lock does not name ${name}.`)
    if (found.has(path)) continue
    found.add(path)
    for (const dependency of Object.keys(packages[path].dependencies ?? {})) waiting.push([path, dependency])
  }
  return [...found]
}

function size(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? size(path) : statSync(path).size)
  }, 0)
}

function run(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: reader, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.trim()
}

describe('an installation', () => {
  it('takes at most 25 MB and 30 packages', () => {
    expect(production().length + 1).toBeLessThanOrEqual(30)
    expect(size(join(reader, 'node_modules')) / 1e6).toBeLessThanOrEqual(25)
  })

  it.each(['tenantlab', 'tenantlab/redis', 'tenantlab/rx', 'tenantlab/runbook', 'tenantlab/sandbox'])(
    'C15 loads %s where there is no rxjs, by import and by require',
    (name) => {
      expect(existsSync(join(reader, 'node_modules', 'rxjs'))).toBe(false)
      run('--input-type=module', '-e', `await import('${name}')`)
      run('--no-warnings', '-e', `require('${name}')`)
    },
  )

  it('C15 has stages without rxjs, and says what observables need', () => {
    const program = `
      import { customDomain, events, observe, rateLimit, retry, token } from 'tenantlab/rx'
      console.log([retry(), rateLimit(), token(), customDomain()].map((stage) => typeof stage).join())
      const source = { subscribe() {}, events: {} }
      for (const need of [observe, events]) try { need(source) } catch (error) { console.log(error.message) }`
    const [stages, ...said] = run('--input-type=module', '-e', program).split('\n')
    expect(stages).toBe('function,function,function,function')
    expect(said).toEqual([
      'observe() of tenantlab/rx gives observables of your own RxJS, which is not installed. Install it with: npm install rxjs@7',
      'events() of tenantlab/rx gives observables of your own RxJS, which is not installed. Install it with: npm install rxjs@7',
    ])
  })

  it('runs what is bundled: the tenant with its certificates, and TypeScript that people type', () => {
    const program = `
      import { connect } from 'tenantlab'
      import { sandbox } from 'tenantlab/sandbox'
      const tenant = await sandbox()
      console.log((await connect(tenant.options).users.list().run()).items.length > 0)
      await tenant.close()`
    expect(run('--input-type=module', '-e', program)).toBe('true')
    const command = join(reader, 'node_modules', 'tenantlab', 'dist', 'cli.js')
    expect(run(command, 'repl', '--sandbox', '--quiet', '--eval', 'const n: number = 6 * 7; n')).toContain('42')
  })

  it('X18 carries the licence of everything that is bundled', () => {
    const text = readFileSync(join(reader, 'node_modules', 'tenantlab', 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    for (const name of Object.keys(json(root, 'scripts', 'bundled.json'))) {
      const { version, license } = json(root, 'node_modules', name, 'package.json')
      expect(text).toContain(`${name} ${version} (${license})`)
    }
    // What those packages bring along is bundled as well.
    for (const name of ['tslib', 'lines-and-columns', '@peculiar/x509'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'))
    expect(
      text
        .split(/^-{80}$/m)
        .slice(1)
        .every((part) => part.length > 300),
    ).toBe(true)
  })
})
