import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'tenantlab-save-'))
afterAll(() => rmSync(folder, { recursive: true }))
const command = resolve('dist/cli.js')
const CANARY = 'Canary-0815-secret!'

function tenantlab(words: readonly string[], input: string) {
  const env = { ...process.env, PASSWORD: CANARY, CLIENT_SECRET: CANARY, AUTH0_DOMAIN: '', XDG_CONFIG_HOME: folder }
  return spawnSync(process.execPath, [command, ...words], { cwd: folder, env, input, encoding: 'utf8' })
}

it.each([
  ['role.ts', ["auth0.roles.create({ name: 'saved' })", '.explain', '.run'], /await \(auth0\.roles\.create/, []],
  [
    'user.ts',
    [
      `await auth0.users.create({ email: 'a@b.example', connection: 'Username-Password-Authentication', password: '${CANARY}' }).run()`,
      'const n = 1',
      'const n = 2',
      '.limits',
      '.undo',
    ],
    /await secret\('PASSWORD'\)/,
    ['Left out: .undo'],
  ],
  [
    'client.ts',
    [`auth0.clients.create({ name: 'c', client_secret: '${CANARY}' })`, '.run', '_'],
    /await \(auth0\.clients\.create\([\s\S]*SECRET_CLIENT_SECRET[\s\S]*\.run\(\)/,
    ['Left out: _ (only the console has _)'],
  ],
  [
    'wait.ts',
    [
      'const all = 1',
      "import { waitUntil } from 'tenantlab/runbook'",
      'const pause = [waitFor(1), waitUntil, version, all].length',
    ],
    /^import \{ version, type Session \} from 'tenantlab'\nimport \{ waitFor \} from 'tenantlab\/runbook'\nimport \{ waitUntil \}/,
    [],
  ],
] as const)('R44 .save %s holds what was sent, names what it leaves out, and runs', (file, typed, holds, left) => {
  const saved = tenantlab(['repl', '--sandbox', '--no-startup'], [...typed, `.save ${file}`, ''].join('\n'))
  const told = saved.stdout + saved.stderr
  expect(told).toContain(`Saved ${file}`)
  for (const sentence of left) expect(told).toContain(sentence)
  const code = readFileSync(join(folder, file), 'utf8')
  expect(code).toMatch(holds)
  expect(code).not.toContain(CANARY)
  const ran = tenantlab(['run', file, '--sandbox'], '')
  expect(ran.stdout + ran.stderr).not.toContain(CANARY)
  expect(ran.status, ran.stdout + ran.stderr).toBe(0)
})
