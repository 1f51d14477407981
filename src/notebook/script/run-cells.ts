import { resolve } from 'node:path'
import { evaluate, fileOf, lineOfFault, meant, type Prepared, prepare, Scope } from '../../code/index.ts'
import { isTenantlabError } from '../../plan/index.ts'
import { cellsOf, type Notebook } from '../document/index.ts'
import { placed } from './place.ts'
import { isPredicted, type ScriptRun } from './script-run.ts'
import { wordsOf } from './stop.ts'

/** What became of the cells of a notebook. */
export interface CellsRan {
  /** Code cells that were run. */
  readonly cells: number
  /** Places of those that need what only a write could tell. */
  readonly unpredictable: readonly string[]
}

interface ReadyCell {
  readonly place: string
  readonly code: Prepared
  readonly text: string
  readonly mayFail: boolean
}

/**
 * Runs the code cells of a notebook one after the other, as a kernel does; cells tagged `skip-execution` are left out,
 * and a cell tagged `raises-exception` may fail. Where writes are only predicted, a cell that needs what only a write
 * could tell is told, and the cells after it go on.
 *
 * @param signal ends the run between two cells, and the wait for one.
 * @throws TenantlabError with the cell and its line.
 */
export async function runCells(
  notebook: Notebook,
  file: string,
  script: ScriptRun,
  signal?: AbortSignal,
): Promise<CellsRan> {
  const path = resolve(file)
  const cells = await readyCells(notebook, path)
  try {
    return { cells: cells.length, unpredictable: await script.conduct(() => runInTurn(cells, path, script, signal)) }
  } finally {
    script.place = undefined
  }
}

async function runInTurn(
  cells: readonly ReadyCell[],
  path: string,
  script: ScriptRun,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const scope = new Scope(path)
  const unpredictable: string[] = []
  for (const { place, code, text, mayFail } of cells) {
    script.place = place
    scope.declare(code.names, place)
    try {
      await interruptible(lastValue(code, scope, path, place), signal)
    } catch (error) {
      if (mayFail && !stops(error)) continue
      const isOpen = script.checking && (isPredicted(error) || script.hasPredicted || unpredictable.length > 0)
      if (!isOpen || stops(error)) {
        const hint = meant(wordsOf(error), { code: text, variables: scope.own })
        throw placed(error, path, place, undefined, hint)
      }
      unpredictable.push(place)
      script.tell({ type: 'step_start', step: place, effect: 'flow', operation: 'cell' })
      script.tell({ type: 'step_end', step: place, outcome: 'skipped', reason: `not predictable: ${wordsOf(error)}` })
    }
  }
  return unpredictable
}

/** Runs a cell; as in a kernel its value is waited for. */
async function lastValue(code: Prepared, scope: Scope, path: string, place: string): Promise<unknown> {
  return (await evaluate(code, scope, { file: fileOf(path, place), path }))?.value
}

/** All cells are read before the first runs, so that nothing is sent where a later one cannot be read. */
async function readyCells(notebook: Notebook, path: string): Promise<readonly ReadyCell[]> {
  const ready: ReadyCell[] = []
  for (const { kind, number, tags, text } of cellsOf(notebook)) {
    if (kind !== 'code' || tags.includes('skip-execution')) continue
    const place = `cell ${number}`
    try {
      ready.push({ place, text, code: await prepare(text, `${place}.ts`), mayFail: tags.includes('raises-exception') })
    } catch (error) {
      throw placed(error, path, place, lineOfFault(error))
    }
  }
  return ready
}

/** No code of a notebook may go on after these. */
function stops(error: unknown): boolean {
  return isTenantlabError(error) && (error.kind === 'decision' || error.kind === 'aborted')
}

function interruptible<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((done, fail) => {
    const abort = (): void => fail(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(done, fail).finally(() => signal.removeEventListener('abort', abort))
  })
}
