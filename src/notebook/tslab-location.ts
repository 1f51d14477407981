import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigurationError } from '../plan/index.ts'

/** The only version of tslab whose insides the kernel profile knows. */
export const PROFILED_TSLAB = '1.0.22'

/** An installed tslab. */
export interface TslabLocation {
  /** Its `package.json`. */
  readonly manifest: string
  readonly version: string
}

/**
 * Finds tslab: in the project that the reader works in, else beside this package.
 *
 * @throws ConfigurationError when there is none; it is an optional peer of this package.
 */
export function findTslab(from: string = process.cwd()): TslabLocation {
  for (const place of [join(from, 'place.js'), fileURLToPath(import.meta.url)]) {
    const manifest = resolved(place)
    if (manifest === undefined) continue
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    return { manifest, version }
  }
  throw new ConfigurationError(
    `tslab is not installed; the notebooks run in it. Install it: npm install --save-dev tslab@${PROFILED_TSLAB}`,
  )
}

function resolved(place: string): string | undefined {
  try {
    return createRequire(place).resolve('tslab/package.json')
  } catch {
    // It is not installed there; the next place may have it.
    return undefined
  }
}

/** A file of this package that was built to be loaded by a kernel. */
export function builtFile(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    for (const path of [join(folder, name), join(folder, 'dist', name)]) if (existsSync(path)) return path
    const above = dirname(folder)
    if (above === folder) throw new ConfigurationError(`${name} of this package is missing. Install the package again.`)
    folder = above
  }
}

/** The folder of this package, which has its notebooks and runbooks beside what was built. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}
