import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Script } from 'node:vm'
import type { Prepared } from './prepare.ts'
import type { Scope } from './scope.ts'

/** Loaded by the first piece of code, not by every import. */
const vm = () => process.getBuiltinModule('node:vm')

/** How prepared code is run. */
export interface EvaluateOptions {
  /** How stack traces name the code. */
  readonly file: string
  /** File or folder that relative imports start at. */
  readonly path: string
  /** Lets Ctrl-C end code that does not pause. */
  readonly breakOnSigint?: boolean
}

/** What the last expression of a piece of code answered; absent where it ends in none. */
export type Boxed = { readonly value: unknown } | undefined

/**
 * Runs prepared code in a scope.
 *
 * @returns The value of its last expression, which is not waited for; as a promise of it where the code itself waits.
 * @throws What the code throws.
 */
export function evaluate(prepared: Prepared, scope: Scope, options: EvaluateOptions): Boxed | Promise<Boxed> {
  const { file, path, breakOnSigint = false } = options
  // import.meta belongs to modules only.
  const url = isAbsolute(path) ? pathToFileURL(path).href : path
  const kind = prepared.waits ? 'async function' : 'function'
  const head = `(function ($names) { with ($names) { return (${kind} () { 'use strict'; const $meta = { url: ${JSON.stringify(url)} };`
  const code = `${head}${prepared.body}\n}) } })${mapComment(prepared)}`
  keepImportsQuiet()
  const script = new (vm().Script)(code, {
    filename: file,
    columnOffset: -head.length,
    importModuleDynamically: vm().constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const make = script.runInThisContext() as (names: object) => () => Boxed | Promise<Boxed>
  const run = make(scope.names)
  return breakOnSigint ? interruptibly(run) : run()
}

/** For debuggers, and for Node where it maps stack traces; lines are right without it. */
function mapComment(prepared: Prepared): string {
  if (
    process.getBuiltinModule('node:inspector').url() === undefined &&
    !process.execArgv.includes('--enable-source-maps')
  )
    return ''
  const map = Buffer.from(prepared.map()).toString('base64')
  return `\n//# sourceMappingURL=data:application/json;base64,${map}`
}

const CODE: unique symbol = Symbol.for('tenantlab.code') as never
let call: Script | undefined

/** Calls a function so that a signal ends its loops: Node watches for it only around a script. */
function interruptibly<T>(run: () => T): T {
  Object.defineProperty(globalThis, CODE, {
    value: () => {
      Reflect.deleteProperty(globalThis, CODE)
      return run()
    },
    configurable: true,
    enumerable: false,
  })
  call ??= new (vm().Script)("globalThis[Symbol.for('tenantlab.code')]()", { filename: 'node:tenantlab' })
  return call.runInThisContext({ breakOnSigint: true }) as T
}

/** The name of a cell's code in stack traces. In the folder of the notebook, as relative imports start there. */
export function fileOf(path: string, place: string): string {
  return `${path}, ${place}`
}

let isQuiet = false

/** Node warns once that it may change how scripts import, which no reader of a notebook can do anything about. */
function keepImportsQuiet(): void {
  if (isQuiet) return
  isQuiet = true
  const { emitWarning } = process
  process.emitWarning = (warning: string | Error, ...more: unknown[]): void => {
    if (String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) return
    ;(emitWarning as (...words: unknown[]) => void).call(process, warning, ...more)
  }
  const importModuleDynamically = vm().constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  ;new (vm().Script)("import('node:path')", { filename: 'node:tenantlab', importModuleDynamically }).runInThisContext()
  process.emitWarning = emitWarning
}
