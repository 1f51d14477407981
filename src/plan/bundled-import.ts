import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

type Require = ReturnType<typeof createRequire>

const world = globalThis as { require?: unknown }
let loads = 0
let provided: Require | undefined
let isUsed = false

/**
 * Loads a package of CommonJS, also in a reader's bundle of ES modules: that has no `require()`, and esbuild leaves what
 * the package requires of Node to a global one. It is there before the package is loaded, since a chunk that failed once
 * fails for ever, and stays only where it was used.
 *
 * @param load the import, written as such so that a bundler finds it: `() => import('undici')`.
 */
export async function bundledImport<T>(load: () => Promise<T>): Promise<T> {
  if (!isBundled()) return load()
  provide()
  try {
    const loaded = await load()
    const names = Object.keys(loaded as object)
    // A bundle of several files gives what the package exports as the default alone.
    return names.length === 1 && names[0] === 'default' ? (loaded as { default: T }).default : loaded
  } finally {
    withdraw()
  }
}

function provide(): void {
  loads += 1
  if (world.require !== undefined) return
  const real = createRequire(`${process.cwd()}/`)
  const noted = (id: string): unknown => {
    isUsed = true
    return real(id)
  }
  provided = Object.assign(noted, real) as Require
  world.require = provided
}

function withdraw(): void {
  loads -= 1
  if (loads === 0 && !isUsed && provided !== undefined && world.require === provided) delete world.require
}

/** Whether this file is a part of a reader's bundle of ES modules, not of the package. */
function isBundled(): boolean {
  // Bundles in CommonJS have no import.meta.url, and a require() of their own.
  const here = import.meta.url as string | undefined
  if (here === undefined) return false
  try {
    const root = dirname(dirname(createRequire(here).resolve('tenantlab')))
    return !fileURLToPath(here).startsWith(root + sep)
  } catch {
    return true
  }
}
