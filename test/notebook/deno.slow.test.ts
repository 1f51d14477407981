import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { denoProgram } from '../../scripts/needs.mjs'
import { cellsToRun, outputsOf } from '../../scripts/notebook-format.mjs'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { shownBy, stored } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'

describe("Deno's kernel", () => {
  it.for(stored)('runs $name to its end', async ({ path, notebook }, context) => {
    requires(context, 'deno')
    const deno = denoProgram()
    const kernel = await KernelClient.start(dirname(path), {
      command: (connection) => [deno, 'jupyter', '--kernel', '--conn', connection],
      env: { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
    })
    try {
      let shown = ''
      for (const { index, source } of cellsToRun(notebook)) {
        const reply = await kernel.execute(source)
        shown += shownBy(outputsOf(reply.messages))
        expect(reply.status, `cell ${index}: ${JSON.stringify(reply.reply)}`).toBe('ok')
      }
      // A last value may come after the cell is idle there, what is shown on purpose does not.
      if (cellsToRun(notebook).some(({ source }) => /^(show|.*watch)\(/m.test(source))) {
        expect(shown).toContain('"text/html"')
      }
    } finally {
      await kernel.close()
    }
  })
})
