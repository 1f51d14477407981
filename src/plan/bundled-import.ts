import { createRequire } from 'node:module'

/**
 * Loads a package of CommonJS, also in a reader's bundle of ES modules: that has no `require()`, and esbuild leaves what
 * the package requires of Node to a global one, which is given there and only there.
 *
 * @param load the import, written as such so that a bundler finds it: `() => import('undici')`.
 */
export async function bundledImport<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!/^Dynamic require of /.test((error as Error).message)) throw error
    const world = globalThis as { require?: unknown }
    world.require ??= createRequire(`${process.cwd()}/`)
    return load()
  }
}
