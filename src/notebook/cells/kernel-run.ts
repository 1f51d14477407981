import { fork } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'
import { cellsToRun, type Notebook, type StoredOutput } from '../document/index.ts'
import { builtFile, findTslab } from '../tslab-location.ts'
import type { Assignment, Progress } from './kernel-runner.ts'
import { outputsOf } from './messages.ts'

/** Options of `runNotebook()`. */
export interface RunNotebookOptions {
  /** File of the notebook: its cells resolve packages from there. */
  readonly path: string
  /** Without the kernel profile, as in tslab as it comes. */
  readonly stock?: boolean
  /** Variables of its process beside those of this one. */
  readonly environment?: Readonly<Record<string, string>>
  /** Told of each cell that ran. */
  readonly onCell?: (cell: RanCell) => void
}

/** How a cell ended. */
export interface RanCell {
  /** Index in the notebook. */
  readonly index: number
  readonly status: string
  readonly failed: boolean
  /** How many messages its outputs came in: a real kernel loses some when one cell sends too many. */
  readonly messages: number
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
  const [run] = await runNotebooks([notebook], options)
  return run as NotebookRun
}

/**
 * Executes several notebooks of one folder as `runNotebook()` does, one after the other, in one process. A failed cell
 * ends its notebook, and the next one begins.
 *
 * @param options `path` is the file of any of them.
 * @throws ConfigurationError when tslab cannot run.
 */
export async function runNotebooks(
  notebooks: readonly Notebook[],
  options: RunNotebookOptions,
): Promise<readonly NotebookRun[]> {
  const ran = notebooks.map((): RanCell[] => [])
  const tslab = findTslab(dirname(resolve(options.path))).manifest
  await execute({ tslab, notebooks: notebooks.map(cellsToRun) }, options, (index, cell) => {
    ran[index]?.push(cell)
    options.onCell?.(cell)
  })
  return notebooks.map((notebook, index) => resultOf(notebook, ran[index] ?? []))
}

function resultOf(notebook: Notebook, ran: readonly RanCell[]): NotebookRun {
  const outputs = new Map(ran.map((cell) => [cell.index, cell.outputs]))
  const counts = new Map(ran.map((cell, at) => [cell.index, at + 1]))
  const cells = notebook.cells.map((cell, index) => {
    if (cell.cell_type !== 'code') return cell
    const count = counts.get(index) ?? null
    return { ...cell, execution_count: count, outputs: numbered(outputs.get(index) ?? [], count) }
  })
  const failed = ran.find((cell) => cell.failed)
  return { notebook: { ...notebook, cells }, cells: ran, ...(failed === undefined ? {} : { failed }) }
}

/** A result has the number of its cell. */
function numbered(outputs: readonly StoredOutput[], count: number | null): readonly StoredOutput[] {
  return outputs.map((output) =>
    output.output_type === 'execute_result' ? { ...output, execution_count: count } : output,
  )
}

function execute(
  assignment: Assignment,
  options: RunNotebookOptions,
  onCell: (notebook: number, cell: RanCell) => void,
): Promise<void> {
  const mayFail = assignment.notebooks.map((cells) => new Map(cells.map((cell) => [cell.index, cell.mayFail])))
  return new Promise((done, fail) => {
    let said = ''
    let ended = false
    const child = fork(builtFile('notebook-runner.cjs'), [], {
      cwd: dirname(resolve(options.path)),
      env: { ...process.env, NO_COLOR: '1', ...options.environment },
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
      const { notebook, index, status, messages } = progress
      const failed = status !== 'ok' && mayFail[notebook]?.get(index) !== true
      onCell(notebook, { index, status, failed, messages: messages.length, outputs: outputsOf(messages) })
    })
    child.once('error', fail)
    child.once('close', (code) => (ended ? done() : fail(broken(`its process ended with ${code}. ${said.trim()}`))))
    child.send(assignment)
  })
}
