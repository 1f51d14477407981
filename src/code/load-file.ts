import { existsSync } from 'node:fs'
import Module from 'node:module'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigurationError } from '../plan/index.ts'

const KINDS = ['.ts', '.mts', '.js', '.mjs']
let registered = false

/**
 * Loads a TypeScript or JavaScript file, which runs its statements; answers its default export.
 *
 * @throws ConfigurationError when the file is not there or is not a script.
 */
export async function loadFile(file: string): Promise<unknown> {
  const path = resolve(file)
  if (!existsSync(path)) {
    throw new ConfigurationError(
      `There is no file ${file}. Give the path of a .ts, .mts, .js or .mjs file, or of a notebook.`,
    )
  }
  if (!KINDS.includes(extname(path))) {
    throw new ConfigurationError(
      `${file} is not a script: its name ends in "${extname(path)}". Give a .ts, .mts, .js or .mjs file, or a notebook.`,
    )
  }
  await readTypeScript()
  return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
}

/**
 * From here on the process imports TypeScript, which Node 20 does not by itself, and finds this package from anywhere: the
 * copy that runs.
 */
export async function readTypeScript(): Promise<void> {
  if (registered) return
  registered = true
  // Built modules lie in chunks/ below the entry files, the hooks beside the entry files.
  const folder = new URL('.', import.meta.url)
  const self = folder.href.endsWith('/chunks/') ? new URL('..', folder) : folder
  // Missing in Node 20; where it is, `register` warns or is gone.
  const { registerHooks } = Module as unknown as { registerHooks?: (hooks: object) => void }
  if (registerHooks === undefined) {
    return Module.register(new URL('typescript-hooks.js', self), { data: { self: self.href } })
  }
  const { importHooks } = await import('./typescript-imports.ts')
  const { resolve, load } = importHooks(self.href)
  // Deno reads TypeScript itself, and no addon any more once something else loads.
  registerHooks('Deno' in globalThis ? { resolve } : { resolve, load })
}
