import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keys, missing, PseudoTerminal } from '../repl/pseudo-terminal.ts'

const BOOK = `import { defineRunbook, waitFor } from 'tenantlab/runbook'
import { z } from 'zod'
export default defineRunbook({
  name: 'asking',
  params: z.object({ name: z.string(), hours: z.number().default(0) }),
  async *steps({ auth0, params, step }) {
    const role = yield* step('create role', auth0.roles.create({ name: params.name }), {
      confirm: 'Create it?',
      undo: ({ result }) => auth0.roles(String(result.id)).delete(),
    })
    if (params.hours > 0) yield* step('wait', waitFor(params.hours * 3_600_000))
    return role.name
  },
})
`

let console: PseudoTerminal
let folder: string

describe('a runbook in the console', () => {
  beforeEach(async (context) => {
    const reason = missing()
    if (reason !== undefined) context.skip(reason)
    folder = mkdtempSync(join(tmpdir(), 'console-book-'))
    writeFileSync(join(folder, 'asking.ts'), BOOK)
    // Any folder will do: nothing of this package is installed there.
    console = new PseudoTerminal(['repl', '--sandbox'], { folder })
    await console.prompt()
    await console.statement("const book = await loadRunbook('asking.ts')")
  })
  afterEach(async () => {
    await console?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const roles = () => console.statement('(await auth0.roles.list().all().run()).map(r => r.name).join()')

  it('is checked, asked about, run and taken back', async () => {
    const checked = await console.statement(
      "await runRunbook(book, auth0, { params: { name: 'Seen' }, mode: 'check' })",
    )
    expect(checked).toContain('asking · check · done · 1 change pending')
    expect(await roles()).not.toContain('Seen')

    await console.statement('const journal = memoryJournal()')
    console.type(
      `await runRunbook(book, auth0, { params: { name: 'Seen' }, journal, listener: liveReport() })${keys.enter}`,
    )
    await console.see('Create it? [yes/no] ')
    console.type(`perhaps${keys.enter}`)
    await console.see('Answer yes or no. Create it? [yes/no] ')
    console.type(`y${keys.enter}`)
    const ran = await console.prompt()
    expect(ran).toContain('✓ create role (done)')
    expect(ran).toContain('asking · run · done · 1 written')
    expect(await roles()).toContain('Seen')

    expect(await console.statement('journal')).toContain('journal · asking · done')
    expect(await console.statement('await undoRun(journal, auth0)')).toContain('asking.undo · undo · done · 1 written')
    expect(await roles()).not.toContain('Seen')
  })

  it('is stopped by Ctrl-C, also at its question, and goes on by its journal; the console stays usable', async () => {
    await console.statement('const journal = memoryJournal()')
    const run = "await runRunbook(book, auth0, { params: { name: 'Held', hours: 2 }, journal, listener: liveReport() })"
    console.type(`${run}${keys.enter}`)
    await console.see('Create it? [yes/no] ')
    console.type(keys.ctrlC)
    expect(await console.prompt()).toContain('asking · run · stopped')
    expect(await roles()).not.toContain('Held')

    console.type(`${run}${keys.enter}`)
    await console.see('Create it? [yes/no] ')
    console.type(`yes${keys.enter}`)
    await console.see('waits for its time, 2 h')
    console.type(keys.ctrlC)
    const stopped = await console.prompt()
    expect(stopped).toContain('the runbook asking')
    expect(stopped).toContain('stopped: 2 steps, 1 request, 1 written')
    expect(await roles()).toContain('Held')
    expect(await console.statement('1 + 1')).toContain('\n2\n')

    await console.statement('tenant.clock.advance(3 * 3_600_000)')
    expect(await console.statement(run)).toContain('1 done before')
  })
})
