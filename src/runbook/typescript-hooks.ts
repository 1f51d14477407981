import { readFile } from 'node:fs/promises'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transform } from 'sucrase'
import { notebookScript } from './notebook/script.ts'

let self: string | undefined

/** Learns where this package lies. */
export const initialize: InitializeHook<{ self: string }> = (data) => {
  self = data.self
}

/** Finds `tenantlab` from files outside any project, and TypeScript files that are imported by their `.js` name. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context)
  } catch (error) {
    if (specifier.endsWith('.js') && specifier.startsWith('.')) return next(specifier.replace(/\.js$/, '.ts'), context)
    if (self === undefined) throw error
    // The schemas of parameters are made with the zod that this package has.
    if (specifier === 'zod') return next(specifier, { ...context, parentURL: new URL('index.js', self).href })
    const own = /^tenantlab(?:\/(rx|sandbox|runbook))?$/.exec(specifier)
    if (own === null) throw error
    return next(new URL(`${own[1] ?? 'index'}.js`, self).href, context)
  }
}

/** Takes the types out of TypeScript files, and makes one script of a notebook. */
export const load: LoadHook = async (url, context, next) => {
  const notebook = url.endsWith('.ipynb')
  if (!notebook && !/\.m?ts$/.test(url)) return next(url, context)
  const file = fileURLToPath(url)
  const text = await readFile(file, 'utf8')
  const source = notebook ? notebookScript(text, file) : text
  const { code } = transform(source, {
    transforms: ['typescript'],
    disableESTransforms: true,
    preserveDynamicImport: true,
    filePath: file,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
