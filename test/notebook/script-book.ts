import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { parseNotebook } from '../../src/notebook/document/index.ts'
import { type EndedRun, runCells, ScriptRun, type ScriptRunOptions } from '../../src/notebook/index.ts'
import type { RunEvent, RunResult } from '../../src/run/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

// Notebooks as scripts, on a tenant that is there for the tests of a file.

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

/** A notebook of cells, some with tags. */
export const notebookOf = (...cells: (string | { text: string; tags: string[] })[]): string =>
  JSON.stringify({
    nbformat: 4,
    cells: cells.map((cell) =>
      typeof cell === 'string'
        ? { cell_type: 'code', source: cell, metadata: {} }
        : { cell_type: 'code', source: cell.text, metadata: { tags: cell.tags } },
    ),
  })

/** What a run of a notebook was. */
export interface Ran {
  readonly events: readonly RunEvent[]
  readonly unpredictable: readonly string[]
  readonly error?: Error
  readonly results: readonly RunResult[]
}

/** Runs a notebook as a script on the tenant of the test. */
export async function run(
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
/** The steps that have ended, and how. */
export const steps = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step_end' ? [`${event.step} ${event.outcome}`] : []))
/** The writes that the tenant was sent. */
export const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
