// Installs the packed package with npm, as a reader would, and loads it there. Asks the package registry.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, root } from './child.mjs'
import { ensure, script } from './ensure.mjs'

const entries = ['tenantlab', 'tenantlab/redis', 'tenantlab/rx', 'tenantlab/runbook', 'tenantlab/sandbox']

/** A reader who pipes a plan through operators of their own RxJS. */
const READER = `
import { map, Observable } from 'rxjs'
import { connect } from 'tenantlab'
import { observe } from 'tenantlab/rx'
import { sandbox } from 'tenantlab/sandbox'
const tenant = await sandbox()
const made: Observable<number> = observe(connect(tenant.options).roles.create({ name: 'x' })).pipe(map(() => 1))
made.subscribe((one) => { console.log(made instanceof Observable, one); void tenant.close() })
declare const console: { log(...values: unknown[]): void }
`

await script(async () => {
  await ensure()
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-reader-'))
  try {
    check(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function check(folder) {
  const [program, leading] = npm()
  const call = (args, cwd) =>
    execFileSync(program, [...leading, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  const [{ filename, size, entryCount }] = JSON.parse(
    call(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root),
  )
  say(`${filename}: ${entryCount} files, ${Math.round(size / 1024)} kB`)
  writeFileSync(join(folder, 'package.json'), '{ "name": "reader", "private": true }\n')
  call(
    ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `./${filename}`],
    folder,
  )
  const load = (...args) =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  for (const name of entries) {
    load('--input-type=module', '-e', `await import('${name}')`)
    load('--no-warnings', '-e', `require('${name}')`)
    say(`${name}: loads by import and by require`)
  }
  // A reader's RxJS of another version than the one that is bundled: its operators and types must fit all the same.
  call(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', 'rxjs@7.8.1'], folder)
  writeFileSync(join(folder, 'reader.mts'), READER)
  const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', 'false', '--types', '']
  load(compiler, ...options, 'reader.mts')
  const said = load('reader.mjs').trim()
  if (said !== 'true 1')
    throw new Error(`observe() with rxjs 7.8.1 gave "${said}" instead of "true 1". See READER in pack-check.mjs.`)
  say('tenantlab/rx: compiles and runs with rxjs 7.8.1')
  load(join('node_modules', '.bin', 'tenantlab'), '--help')
  say('tenantlab --help: answers')
}

function say(text) {
  process.stdout.write(`${text}\n`)
}
