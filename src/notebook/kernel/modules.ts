import { readFileSync } from 'node:fs'
import Module from 'node:module'
import { dirname, join } from 'node:path'
import type { Compiler, ConverterModule, ExecutorModule, JupyterModule } from './tslab.ts'
import { TSLAB } from './tslab.ts'

/** What to do with each of tslab's modules once it is loaded; the answer of `compiler` takes the module's place. */
export interface Patches {
  compiler(compiler: Compiler): Compiler
  converter(module: ConverterModule): void
  executor(module: ExecutorModule): void
  jupyter(module: JupyterModule): void
}

interface LoadedModule {
  exports: unknown
}

type Loader = (module: LoadedModule, file: string) => void

const PART = /[\\/]tslab[\\/]dist[\\/](converter|executor|jupyter)\.js$/
const COMPILER = /[\\/]typescript-for-tslab[\\/]lib[\\/]typescript\.js$/

/**
 * Has tslab's modules patched as they are loaded. A tslab of another version is left as it is.
 *
 * @param another Called once with the version of a tslab that is not patched.
 */
export function patchTslab(patches: Patches, another: (version: string) => void): void {
  const extensions = (Module as unknown as { _extensions: Record<string, Loader> })._extensions
  const load = extensions['.js'] as Loader
  const known = new Map<string, boolean>()
  let compilerIsOurs = false
  const isOurs = (folder: string): boolean => {
    const answer = known.get(folder)
    if (answer !== undefined) return answer
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    known.set(folder, version === TSLAB)
    if (version !== TSLAB) another(version)
    return version === TSLAB
  }
  extensions['.js'] = (module, file) => {
    const part = PART.exec(file)?.[1]
    const ours = part !== undefined && isOurs(dirname(dirname(file)))
    // tslab's own package has loaded its compiler by the time that its converter is there.
    if (ours) compilerIsOurs = true
    load(module, file)
    if (COMPILER.test(file) && compilerIsOurs) module.exports = patches.compiler(module.exports as Compiler)
    if (!ours) return
    if (part === 'converter') patches.converter(module.exports as ConverterModule)
    if (part === 'executor') patches.executor(module.exports as ExecutorModule)
    if (part === 'jupyter') patches.jupyter(module.exports as JupyterModule)
  }
}
