import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JournalEntry, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { fifty, Killed, mortalJournal } from './support.ts'

const cli = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')
const FIFTY = `import { defineRunbook, doneWhen } from 'tenantlab/runbook'
export default defineRunbook({
  name: 'fifty',
  async *steps({ auth0, step }) {
    for (let i = 0; i < 25; i += 1) {
      const name = \`Job \${i}\`
      const client = yield* step(\`create \${name}\`, auth0.clients.create({ name, app_type: 'non_interactive' }), {
        idempotencyCheck: doneWhen(auth0.clients.list({}).all(), { name }),
        undo: ({ result }) => auth0.clients(String(result.client_id)).delete(),
      })
      yield* step(\`describe \${name}\`, auth0.clients(String(client.client_id)).update({ description: \`number \${i}\` }))
    }
  },
})
`

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  // The tenant lives in this process, so that it outlives the runs that are killed.
  tenant = await sandbox({ seed: 'kill' })
  folder = mkdtempSync(join(tmpdir(), 'kill-'))
  writeFileSync(join(folder, 'ca.pem'), tenant.ca ?? '')
  writeFileSync(join(folder, 'fifty.ts'), FIFTY)
})
afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true })
})

function environment(): NodeJS.ProcessEnv {
  const { httpsUrl = '', options } = tenant
  return {
    ...process.env,
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    AUTH0_DOMAIN: httpsUrl.replace('https://127.0.0.1', 'localhost').replace('https://', ''),
    AUTH0_AUDIENCE: `https://${tenant.domain}/api/v2/`,
    AUTH0_CLIENT_ID: options.clientId,
    AUTH0_CLIENT_SECRET: options.clientSecret,
  }
}

/** Runs the command; kills it as soon as its journal has so many lines. */
function run(words: readonly string[], killAt?: { journal: string; lines: number }): Promise<number | 'SIGKILL'> {
  const child: ChildProcess = spawn(process.execPath, [cli, ...words], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout?.resume()
  const watch =
    killAt &&
    setInterval(() => {
      if (existsSync(killAt.journal) && linesOf(killAt.journal) >= killAt.lines) child.kill('SIGKILL')
    }, 1)
  return new Promise((done) =>
    child.on('close', (code, signal) => {
      clearInterval(watch)
      done(signal === 'SIGKILL' ? signal : (code ?? -1))
    }),
  )
}

const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1
const createdOnce = () =>
  tenant.requests.filter(
    ({ method, path, status }) => method === 'POST' && path === '/api/v2/clients' && status === 201,
  )
const jobs = async () => {
  const all = await connect(tenant.options).clients.list({}).all().run()
  return all.filter(({ name }) => name?.startsWith('Job')).map(({ name, description }) => `${name} ${description}`)
}
const expected = Array.from({ length: 25 }, (_, i) => `Job ${i} number ${i}`)

describe('a runbook of 50 steps', () => {
  it('is killed with SIGKILL time and again, and in the end has written each thing once', async () => {
    tenant.reset()
    const journal = join(folder, 'run.jsonl')
    let killed = 0
    let exit: number | 'SIGKILL' = 'SIGKILL'
    for (let lines = 7; exit === 'SIGKILL'; lines = Math.max(lines, linesOf(journal)) + 31) {
      exit = await run(['run', 'fifty.ts', '--journal', journal, ...(killed > 0 ? ['--resume'] : [])], {
        journal,
        lines,
      })
      if (exit === 'SIGKILL') killed += 1
    }
    expect(exit).toBe(0)
    expect(killed).toBeGreaterThan(2)
    expect(await jobs()).toEqual(expected)
    expect(createdOnce()).toHaveLength(25)
    expect(await run(['undo', journal])).toBe(0)
    expect(await jobs()).toEqual([])
  })

  it('is killed at every line of its journal, and resumed', async () => {
    const open = () => connect({ ...tenant.options, retry: false })
    tenant.reset()
    const whole: JournalEntry[] = []
    await runRunbook(fifty, open(), { params: { clients: 25 }, journal: memoryJournal(whole) })
    expect(await jobs()).toEqual(expected)
    tenant.reset()
    // One run that dies after each of its lines in turn, of each step: what it resumes from has died before as well.
    const entries: JournalEntry[] = []
    for (let deaths = 0; ; deaths += 1) {
      const mortal = mortalJournal(entries, 1 + (deaths % 4), 'after')
      const outcome = await runRunbook(fifty, open(), { params: { clients: 25 }, journal: mortal }).catch(
        (error: unknown) => error,
      )
      if (!(outcome instanceof Killed)) {
        expect(outcome).toMatchObject({ status: 'done' })
        break
      }
      expect(deaths, 'each life must get further').toBeLessThan(400)
    }
    expect(await jobs()).toEqual(expected)
    expect(createdOnce()).toHaveLength(25)
  })
})
