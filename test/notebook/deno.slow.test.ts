import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { denoProgram } from '../../scripts/needs.mjs'
import { cellsToRun } from '../../src/notebook/document/index.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { everyNotebook } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'
import { root } from './kernels.ts'

describe('Deno without a kernel', () => {
  it.for([
    ["import { connect } from 'tenantlab'", 'void connect'],
    [
      "import { lab } from 'tenantlab/sandbox'",
      "const { auth0, finish } = await lab({ seed: 'deno' }); await auth0.roles.list().run(); await finish()",
    ],
    [
      "import { connect, show } from 'tenantlab'",
      "show(connect({ domain: 'x.example.com', token: 'x' }).roles.list())",
    ],
  ] as const)('N16: runs a script: %s', async ([imports, code], context) => {
    requires(context, 'deno')
    const folder = mkdtempSync(join(root, '.cache', 'deno-'))
    try {
      const script = join(folder, 'script.mjs')
      writeFileSync(script, `${imports}\n${code}\nconsole.log('done')\nglobalThis.Deno.exit(0)\n`)
      const { stdout } = await promisify(execFile)(denoProgram(), ['run', '-A', script], { cwd: root })
      expect(stdout).toContain('done')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe("Deno's kernel", () => {
  it.for(everyNotebook)('runs $name to its end', async ({ path, notebook }, context) => {
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
  })
})
