import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { has, reason } from '../../scripts/needs.mjs'
import { installKernel } from '../../src/notebook/index.ts'
import { linkPackages, root } from './kernels.ts'
import { code, notebookOf } from './samples.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-nbconvert-'))
  linkPackages(folder)
  installKernel({ folder: join(folder, 'jupyter'), name: 'profiled', from: root })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ran {
  readonly cells: readonly { execution_count?: number | null; outputs?: readonly Record<string, unknown>[] }[]
}

function converted(...cells: ReturnType<typeof code>[]): { status: number | null; stderr: string; ran?: Ran } {
  const file = join(folder, 'in.ipynb')
  const notebook = {
    ...notebookOf(...cells),
    metadata: { kernelspec: { name: 'profiled', display_name: 'x', language: 'typescript' } },
  }
  writeFileSync(file, JSON.stringify(notebook))
  rmSync(join(folder, 'out.ipynb'), { force: true })
  const args = ['nbconvert', '--to', 'notebook', '--execute', '--output', 'out.ipynb', file]
  const { status, stderr } = spawnSync('jupyter', args, {
    encoding: 'utf8',
    env: { ...process.env, JUPYTER_PATH: join(folder, 'jupyter') },
  })
  if (status !== 0) return { status, stderr }
  return { status, stderr, ran: JSON.parse(readFileSync(join(folder, 'out.ipynb'), 'utf8')) as Ran }
}

describe('N5 nbconvert with the kernel profile', () => {
  it('goes on after a cell that may fail, numbers the cells, and stores results and errors as such', (context) => {
    if (!has('jupyter')) return context.skip(reason('jupyter'))
    const { status, stderr, ran } = converted(
      code('const a = 6'),
      code("\nthrow new TypeError('expected')", { tags: ['raises-exception'] }),
      code('a * 7'),
      code("console.log('printed')"),
    )
    expect(status, stderr).toBe(0)
    expect(ran?.cells.map(({ execution_count }) => execution_count)).toEqual([1, 2, 3, 4])
    const [, failed, answered, printed] = ran?.cells ?? []
    expect(failed?.outputs).toMatchObject([
      {
        output_type: 'error',
        ename: 'TypeError',
        evalue: 'expected',
        traceback: expect.arrayContaining(['    at cell[2]:2']),
      },
    ])
    expect(answered?.outputs).toMatchObject([
      { output_type: 'execute_result', execution_count: 3, data: { 'text/plain': ['42'] } },
    ])
    expect(printed?.outputs).toMatchObject([{ output_type: 'stream', name: 'stdout' }])
  })

  it('ends at a cell that may not, with its error and its line', (context) => {
    if (!has('jupyter')) return context.skip(reason('jupyter'))
    const { status, stderr } = converted(
      code('1'),
      code("\n\nthrow new RangeError('not expected')"),
      code("console.log('never')"),
    )
    expect(status).not.toBe(0)
    expect(stderr).toContain('RangeError: not expected')
    expect(stderr).toContain('cell[2]:3')
    expect(stderr).not.toContain('evalmachine')
  })
})
