import Module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const NAME = /^tenantlab(?:\/(\w+))?$/

type Resolve = (request: string, ...rest: readonly unknown[]) => string

/**
 * Has notebooks outside of the project find this package: where a folder does not lead to one, the one that the profile
 * belongs to is taken.
 *
 * @param folder folder of the built files of this package.
 */
export function findOwnPackage(folder: string): void {
  const loader = Module as unknown as { _resolveFilename: Resolve }
  const resolve = loader._resolveFilename
  loader._resolveFilename = (request, ...rest) => {
    try {
      return resolve.call(loader, request, ...rest)
    } catch (error) {
      const own = NAME.exec(request)
      if (own === null) throw error
      return join(folder, `${own[1] ?? 'index'}.js`)
    }
  }
}

/** Compiler options that find the declarations of this package, and those of Node, where the working folder has none. */
export function ownTypes(folder: string, cwd: string = process.cwd()): object {
  const here = createRequire(join(cwd, 'cell.js'))
  const node =
    findIn(here, '@types/node/package.json') ??
    findIn(createRequire(join(folder, 'index.js')), '@types/node/package.json')
  return {
    ...(findIn(here, 'tenantlab/package.json') === undefined && {
      paths: { tenantlab: [join(folder, 'index.d.ts')], 'tenantlab/*': [join(folder, '*.d.ts')] },
    }),
    ...(node !== undefined && { typeRoots: [dirname(dirname(node))] }),
  }
}

function findIn(require: NodeJS.Require, request: string): string | undefined {
  try {
    return require.resolve(request)
  } catch {
    return undefined
  }
}
