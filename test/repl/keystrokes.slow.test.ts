import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keys, missing, PseudoTerminal } from './pseudo-terminal.ts'

/**
 * What a newcomer does who knows nothing but a word: the operation is taken from the search, its body from its help.
 */
it('finds an operation that nobody told of, reads its help, previews it, runs it, watches it, cancels it and takes it back', async (context) => {
  const reason = missing()
  if (reason !== undefined) context.skip(reason)
  const console = new PseudoTerminal(['repl', '--sandbox'], { columns: 120 })
  try {
    await console.prompt()

    // Finds: the first create that the search offers.
    const found = await console.statement('.find network acl create')
    const word = /auth0\.(\w+\.create)\(body\)/.exec(found)?.[1]
    expect(word, found).toBeDefined()

    // Reads its help, and takes the example from it.
    const help = await console.statement(`auth0.${word}.help`)
    expect(help).toMatch(/writes · scope create:\w+/)
    expect(help).toMatch(/https:\/\/auth0\.com\/docs\/\S+/)
    const lines = /Example\n((?: +\S.*\n)+)/.exec(help)?.[1] ?? ''
    const example = /^(auth0\..+)\.run\(\)$/.exec(lines.trim().replace(/\n +/g, ' '))?.[1]
    expect(example, help).toBeDefined()

    // Previews it: nothing is sent.
    expect(await console.statement(example ?? '')).toContain('Nothing has been sent')
    expect(await console.statement('.explain')).toContain('POST /api/v2/')
    expect(await console.statement('.curl')).toContain('curl --request POST')
    const writes =
      'tenant.requests.filter(r => r.method !== "GET" && r.path !== "/oauth/token").map(r => r.method + " " + r.status).join()'
    expect(await console.statement(`"sent: " + ${writes}`)).toContain('\nsent: \n')

    // Runs it, and watches it on the way.
    const run = await console.statement('.events')
    expect(run).toMatch(/attempt/i)
    expect(run).toMatch(/201/)
    expect(await console.statement(`"sent: " + ${writes}`)).toContain('\nsent: POST 201\n')

    // Cancels another run of something slow; the record stays.
    await console.statement('tenant.faults.add({ kind: "slow", match: { method: "GET" }, delay: 600000 }); 1')
    console.type(`auth0.${word?.split('.')[0]}.list().run()${keys.enter}`)
    await console.see('.run()\n')
    await console.press('', 4)
    console.type(keys.ctrlC)
    expect(await console.prompt()).toMatch(/Cancelled \w+\.list, and nothing else\./)
    await console.statement('tenant.faults.clear()')

    // Takes it back: the plan is shown first, like any other.
    const undo = await console.statement('.undo')
    expect(undo).toContain('DELETE /api/v2/')
    expect(await console.statement(`"sent: " + ${writes}`)).toContain('\nsent: POST 201\n')
    await console.statement('.run')
    expect(await console.statement(`"sent: " + ${writes}`)).toMatch(/\nsent: POST 201,DELETE 20[04]\n/)
    keep(console.text)
  } finally {
    await console.close()
  }
})

/** The transcript is kept as a build artefact, where one is asked for. */
function keep(transcript: string): void {
  const folder = process.env.TENANTLAB_ARTEFACTS
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'console.txt'), transcript)
}
