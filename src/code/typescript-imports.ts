import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transform } from 'sucrase'

type Next<C, R> = (subject: string, context: C) => R

/** Hooks that make a process import TypeScript and this copy of the package. */
interface ImportHooks {
  resolve<C extends object, R>(specifier: string, context: C, next: Next<C, R>): R
  load<C, R>(url: string, context: C, next: Next<C, R>): R | ReturnType<typeof moduleOf>
}

/** @param self address of the folder with the entry files of the copy that runs. */
export function importHooks(self: string): ImportHooks {
  return {
    resolve(specifier, context, next) {
      const own = isOfPackage(specifier, self)
      if (own !== undefined) return next(own, context)
      try {
        return next(specifier, context)
      } catch (error) {
        const other = otherwise(specifier, self, error)
        return next(other.specifier, { ...context, ...other.context })
      }
    },
    load: (url, context, next) => (isTypeScript(url) ? moduleOf(url) : next(url, context)),
  }
}

/**
 * The address of this copy of the package, for an import of the package from wherever: so what a command does holds for
 * the sessions of the files that it runs.
 */
export function isOfPackage(specifier: string, self: string): string | undefined {
  const own = /^tenantlab(?:\/(rx|sandbox|runbook))?$/.exec(specifier)
  return own === null ? undefined : new URL(`${own[1] ?? 'index'}.js`, self).href
}

/** What to try for a specifier that led nowhere; throws the error where there is nothing. */
export function otherwise(
  specifier: string,
  self: string,
  error: unknown,
): { readonly specifier: string; readonly context: { readonly parentURL?: string } } {
  // TypeScript files are imported by their `.js` name.
  if (specifier.endsWith('.js') && specifier.startsWith('.'))
    return { specifier: specifier.replace(/\.js$/, '.ts'), context: {} }
  // The schemas of parameters are made with the zod that this package has.
  if (specifier === 'zod') return { specifier, context: { parentURL: new URL('index.js', self).href } }
  throw error
}

export function isTypeScript(url: string): boolean {
  return /\.m?ts$/.test(url)
}

/** A TypeScript file without its types. */
export function moduleOf(url: string): { format: 'module'; source: string; shortCircuit: true } {
  const file = fileURLToPath(url)
  const { code } = transform(readFileSync(file, 'utf8'), {
    transforms: ['typescript'],
    disableESTransforms: true,
    preserveDynamicImport: true,
    filePath: file,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
