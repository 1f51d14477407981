import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const disk = vi.hoisted(() => ({ syncs: 0, lines: 0 }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    fsyncSync(handle: number) {
      disk.syncs += 1
      fs.fsyncSync(handle)
    },
  }
})

const { connect, all } = await import('../../../src/index.ts')
const { defineRunbook, runRunbook } = await import('../../../src/runbook.ts')

let folder: string
beforeEach(() => {
  disk.syncs = 0
  folder = mkdtempSync(join(tmpdir(), 'flush-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A session whose writes are answered together, and that reads the journal as each leaves. */
function together(count: number, leaves: () => void) {
  let waiting: (() => void)[] = []
  return connect({
    domain: 'flush.example',
    token: 'token',
    retry: false,
    rateLimit: false,
    transport: async (request) => {
      leaves()
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length < count) return
        for (const go of waiting) go()
        waiting = []
      })
      const { name } = JSON.parse(String(request.body)) as { name: string }
      return { status: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: name, name }) }
    },
  })
}

it.each([1, 10, 20])(
  'R35: %d steps at once share what makes their lines durable, which is done before a request leaves',
  async (count) => {
    const journal = join(folder, 'run.jsonl')
    const runbook = defineRunbook({
      name: 'flush',
      async *steps({ auth0, step }) {
        yield* step('all', all(Array.from({ length: count }, (_, at) => auth0.roles.create({ name: `r${at}` }))))
      },
    })
    const sent: number[] = []
    const session = together(count, () => sent.push(readFileSync(journal, 'utf8').split('"type":"send"').length - 1))
    expect((await runRunbook(runbook, session, { journal })).status).toBe('done')
    expect(sent).toHaveLength(count)
    // The line of a request is there when it leaves.
    for (const [at, lines] of sent.entries()) expect(lines).toBeGreaterThan(at)
    expect(disk.syncs, 'no more for twenty than for one, but for the odd straggler').toBeLessThan(30)
    if (count === 20) expect(disk.syncs).toBeLessThan(count * 2)
  },
)
