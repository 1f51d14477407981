// Executes notebooks in tslab itself, in this process and without a socket. Started as a child by notebook-run.mjs:
// tslab is bound to the working folder that it starts in, and it takes stdout and stderr over.
import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { cellsToRun, outputsOf, readNotebook } from './notebook-format.mjs'

const require = createRequire(import.meta.url)
const { createConverter } = require('tslab/dist/converter')
const { createExecutor } = require('tslab/dist/executor')
const { JupyterHandlerImpl } = require('tslab/dist/jupyter')

// A kernel says these in the running cell and lives on.
process.on('unhandledRejection', (reason) => console.error('UnhandledPromiseRejection:', reason))
process.on('uncaughtException', (error) => console.error('UncaughtException:', error))

// Long enough for any cell of a showcase; a cell that waits for ever must not hang the tests.
const LONGEST_CELL = 60_000

const timedOut = () => new Promise((resolve) => setTimeout(() => resolve({ status: 'timeout' }), LONGEST_CELL).unref())

const send = (message) => new Promise((resolve) => process.send(message, resolve))

/** Lets what a cell has left for the next turns of the event loop be written before the next cell starts. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

async function run(handler, path) {
  const cells = []
  for (const { index, source, mayFail } of cellsToRun(readNotebook(path))) {
    const messages = []
    const running = handler.handleExecute(
      { code: source },
      (name, text) => messages.push({ kind: 'stream', name, text }),
      (content, update) => messages.push({ kind: update ? 'update' : 'display', content }),
    )
    const reply = await Promise.race([running, timedOut()])
    await settled()
    const failed = reply.status !== 'ok'
    cells.push({ index, status: reply.status, messages: messages.length, outputs: outputsOf(messages) })
    if (failed && !mayFail) break
    // tslab refuses what is sent within 200 ms of a failure, as Jupyter would have queued it before.
    if (failed) await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return cells
}

async function main() {
  const converter = createConverter({ isJS: false, isBrowser: false })
  const converters = { node: converter, browser: converter, close: () => converter.close() }
  const executor = createExecutor(process.cwd(), converters, { log: console.log, error: console.error })
  for (const path of process.argv.slice(2)) {
    const cells = await run(new JupyterHandlerImpl(executor, false), path)
    await send({ path, cells })
    if (cells.some(({ status }) => status === 'timeout')) break
    executor.reset()
  }
  executor.close()
}

// A notebook that failed has left its servers open, so that the process would not end by itself.
main()
  .catch((error) => send({ error: inspect(error) }))
  .then(() => process.exit(0))
