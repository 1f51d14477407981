import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ConfigurationError } from '../plan/index.ts'
import { builtFile, findTslab, PROFILED_TSLAB } from './tslab-location.ts'

/** Options of `installKernel()`. */
export interface InstallOptions {
  /** Jupyter's data folder; `$JUPYTER_DATA_DIR`, the first of `$JUPYTER_PATH`, or the user's own when left out. */
  readonly folder?: string
  /** Name that notebooks know the kernel by. */
  readonly name?: string
  /** Replaces a kernel of that name which belongs to another project. */
  readonly force?: boolean
  /** Where to look for tslab first; the working folder when left out. */
  readonly from?: string
}

/** A kernel that was written. */
export interface InstalledKernel {
  /** Path of its `kernel.json`. */
  readonly file: string
  readonly name: string
  /** False where another version of tslab runs without the profile. */
  readonly profiled: boolean
  readonly tslab: string
}

/** Tells Jupyter of a kernel that starts tslab with the profile: a JSON file, for which no Python is needed. */
export function installKernel(options: InstallOptions = {}): InstalledKernel {
  const { folder = jupyterFolder(), name = 'tenantlab', from, force = false } = options
  const { manifest, version } = findTslab(from)
  const tslab = join(dirname(manifest), 'bin', 'tslab')
  const file = join(folder, 'kernels', name, 'kernel.json')
  const kernel = {
    argv: [
      process.execPath,
      '--require',
      builtFile('kernel-profile.cjs'),
      tslab,
      'kernel',
      '--config-path',
      '{connection_file}',
    ],
    display_name: 'TypeScript (tenantlab)',
    language: 'typescript',
    interrupt_mode: 'signal',
  }
  const other = profileOf(file)
  if (other !== undefined && other !== builtFile('kernel-profile.cjs') && existsSync(other) && !force) {
    throw new ConfigurationError(
      `The kernel "${name}" belongs to another project, by ${other}, and stays as it is. Give another name, or replace it on purpose.`,
    )
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(join(dirname(file), 'logo-svg.svg'), LOGO)
  writeFileSync(file, `${JSON.stringify(kernel, null, 2)}\n`)
  return { file, name, profiled: version === PROFILED_TSLAB, tslab: version }
}

/**
 * Takes a kernel of this package away from Jupyter.
 *
 * @returns The file of the kernel.
 * @throws ConfigurationError where there is none of that name, or it is not one of this package.
 */
export function uninstallKernel({ folder = jupyterFolder(), name = 'tenantlab' }: InstallOptions = {}): string {
  const file = join(folder, 'kernels', name, 'kernel.json')
  if (!existsSync(file)) throw new ConfigurationError(`There is no kernel "${name}" in ${folder}. Nothing was removed.`)
  if (profileOf(file) === undefined)
    throw new ConfigurationError(`The kernel "${name}" was not installed by tenantlab, and stays as it is.`)
  rmSync(dirname(file), { recursive: true })
  return file
}

/** The profile that a kernel starts with. */
function profileOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const { argv = [] } = JSON.parse(readFileSync(file, 'utf8')) as { argv?: readonly string[] }
  return argv.find((word) => word.endsWith('kernel-profile.cjs'))
}

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="#1f3a5f"/><path d="M14 20h36v7H36v25h-8V27H14z" fill="#fff"/><circle cx="48" cy="46" r="6" fill="#f2a33a"/></svg>\n`

/** Where Jupyter looks for kernels of this user. */
export function jupyterFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const named = environment.JUPYTER_DATA_DIR || environment.JUPYTER_PATH?.split(delimiter)[0]
  if (named) return named
  const home = environment.HOME || homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Jupyter')
  if (platform === 'win32') return join(environment.APPDATA || join(home, 'AppData', 'Roaming'), 'jupyter')
  return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter')
}
