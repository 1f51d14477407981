import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConfigurationError } from '../plan/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The file that a console runs before its first prompt: that of `TENANTLAB_CONSOLE`, else `console.ts` in
 * `${XDG_CONFIG_HOME:-~/.config}/tenantlab` or in `~/.tenantlab`.
 *
 * @returns Nothing where there is none, or where `TENANTLAB_CONSOLE` is empty.
 * @throws ConfigurationError where the named file is not there, or others may change it.
 */
export function startupFile(environment: Environment): string | undefined {
  const named = environment.TENANTLAB_CONSOLE
  if (named === '') return undefined
  if (named !== undefined) {
    if (!existsSync(named)) throw new ConfigurationError(`TENANTLAB_CONSOLE names ${named}, which is not there.`)
    return safe(named)
  }
  const config = environment.XDG_CONFIG_HOME
  const folders = [
    join(config === undefined || config === '' ? join(homedir(), '.config') : config, 'tenantlab'),
    join(homedir(), '.tenantlab'),
  ]
  const found = folders.map((folder) => join(folder, 'console.ts')).find((file) => existsSync(file))
  return found === undefined ? undefined : safe(found)
}

/** It runs with the reader's tenants at hand: nobody else may write it. */
function safe(file: string): string {
  const { mode } = statSync(file)
  if (process.platform === 'win32' || (mode & 0o022) === 0) return file
  throw new ConfigurationError(`${file} runs when a console opens, and others may change it. Run chmod go-w ${file}.`)
}
