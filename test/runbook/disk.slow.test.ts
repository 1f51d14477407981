import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { readJournal } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'

const CLI = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')
const TEN = `import { defineRunbook, doneWhen } from 'tenantlab/runbook'
export default defineRunbook({
  name: 'ten',
  async *steps({ auth0, step }) {
    for (let i = 0; i < 10; i += 1) {
      const name = \`Job \${i}\`
      const create = step(\`create \${name}\`, auth0.clients.create({ name }), {
        doneWhen: doneWhen(auth0.clients.list({}).all(), { name }),
      })
      // A runbook that catches everything cannot go on without its journal.
      yield* create.outcome()
    }
  },
})
`

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await sandbox({ seed: 'disk', clock: 'fixed' })
  folder = mkdtempSync(join(tmpdir(), 'disk-'))
  writeFileSync(join(folder, 'ca.pem'), await tenant.ca())
  writeFileSync(join(folder, 'ten.ts'), TEN)
})
beforeEach(() => tenant.reset())
afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true })
})

/** Runs the command where no file may become larger than so many bytes: to it that is a full disk. */
function run(words: readonly string[], bytes?: number): Promise<{ code: number; output: string }> {
  const { httpsUrl = '', options } = tenant
  const limit = bytes === undefined ? '' : `ulimit -f ${bytes / 1024}; `
  const child = spawn('bash', ['-c', `${limit}exec "$@"`, 'bash', process.execPath, CLI, ...words], {
    cwd: folder,
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      AUTH0_DOMAIN: httpsUrl.replace('https://127.0.0.1', 'localhost').replace('https://', ''),
      AUTH0_AUDIENCE: `https://${tenant.domain}/api/v2/`,
      AUTH0_CLIENT_ID: options.clientId,
      AUTH0_CLIENT_SECRET: options.clientSecret,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return new Promise((done) => child.on('close', (code) => done({ code: code ?? -1, output })))
}

const creations = () =>
  tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients').length

it.each([1024, 3072, 5120])(
  'sends nothing after the line that a disk of %i bytes cannot take, and goes on later',
  async (bytes) => {
    const journal = join(folder, `run-${bytes}.jsonl`)
    const full = await run(['run', 'ten.ts', '--journal', journal, '--again'], bytes)
    expect(full.code).toBe(1)
    expect(full.output).toMatch(
      new RegExp(
        `run-${bytes}(\\.audit)?\\.jsonl could not be written: the file has reached the size that it may have \\(EFBIG\\)`,
      ),
    )
    expect(full.output).toContain('sent nothing more. Fix that, and continue the run.')
    const sent = creations()
    expect(sent).toBeLessThan(10)
    expect(readFileSync(journal, 'utf8').length).toBeLessThanOrEqual(bytes)
    expect(
      readJournal(journal).filter((entry) => entry.type === 'send' && entry.method !== 'GET'),
      'each write has its line',
    ).toHaveLength(sent)
    const resumed = await run(['run', 'ten.ts', '--journal', journal, '--resume'])
    expect(resumed, resumed.output).toMatchObject({ code: 0 })
    expect(creations()).toBe(10)
  },
)
