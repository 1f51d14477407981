import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/run/index.ts'
import { auditPath, fileJournal, readJournal } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { laggingTenant } from './tenant.ts'

const here = import.meta.dirname
const KILL_AT = join(here, 'kill-at.mjs')
const LIFE = join(here, 'fifty-life.mjs')
const CLI = resolve(here, '..', '..', 'dist', 'cli.js')
const FIFTY = `import { defineRunbook, doneWhen } from 'tenantlab/runbook'
export default defineRunbook({
  name: 'fifty',
  async *steps({ auth0, step }) {
    for (let i = 0; i < 25; i += 1) {
      const name = \`Job \${i}\`
      const client = yield* step(\`create \${name}\`, auth0.clients.create({ name, app_type: 'non_interactive' }), {
        doneWhen: doneWhen(auth0.clients.list({}).all(), { name }),
        undo: ({ result }) => auth0.clients(String(result.client_id)).delete(),
      })
      yield* step(\`describe \${name}\`, auth0.clients(String(client.client_id)).update({ description: \`number \${i}\` }))
    }
  },
})
`

/** A tenant that outlives the processes that are killed, with a journal. */
class Bench {
  readonly tenant: Sandbox
  readonly folder: string
  readonly journal: string

  constructor(tenant: Sandbox, ca: string) {
    this.tenant = tenant
    this.folder = mkdtempSync(join(tmpdir(), 'kill-'))
    this.journal = join(this.folder, 'run.jsonl')
    writeFileSync(join(this.folder, 'ca.pem'), ca)
    writeFileSync(join(this.folder, 'fifty.ts'), FIFTY)
  }

  /** Runs a process that kills itself there; answers its exit code, or the signal that ended it. */
  live(words: readonly string[], killAt = ''): Promise<number | string> {
    const { url, httpsUrl = '', options, domain } = this.tenant
    const child = spawn(process.execPath, ['--import', KILL_AT, ...words], {
      cwd: this.folder,
      env: {
        ...process.env,
        KILL_AT: killAt,
        NODE_EXTRA_CA_CERTS: join(this.folder, 'ca.pem'),
        AUTH0_DOMAIN: httpsUrl.replace('https://127.0.0.1', 'localhost').replace('https://', ''),
        AUTH0_AUDIENCE: `https://${domain}/api/v2/`,
        AUTH0_CLIENT_ID: options.clientId,
        AUTH0_CLIENT_SECRET: options.clientSecret,
        LIFE_URL: url,
        LIFE_DOMAIN: domain,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return new Promise((done) => child.on('close', (code, signal) => done(signal ?? code ?? -1)))
  }

  /** How often a client was created. */
  get created(): number {
    return this.tenant.requests.filter(
      ({ method, path, status }) => method === 'POST' && path === '/api/v2/clients' && status === 201,
    ).length
  }

  async jobs(): Promise<readonly string[]> {
    const all = await connect(this.tenant.options).clients.list({}).all().run()
    return all.filter(({ name }) => name?.startsWith('Job')).map(({ name, description }) => `${name} ${description}`)
  }

  async close(): Promise<void> {
    await this.tenant.close()
    rmSync(this.folder, { recursive: true })
  }
}

const benches: Bench[] = []
beforeAll(async () => {
  for (const seed of ['after', 'torn']) {
    const tenant = await laggingTenant({ seed, clock: 'fixed' })
    benches.push(new Bench(tenant, await tenant.ca()))
  }
})
afterAll(() => Promise.all(benches.map((bench) => bench.close())))

const expected = Array.from({ length: 25 }, (_, i) => `Job ${i} number ${i}`)

/** Of what number every position is met: of all for lines that are whole, of some for lines that are cut off. */
const met = (when: 'after' | 'torn', i: number): boolean => when === 'after' || i % 6 === 0

/**
 * The positions of the journal, in the order in which they are met. A run that was killed where it is open whether a
 * write was carried out brings about further ones, in which the next finds out: after the line that says that it leaves,
 * or, where lines are cut off, at the line of its answer.
 */
function positions(when: 'after' | 'torn'): readonly string[] {
  const own = (step: string): string[] => ['begun', 'send', 'answer', 'done'].map((type) => `${type} ${step}`)
  const steps = Array.from({ length: 25 }, (_, i) => {
    const step = `create Job ${i}`
    const create = own(step)
    const fate = ['resumed', `lost ${step}`, `check send ${step}`, `check answer ${step}`]
    if (i % 12 === 0) create.splice(when === 'after' ? 2 : 3, 0, ...fate)
    return met(when, i) ? [...create, ...own(`describe Job ${i}`)] : []
  })
  return ['journal', ...steps.flat(), 'closed']
}

const nameOf = (entry: JournalEntry): string =>
  'step' in entry && entry.type !== 'closed'
    ? `${'purpose' in entry && entry.purpose ? `${entry.purpose} ` : ''}${entry.type} ${entry.step}`
    : entry.type

/** What the journal's file ends in; nothing where that is cut off. */
const lastLine = (path: string): string | undefined => {
  const text = readFileSync(path, 'utf8')
  return text.endsWith('\n') ? nameOf(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')) : undefined
}

describe('a runbook of 50 steps, killed with SIGKILL', () => {
  it.concurrent.each(['after', 'torn'] as const)(
    'at the positions of its journal (%s), writes each thing once',
    async (when) => {
      const bench = benches[when === 'after' ? 0 : 1] as Bench
      const { journal } = bench
      const start = await bench.jobs()
      const places = positions(when)
      for (const place of places) {
        expect(await bench.live([LIFE, 'run', journal], `${when}:${place}`), place).toBe('SIGKILL')
        expect(lastLine(journal), `${when} ${place}`).toBe(when === 'torn' ? undefined : place)
      }
      expect(await bench.live([LIFE, 'run', journal])).toBe(0)
      expect(await bench.jobs()).toEqual(expected)
      expect(bench.created).toBe(25)

      // Who did what is told of every request that was sent, also of those whose sender died.
      const audited = readFileSync(auditPath(journal), 'utf8').trim().split('\n')
      const records = audited.map((line) => JSON.parse(line) as { request: number; status?: number; plan?: string })
      const sent = readJournal(journal).flatMap((entry) => (entry.type === 'send' ? [entry.request] : []))
      expect(new Set(records.map(({ request }) => request))).toEqual(new Set(sent))
      expect(records.filter(({ status }) => status === 201)).toHaveLength(25)

      const undo = ['begun', 'send', 'answer', 'done'].map((type, i) => `${type} undo create Job ${24 - i}`)
      for (const place of undo) {
        expect(await bench.live([LIFE, 'undo', journal], `${when}:${place}`), place).toBe('SIGKILL')
      }
      expect(await bench.live([LIFE, 'undo', journal])).toBe(0)
      expect(await bench.jobs()).toEqual(start)
    },
    // Half a minute alone; other work on the machine makes it longer.
    600_000,
  )

  it('while the command runs it, goes on with --resume and is taken back', async () => {
    const [bench] = benches as [Bench]
    bench.tenant.reset()
    const journal = join(bench.folder, 'command.jsonl')
    const words = [CLI, 'run', 'fifty.ts', '--journal', journal]
    expect(await bench.live(words, 'before:8')).toBe('SIGKILL')
    for (const place of ['torn:40', 'after:answer create Job 9', 'before:closed']) {
      expect(await bench.live([...words, '--resume'], place), place).toBe('SIGKILL')
    }
    expect(await bench.live([...words, '--resume'])).toBe(0)
    expect(await bench.jobs()).toEqual(expected)
    expect(bench.created).toBe(25)
    const held = fileJournal(journal)
    expect(await bench.live([CLI, 'undo', journal, '--yes']), 'somebody still has the journal').toBe(1)
    await held.close()
    expect(await bench.live([CLI, 'undo', journal, '--yes'], 'after:answer undo create Job 3')).toBe('SIGKILL')
    expect(await bench.live([CLI, 'undo', journal, '--yes'])).toBe(0)
    expect(await bench.jobs()).toEqual([])
  })
})
