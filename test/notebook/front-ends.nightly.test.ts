import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoredOutput } from '../../src/notebook/document/index.ts'
import { installKernel, type Notebook } from '../../src/notebook/index.ts'
import { canaries, everyNotebook, joined, kindsOf, leaksIn } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'
import { root } from './kernels.ts'

// Every shipped notebook as a stranger executes it: Debian's nbconvert over the stock kernel and over the kernel profile.
// The fast judges run them in tslab and in Deno without a front end between.
const run = promisify(execFile)
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-front-ends-'))
  const kernel = join(folder, 'jupyter', 'kernels', 'tslab')
  mkdirSync(kernel, { recursive: true })
  const tslab = createRequire(import.meta.url).resolve('tslab/bin/tslab')
  const argv = [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}']
  const spec = { argv, display_name: 'TypeScript', language: 'typescript' }
  writeFileSync(join(kernel, 'kernel.json'), JSON.stringify(spec))
  installKernel({ folder: join(folder, 'jupyter'), name: 'profiled', from: root })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The notebook as nbconvert leaves it, executed beside the shipped ones. */
async function executed(path: string, kernel: string): Promise<Notebook> {
  const output = join(folder, `${kernel}.ipynb`)
  rmSync(output, { force: true })
  const options = [`--ExecutePreprocessor.kernel_name=${kernel}`, '--ExecutePreprocessor.timeout=120']
  await run('jupyter', ['nbconvert', '--to', 'notebook', '--execute', ...options, '--output', output, path], {
    cwd: dirname(path),
    env: { ...process.env, ...canaries, JUPYTER_PATH: join(folder, 'jupyter') },
  })
  return JSON.parse(readFileSync(output, 'utf8')) as Notebook
}

describe.each(['tslab', 'profiled'])('nbconvert over %s', (kernel) => {
  it.for(everyNotebook)('executes $name', async ({ path, notebook }, context) => {
    requires(context, 'jupyter')
    const { cells } = await executed(path, kernel)
    const outputs: StoredOutput[] = []
    cells.forEach((cell, index) => {
      if (cell.cell_type !== 'code') return
      outputs.push(...(cell.outputs ?? []))
      const { tags = [] } = notebook.cells[index]?.metadata ?? {}
      const mayFail = tags.includes('raises-exception')
      const failed = (cell.outputs ?? []).filter(({ output_type }) => output_type === 'error')
      if (!mayFail) expect(failed, `cell ${index}`).toEqual([])
      if (kernel === 'tslab') {
        const read = tags.includes('varies') ? kindsOf : joined
        expect(read(cell.outputs), `cell ${index}`).toEqual(read(notebook.cells[index]?.outputs))
      } else expect((cell as { execution_count?: unknown }).execution_count, `cell ${index}`).toBeTypeOf('number')
    })
    expect(outputs.length).toBeGreaterThan(0)
    expect(leaksIn(outputs)).toEqual([])
  })
})
