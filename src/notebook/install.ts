import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { builtFile, findTslab, PROFILED_TSLAB } from './tslab-location.ts'

/** Options of `installKernel()`. */
export interface InstallOptions {
  /** Jupyter's data folder; `$JUPYTER_DATA_DIR`, the first of `$JUPYTER_PATH`, or the user's own when left out. */
  readonly folder?: string
  /** Name that notebooks know the kernel by. */
  readonly name?: string
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
  const { folder = jupyterFolder(), name = 'tenantlab', from } = options
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
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(kernel, null, 2)}\n`)
  return { file, name, profiled: version === PROFILED_TSLAB, tslab: version }
}

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
