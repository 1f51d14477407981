import { fork } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'
import { type Notebook, type StoredOutput, tagsOf, textOf } from '../document/index.ts'
import { builtFile, findTslab } from '../tslab-location.ts'
import { outputsOf } from './messages.ts'
import type { Assignment, Progress } from './runner.ts'

/** Options of `runNotebook()`. */
export interface RunNotebookOptions {
  /** File of the notebook: its cells resolve packages from there. */
  readonly path: string
  /** Without the kernel profile, as in tslab as it comes. */
  readonly stock?: boolean
  /** Told of each cell that ran. */
  readonly onCell?: (cell: RanCell) => void
}

/** How a cell ended. */
export interface RanCell {
  /** Index in the notebook. */
  readonly index: number
  readonly status: string
  readonly failed: boolean
  readonly outputs: readonly StoredOutput[]
}

/** A notebook after a run: with the outputs of the cells that ran, and where it stopped. */
export interface NotebookRun {
  readonly notebook: Notebook
  readonly cells: readonly RanCell[]
  readonly failed?: RanCell
}

/**
 * Executes the code cells of a notebook in tslab, in a process of its own. A failed cell ends the run, unless it is
 * tagged `raises-exception`; cells tagged `skip-execution` are left out.
 *
 * @throws ConfigurationError when tslab cannot run.
 */
export async function runNotebook(notebook: Notebook, options: RunNotebookOptions): Promise<NotebookRun> {
  const cells: RanCell[] = []
  await execute(assignmentOf(notebook, options), options, (cell) => {
    cells.push(cell)
    options.onCell?.(cell)
  })
  const outputs = new Map(cells.map((cell) => [cell.index, cell.outputs]))
  const ran = notebook.cells.map((cell, index) =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: outputs.get(index) ?? [] } : cell,
  )
  const failed = cells.find((cell) => cell.failed)
  return { notebook: { ...notebook, cells: ran }, cells, ...(failed === undefined ? {} : { failed }) }
}

function assignmentOf(notebook: Notebook, { path }: RunNotebookOptions): Assignment {
  const cells = notebook.cells.flatMap((cell, index) => {
    const tags = tagsOf(cell)
    if (cell.cell_type !== 'code' || tags.includes('skip-execution')) return []
    return [{ index, source: textOf(cell.source), mayFail: tags.includes('raises-exception') }]
  })
  return { tslab: findTslab(dirname(resolve(path))).manifest, cells }
}

function execute(assignment: Assignment, options: RunNotebookOptions, onCell: (cell: RanCell) => void): Promise<void> {
  const mayFail = new Map(assignment.cells.map((cell) => [cell.index, cell.mayFail]))
  return new Promise((done, fail) => {
    let said = ''
    let ended = false
    const child = fork(builtFile('notebook-runner.cjs'), [], {
      cwd: dirname(resolve(options.path)),
      env: { ...process.env, NO_COLOR: '1' },
      execArgv: options.stock === true ? [] : ['--require', builtFile('kernel-profile.cjs')],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const broken = (why: string): ConfigurationError =>
      new ConfigurationError(`${options.path} did not run to its end: ${why}. Run it in Jupyter to see where it stops.`)
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)))
    child.on('message', (message) => {
      const progress = message as Progress
      if (progress.kind === 'broken') fail(broken(progress.reason))
      if (progress.kind === 'end') ended = true
      if (progress.kind !== 'cell') return
      const { index, status, messages } = progress
      const failed = status !== 'ok' && mayFail.get(index) !== true
      onCell({ index, status, failed, outputs: outputsOf(messages) })
    })
    child.once('error', fail)
    child.once('close', (code) => (ended ? done() : fail(broken(`its process ended with ${code}. ${said.trim()}`))))
    child.send(assignment)
  })
}
