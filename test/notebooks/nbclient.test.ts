import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { has, reason } from '../../scripts/needs.mjs'
import type { Notebook } from '../../src/notebook/index.ts'
import { joined, stored } from './stored.ts'

// Debian's nbclient runs the notebook and gives it back on stdout; tslab leaves its errors in stderr streams.
const PROGRAM = `
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, kernel_name='tslab', timeout=120, resources={'metadata': {'path': sys.argv[2]}}).execute()
sys.stdout.write(nbformat.writes(notebook))
`

describe('Jupyter’s own client', () => {
  it('runs the first notebook as the stored outputs say', (context) => {
    if (!has('jupyter')) return context.skip(reason('jupyter'))
    const first = stored[0]!
    const folder = mkdtempSync(join(tmpdir(), 'tenantlab-jupyter-'))
    try {
      const tslab = createRequire(import.meta.url).resolve('tslab/bin/tslab')
      const kernel = join(folder, 'kernels', 'tslab')
      mkdirSync(kernel, { recursive: true })
      const argv = [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}']
      writeFileSync(
        join(kernel, 'kernel.json'),
        JSON.stringify({ argv, display_name: 'TypeScript', language: 'typescript' }),
      )
      const run = spawnSync('/usr/bin/python3', ['-c', PROGRAM, first.path, dirname(first.path)], {
        encoding: 'utf8',
        env: { ...process.env, JUPYTER_PATH: folder },
      })
      expect(run.status, run.stderr).toBe(0)
      const ran = JSON.parse(run.stdout) as Notebook
      ran.cells.forEach((cell, index) => {
        expect(joined(cell.outputs), `cell ${index}`).toEqual(joined(first.notebook.cells[index]?.outputs))
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
