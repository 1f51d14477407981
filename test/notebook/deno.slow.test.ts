import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { denoProgram } from '../../scripts/needs.mjs'
import { cellsToRun } from '../../src/notebook/document/index.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { everyNotebook } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'

/** Notebooks of which a cell does not end there; docs/limits.md says so. */
const NOT_THERE = ['11-tenant-at-a-glance.ipynb', '12-an-incident.ipynb']

describe("Deno's kernel", () => {
  it.for(everyNotebook.filter(({ name }) => !NOT_THERE.includes(name)))(
    'runs $name to its end',
    async ({ path, notebook }, context) => {
      requires(context, 'deno')
      const deno = denoProgram()
      const kernel = await KernelClient.start(dirname(path), {
        command: (connection) => [deno, 'jupyter', '--kernel', '--conn', connection],
        env: { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
      })
      try {
        for (const { index, source } of cellsToRun(notebook)) {
          const reply = await kernel.execute(source)
          expect(reply.status, `cell ${index}: ${JSON.stringify(reply.reply)}`).toBe('ok')
        }
        // Displays may come after their cell is idle there; by the end of another cell they have.
        await kernel.execute('await new Promise((next) => setTimeout(next, 100))')
        const shows = cellsToRun(notebook).some(({ source }) => /import \{[^}]*\b(show|watch)\b/.test(source))
        if (shows) expect(kernel.count('display_data')).toBeGreaterThan(0)
      } finally {
        await kernel.close()
      }
    },
  )
})
