// Runs notebooks in tslab, one child process per folder.
import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('notebook-child.mjs', import.meta.url))

/** The folder of the notebooks. */
export const notebooks = fileURLToPath(new URL('../notebooks', import.meta.url))

/** Paths of the notebooks of a folder, in order. */
export function notebooksOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => join(folder, name))
}

/**
 * Executes notebooks of one folder, one after the other, each with fresh variables.
 *
 * @param paths Paths of notebooks in the same folder.
 * @param environment Variables of the child beside those of this process.
 * @returns By file name: the cells that ran, with status, number of messages and outputs.
 */
export function runNotebooks(paths, environment = {}) {
  if (paths.length === 0) return Promise.resolve(new Map())
  const cwd = resolve(dirname(paths[0]))
  return new Promise((done, fail) => {
    const results = new Map()
    let said = ''
    let broken
    const running = fork(
      child,
      paths.map((path) => resolve(path)),
      {
        cwd,
        env: { ...process.env, NO_COLOR: '1', ...environment },
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    )
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => (said += chunk))
    running.on('message', ({ path, cells, error }) => {
      if (error !== undefined) broken = error
      else results.set(basename(path), cells)
    })
    running.once('error', fail)
    running.once('close', (code) => {
      if (code === 0 && broken === undefined && results.size === paths.length) done(results)
      else fail(new Error(`The notebooks of ${cwd} did not run to the end (exit code ${code}). ${broken ?? ''}${said}`))
    })
  })
}
