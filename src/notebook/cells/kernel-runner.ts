// Executes cells in tslab itself, without a socket, in a process of its own: tslab is bound to the working folder that
// it starts in, and takes stdout and stderr over. Started by run.ts, which sends the cells and gets their outputs.
import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import type { RunnableCell } from '../document/index.ts'
import type { CellMessage } from './messages.ts'

/** The cells of notebooks in one folder, and where tslab lies. */
export interface Assignment {
  /** `package.json` of tslab. */
  readonly tslab: string
  readonly notebooks: readonly (readonly RunnableCell[])[]
}

/** A cell that ran, or why nothing could run. */
export type Progress =
  | {
      readonly kind: 'cell'
      /** Index among the notebooks. */
      readonly notebook: number
      readonly index: number
      readonly status: string
      readonly messages: readonly CellMessage[]
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken'; readonly reason: string }

interface Handler {
  handleExecute(
    request: { code: string },
    writeStream: (name: string, text: string) => void,
    writeDisplay: (content: never, update?: boolean) => void,
  ): Promise<{ status: string }>
}

// tslab refuses what comes within 200 ms of a failure, as Jupyter would have queued it before.
const AFTER_FAILURE = 250

// A kernel says these in the running cell and lives on.
process.on('unhandledRejection', (reason) => console.error('UnhandledPromiseRejection:', reason))
process.on('uncaughtException', (error) => console.error('UncaughtException:', error))
process.once('message', (assignment) => {
  run(assignment as Assignment)
    .catch((error: unknown) => tell({ kind: 'broken', reason: inspect(error) }))
    // Servers that a notebook has left open must not keep the process.
    .then(() => process.exit(0))
})

/** One notebook after the other, each with fresh variables: tslab starts slowly, and once is enough. */
async function run({ tslab, notebooks }: Assignment): Promise<void> {
  const { handler, reset } = kernelOf(createRequire(tslab))
  for (const [notebook, cells] of notebooks.entries()) {
    await runCells(handler(), notebook, cells)
    reset()
  }
  await tell({ kind: 'end' })
}

async function runCells(handler: Handler, notebook: number, cells: readonly RunnableCell[]): Promise<void> {
  for (const { index, source, mayFail } of cells) {
    const messages: CellMessage[] = []
    const { status } = await handler.handleExecute(
      { code: source },
      (name, text) => messages.push({ kind: 'stream', name, text }),
      (content, update) => messages.push({ kind: update === true ? 'update' : 'display', content }),
    )
    // What the cell has left for the next turns of the event loop belongs to it.
    await pause(5)
    await tell({ kind: 'cell', notebook, index, status, messages })
    if (status !== 'ok') await pause(AFTER_FAILURE)
    if (status !== 'ok' && !mayFail) return
  }
}

function kernelOf(tslab: NodeJS.Require): { handler(): Handler; reset(): void } {
  const { createConverter } = tslab('./dist/converter.js')
  const { createExecutor } = tslab('./dist/executor.js')
  const { JupyterHandlerImpl } = tslab('./dist/jupyter.js')
  const converter = createConverter({ isJS: false, isBrowser: false })
  const converters = { node: converter, browser: converter, close: () => converter.close() }
  const executor = createExecutor(process.cwd(), converters, { log: console.log, error: console.error })
  return {
    handler: () => new JupyterHandlerImpl(executor, false) as Handler,
    reset: () => executor.reset(),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function tell(progress: Progress): Promise<void> {
  return new Promise((resolve) => process.send?.(progress, () => resolve()))
}
