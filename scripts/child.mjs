// Runs child processes for the scripts of this folder.
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, without a slash at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * Runs a program from the repository's folder and resolves to its exit code (128 + 15 when a signal ended it).
 * A signal that reaches this process is passed on, so that a stopped script leaves nothing running.
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options })
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', pass)
    process.on('SIGTERM', pass)
    const settle = () => {
      process.off('SIGINT', pass)
      process.off('SIGTERM', pass)
    }
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code) => {
      settle()
      resolve(code ?? 143)
    })
  })
}

/** Runs a Node script with the Node that runs this one. */
export const node = (args, options) => run(process.execPath, args, options)

/** The program and leading arguments that start npm: the npm that started us where there is one. */
export function npm() {
  const path = process.env.npm_execpath
  if (path && /npm-cli\.c?js$/.test(path)) return [process.execPath, [path]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

/** True when `metaUrl` is the script that Node was started with. */
export function isMain(metaUrl) {
  return process.argv[1] !== undefined && fileURLToPath(metaUrl) === realpathSync(process.argv[1])
}
