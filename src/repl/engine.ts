import { join } from 'node:path'
import { asObject, type Boxed, evaluate, prepare, readTypeScript, Scope, scan, wantsMore } from '../code/index.ts'

/** How a piece of code ended. */
export type Evaluated =
  | { readonly status: 'value'; readonly value: unknown }
  | { readonly status: 'error'; readonly error: unknown }
  | { readonly status: 'incomplete' }

/** What evaluates: TypeScript with top-level await, in a scope that lasts. */
export interface Engine {
  /**
   * Evaluates a whole statement; `incomplete` asks for more lines.
   *
   * @param mayBegin Asked when the code has been read: it may have been cancelled meanwhile.
   */
  evaluate(code: string, mayBegin?: () => boolean): Promise<Evaluated>
  /** The variables of the scope, by name; no getter is run. */
  variables(): Readonly<Record<string, unknown>>
  define(name: string, value: unknown): void
}

/** Sees to it that Ctrl-C comes as a signal as long as it runs. */
export type Blocking = <T>(run: () => T) => T

/**
 * Opens a scope.
 *
 * @param blocking Put around code that loops without a pause.
 */
export function openEngine(blocking: Blocking = (run) => run()): Engine {
  const path = join(process.cwd(), 'console')
  const scope = new Scope(path)
  let statements = 0
  // Loaded while the first statement is typed; what keeps the parsers from loading fails that statement.
  prepare('').catch(() => undefined)
  return {
    async evaluate(code, mayBegin = () => true) {
      // Asked before the parser, which takes the types of an unfinished statement for mistakes.
      if (scan(code).unfinished) return { status: 'incomplete' }
      try {
        const prepared = await preparedObject(code)
        // Where the package is not installed, as under npx, an import finds the copy that runs.
        if (/\bimport\b[\s\S]*['"]tenantlab['"/]/.test(code)) await readTypeScript()
        scope.declare(prepared.names)
        scope.declare(prepared.assigned.filter((name) => !(name in globalThis)))
        if (!mayBegin()) return { status: 'value', value: undefined }
        statements += 1
        const options = { file: join(process.cwd(), `console[${statements}]`), path }
        // Others are not watched for Ctrl-C: while Node takes its own handlers of the signal away and puts them back, one
        // that arrives would end the process.
        const run = (breakOnSigint: boolean) => evaluate(prepared, scope, { ...options, breakOnSigint })
        const boxed: Boxed = await (prepared.loops ? blocking(() => run(true)) : run(false))
        // Boxed, so that a promise or an execution is handed on as it is.
        return { status: 'value', value: boxed?.value }
      } catch (error) {
        return error instanceof SyntaxError && wantsMore(error, code)
          ? { status: 'incomplete' }
          : { status: 'error', error }
      }
    },
    variables: () => scope.own,
    define: (name, value) => scope.define(name, value),
  }
}

/** An object stands for itself, and not for a block. */
async function preparedObject(code: string): ReturnType<typeof prepare> {
  const object = asObject(code)
  if (object === undefined) return prepare(code)
  try {
    return await prepare(object)
  } catch {
    // It is a block after all.
    return prepare(code)
  }
}
