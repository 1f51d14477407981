import { readFile } from 'node:fs/promises'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transform } from 'sucrase'

let self: string | undefined

/** Learns where this package lies. */
export const initialize: InitializeHook<{ self: string }> = (data) => {
  self = data.self
}

/**
 * Gives every file this copy of the package, wherever the file lies, so that what the command does holds for its sessions;
 * and finds TypeScript files that are imported by their `.js` name.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const own = /^tenantlab(?:\/(rx|sandbox|runbook))?$/.exec(specifier)
  if (own !== null && self !== undefined) return next(new URL(`${own[1] ?? 'index'}.js`, self).href, context)
  try {
    return await next(specifier, context)
  } catch (error) {
    if (specifier.endsWith('.js') && specifier.startsWith('.')) return next(specifier.replace(/\.js$/, '.ts'), context)
    // The schemas of parameters are made with the zod that this package has.
    if (specifier !== 'zod' || self === undefined) throw error
    return next(specifier, { ...context, parentURL: new URL('index.js', self).href })
  }
}

/** Takes the types out of TypeScript files. */
export const load: LoadHook = async (url, context, next) => {
  if (!/\.m?ts$/.test(url)) return next(url, context)
  const file = fileURLToPath(url)
  const { code } = transform(await readFile(file, 'utf8'), {
    transforms: ['typescript'],
    disableESTransforms: true,
    preserveDynamicImport: true,
    filePath: file,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
