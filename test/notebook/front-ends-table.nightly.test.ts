import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { denoProgram } from '../../scripts/needs.mjs'
import { cellsToRun } from '../../src/notebook/document/index.ts'
import type { Notebook } from '../../src/notebook/index.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { everyNotebook, type StoredNotebook } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'
import { profile, root } from './kernels.ts'

// Runs every notebook in every front end, and holds the table of docs/notebooks.md to what came. With
// WRITE_DOCS=1 it writes that table.
const PAGE = join(root, 'docs', 'notebooks.md')
const BLOCK = /(<!-- front-ends: [^>]*-->\n)[\s\S]*?(<!-- \/front-ends -->)/

/** What the outputs of a notebook were. */
interface Ran {
  readonly ended: boolean
  readonly pictures: number
  readonly tables: number
  readonly results: number
  readonly counted: boolean
}

type Runner = (notebook: StoredNotebook) => Promise<Ran>

const TRIES = 3

/** Over a kernel, as a front end speaks with it; again where the kernel lost messages, as stock tslab at times does. */
function overKernel(options: Parameters<typeof KernelClient.start>[1]): Runner {
  return async (notebook) => {
    for (let left = TRIES; left > 0; left -= 1) {
      const ran = await onceOverKernel(notebook, options)
      if (ran !== undefined) return ran
    }
    throw new Error(`${notebook.name}: the kernel lost messages in each of ${TRIES} runs.`)
  }
}

async function onceOverKernel(
  { path, notebook }: StoredNotebook,
  options: Parameters<typeof KernelClient.start>[1],
): Promise<Ran | undefined> {
  const kernel = await KernelClient.start(dirname(path), options)
  try {
    const shown: object[] = []
    let [ended, counted, results] = [true, true, 0]
    for (const { source } of cellsToRun(notebook)) {
      const { status, reply, messages, whole } = await kernel.execute(source, { idleWithin: 20_000 })
      if (!whole) return undefined
      ended &&= status === 'ok'
      counted &&= typeof reply.execution_count === 'number'
      results += messages.filter(({ kind }) => kind === 'result').length
      for (const message of messages)
        if ('content' in message && 'data' in message.content) shown.push(message.content.data)
    }
    return { ended, counted, results, ...countsOf(shown) }
  } finally {
    await kernel.close()
  }
}

const run = promisify(execFile)

/** By Debian's nbconvert, over the stock kernel. */
const byNbconvert: Runner = async ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-table-'))
  try {
    const kernel = join(folder, 'kernels', 'tslab')
    mkdirSync(kernel, { recursive: true })
    const tslab = createRequire(import.meta.url).resolve('tslab/bin/tslab')
    const argv = [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}']
    writeFileSync(
      join(kernel, 'kernel.json'),
      JSON.stringify({ argv, display_name: 'TypeScript', language: 'typescript' }),
    )
    const output = join(folder, 'out.ipynb')
    const options = ['--ExecutePreprocessor.kernel_name=tslab', '--ExecutePreprocessor.timeout=120', '--allow-errors']
    await run('jupyter', ['nbconvert', '--to', 'notebook', '--execute', ...options, '--output', output, path], {
      cwd: dirname(path),
      env: { ...process.env, JUPYTER_PATH: folder },
    })
    const { cells } = JSON.parse(readFileSync(output, 'utf8')) as Notebook
    const code = cells.filter(({ cell_type }) => cell_type === 'code')
    const outputs = code.flatMap((cell) => cell.outputs ?? [])
    return {
      ended: outputs.every(({ output_type }) => output_type !== 'error'),
      counted: code.every((cell) => typeof (cell as { execution_count?: unknown }).execution_count === 'number'),
      results: outputs.filter(({ output_type }) => output_type === 'execute_result').length,
      ...countsOf(outputs.flatMap(({ data }) => (data === undefined ? [] : [data]))),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function countsOf(shown: readonly object[]): Pick<Ran, 'pictures' | 'tables'> {
  const having = (type: string): number => shown.filter((data) => type in data).length
  return { pictures: having('image/png'), tables: having('text/html') }
}

const FRONT_ENDS: readonly (readonly [string, Runner, 'jupyter' | 'deno' | undefined])[] = [
  ['stock tslab', overKernel({}), undefined],
  ['the profile', overKernel({ preload: profile }), undefined],
  [
    "Deno's kernel",
    overKernel({
      command: (file) => [denoProgram(), 'jupyter', '--kernel', '--conn', file],
      env: { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
    }),
    'deno',
  ],
  ['nbconvert, over stock tslab', byNbconvert, 'jupyter'],
]

/** A row of the table: what all notebooks together did there. */
function rowOf(name: string, ran: readonly Ran[]): string {
  const ended = ran.filter((each) => each.ended).length
  const sum = (what: 'pictures' | 'tables' | 'results'): number => ran.reduce((total, each) => total + each[what], 0)
  const last = sum('results') > 0 ? 'drawn' : 'as text; `show()` draws'
  const counts = ran.every(({ counted }) => counted) ? 'in every cell' : 'missing'
  return `| ${name} | ${ended} of ${ran.length} | ${sum('pictures')} | ${sum('tables') > 0 ? 'drawn' : 'as text'} | ${last} | ${counts} |`
}

describe('N16: the table of front ends', () => {
  it.for(FRONT_ENDS)(
    'says what %s does with every notebook',
    { timeout: 1_800_000 },
    async ([name, runner, needed], context) => {
      if (needed !== undefined) requires(context, needed)
      const ran: Ran[] = []
      // Two at a time: a kernel waits more than it works.
      const left = [...everyNotebook]
      const work = async (): Promise<void> => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) ran.push(await runner(next))
      }
      await Promise.all([work(), work()])
      const made = rowOf(name, ran)
      const text = readFileSync(PAGE, 'utf8')
      if (process.env.WRITE_DOCS === '1')
        writeFileSync(
          PAGE,
          text.replace(BLOCK, (_, start, end) => `${start}${tableWith(text, made, name)}\n${end}`),
        )
      else expect(text, 'Run this test with WRITE_DOCS=1 and commit docs/notebooks.md.').toContain(made)
      expect(ran.filter(({ ended }) => !ended)).toEqual([])
    },
  )
})

/** The table with this row in the place of the one that was there. */
function tableWith(text: string, made: string, name: string): string {
  const head = [
    '| front end | notebooks that end | pictures | tables | the last value of a cell | execution counts |',
    '|---|---|---|---|---|---|',
  ]
  const rows = FRONT_ENDS.flatMap(([each]) => {
    if (each === name) return [made]
    const old = text.split('\n').find((line) => line.startsWith(`| ${each} |`))
    return old === undefined ? [] : [old]
  })
  return [...head, ...rows].join('\n')
}
