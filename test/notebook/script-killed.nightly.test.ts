import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { parseNotebook } from '../../src/notebook/document/index.ts'
import { type EndedRun, runCells, ScriptRun, type ScriptRunOptions } from '../../src/notebook/index.ts'
import type { JournalEntry, RunEvent, RunResult } from '../../src/run/index.ts'
import { memoryJournal } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

// Cells find the session and the tenant of the test among the globals, as their imports would load another copy.
declare global {
  var auth0: Session
  var tenant: Sandbox
  var seen: unknown[]
}

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'script-'))
  writeFileSync(join(folder, 'helper.mjs'), 'export default 41\nexport const more = 1\n')
  globalThis.tenant = await sandbox({ seed: 'script', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  globalThis.seen = []
})
let script: ScriptRun | undefined
afterEach(() => script?.end())
afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true })
})

const notebookOf = (...cells: (string | { text: string; tags: string[] })[]): string =>
  JSON.stringify({
    nbformat: 4,
    cells: cells.map((cell) =>
      typeof cell === 'string'
        ? { cell_type: 'code', source: cell, metadata: {} }
        : { cell_type: 'code', source: cell.text, metadata: { tags: cell.tags } },
    ),
  })

interface Ran {
  readonly events: readonly RunEvent[]
  readonly unpredictable: readonly string[]
  readonly error?: Error
  readonly results: readonly RunResult[]
}

async function run(
  notebook: string,
  mode: 'run' | 'check' = 'run',
  more: Partial<ScriptRunOptions> = {},
): Promise<Ran> {
  globalThis.auth0 = connect({ ...tenant.options, writes: mode === 'check' ? 'check' : 'allow' })
  const events: RunEvent[] = []
  script = new ScriptRun({ name: 'book', mode, common: { listener: (event) => events.push(event) }, ...more })
  try {
    const { unpredictable } = await runCells(parseNotebook(notebook, 'book.ipynb'), join(folder, 'book.ipynb'), script)
    return { events, unpredictable, results: resultsOf(await script.end()) }
  } catch (error) {
    return { events, unpredictable: [], error: error as Error, results: resultsOf(await script.end({ error })) }
  }
}

const resultsOf = (ended: readonly EndedRun[]) => ended.map(({ result }) => result)
const _steps = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step_end' ? [`${event.step} ${event.outcome}`] : []))
const _writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

const roles = async () => (await connect(tenant.options).roles.list().all().run()).map(({ name }) => name)

it('runs that a script has at once lose no write and double none, killed at every line of their journal, whatever order they come in', async () => {
  // The chains end in another order each time, since the tenant answers late at random.
  let life = 0
  const cell = (seed: number) => {
    life += 1
    // What was killed goes no further, as the process of a script would not.
    return `const late = (n) => new Promise((done) => setTimeout(() => ${life} === globalThis.life && done(), (n * ${seed}) % 7))
     await Promise.all(['a', 'b', 'c', 'd'].map(async (name, n) => {
       await auth0.roles.list().run()
       await late(n)
       await auth0.roles.create({ name }).run()
       await late(n + 1)
       await auth0.clients(tenant.options.clientId).update({ description: name }).run()
     }))`
  }
  Object.defineProperty(globalThis, 'life', { get: () => life, configurable: true })
  const whole: JournalEntry[] = []
  await run(notebookOf(cell(3)), 'run', { journalOf: () => ({ journal: memoryJournal(whole) }) })
  const names = (await roles()).filter((name) => name.length === 1)
  expect(names).toHaveLength(4)
  // What the tenant holds when the journal ends at a line is what the writes before it have made.
  for (let length = 1; length <= whole.length; length += 1) {
    tenant.reset()
    let cut = false
    const kept: JournalEntry[] = []
    const dying = {
      entries: kept,
      append(entry: JournalEntry) {
        if (cut || kept.length === length) {
          cut = true
          throw new Error('killed')
        }
        kept.push(entry)
      },
      close() {},
    }
    await run(notebookOf(cell(length)), 'run', { journalOf: () => ({ journal: dying }) }).catch(() => undefined)
    let again = await run(notebookOf(cell(length + 2)), 'run', { journalOf: () => ({ journal: memoryJournal(kept) }) })
    // A create whose answer was lost is for a person, who looks and says.
    if (again.results[0]?.exitCode === 3) {
      const made = await roles()
      again = await run(notebookOf(cell(length + 2)), 'run', {
        common: {
          ask: async ({ step }) => {
            const { plan } = kept.find((entry) => entry.type === 'begun' && entry.step === step) as {
              plan?: { body?: { name?: string } }
            }
            return made.includes(plan?.body?.name ?? '') ? 'done' : 'again'
          },
        },
        journalOf: () => ({ journal: memoryJournal(kept) }),
      })
    }
    const after = (await roles()).filter((name) => name.length === 1).sort()
    expect([length, again.error?.message, after]).toEqual([length, undefined, ['a', 'b', 'c', 'd']])
  }
})
