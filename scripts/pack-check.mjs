// Installs the packed package with npm, as a reader would, and loads it there. Asks the package registry.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, root } from './child.mjs'
import { ensure, script } from './ensure.mjs'

const entries = ['tenantlab', 'tenantlab/rx', 'tenantlab/runbook', 'tenantlab/sandbox']

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
  load(join('node_modules', '.bin', 'tenantlab'), '--help')
  say('tenantlab --help: answers')
}

function say(text) {
  process.stdout.write(`${text}\n`)
}
