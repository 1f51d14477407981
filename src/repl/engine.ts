import { type REPLServer, Recoverable, start } from 'node:repl'
import { PassThrough, Writable } from 'node:stream'
import { constants, Script } from 'node:vm'
import { scan } from '../code/index.ts'
import { prepare } from './prepare.ts'

/** How a piece of code ended. */
export type Evaluated =
  | { readonly status: 'value'; readonly value: unknown }
  | { readonly status: 'error'; readonly error: unknown }
  | { readonly status: 'incomplete' }

/** What evaluates: TypeScript with top-level await, in a scope that lasts. */
export interface Engine {
  /** Evaluates a whole statement; `incomplete` asks for more lines. */
  evaluate(code: string): Promise<Evaluated>
  /** The variables of the scope, by name; no getter is run. */
  variables(): Readonly<Record<string, unknown>>
  define(name: string, value: unknown): void
  close(): void
}

/** Sees to it that Ctrl-C comes as a signal as long as it runs. */
export type Blocking = <T>(run: () => T) => T

/**
 * Opens a scope. Node's own console does the evaluating and nothing else: it reads no line and prints nothing.
 *
 * @param complain Told of an error that a piece of code raised after it had ended.
 * @param blocking Put around code that loops without a pause.
 */
export function openEngine(complain: (text: string) => void, blocking: Blocking = (run) => run()): Engine {
  const server = start({
    prompt: '',
    input: new PassThrough(),
    output: new Writable({
      write(chunk, _, done) {
        const text = String(chunk).trim()
        if (text !== '') complain(text)
        done()
      },
    }),
    terminal: false,
    useColors: false,
    ignoreUndefined: true,
  })
  const strays = catchStrays(server, complain)
  return {
    evaluate: (code) => evaluate(server, strays, blocking, code),
    variables: () => ownVariables(server),
    define(name, value) {
      Object.defineProperty(server.context, name, { value, enumerable: true, configurable: true, writable: true })
    },
    close: () => server.close(),
  }
}

function evaluate(server: REPLServer, strays: Strays, blocking: Blocking, code: string): Promise<Evaluated> {
  const { tokens, unfinished } = scan(code)
  // Asked here and not of Node, which takes the types of an unfinished statement for mistakes.
  if (unfinished) return Promise.resolve({ status: 'incomplete' })
  const prepared = prepare(code)
  const script = scriptOf(prepared)
  if (script === undefined) return evaluateByNode(server, strays, prepared)
  const loops = tokens.some(({ kind, text }) => kind === 'word' && LOOPS.has(text))
  return Promise.resolve(loops ? blocking(() => runScript(server, script, true)) : runScript(server, script, false))
}

const LOOPS = new Set(['while', 'for', 'do'])

/**
 * Runs a script at once. Ctrl-C ends one that loops without end. Others are not watched for it: while Node takes its
 * own handlers of the signal away and puts them back, one that arrives would end the process.
 *
 * Node's console would hand what such a script throws to a domain of its own, and not to whoever asked.
 */
function runScript(server: REPLServer, script: Script, breakOnSigint: boolean): Evaluated {
  try {
    return { status: 'value', value: script.runInContext(server.context, { breakOnSigint }) }
  } catch (error) {
    return { status: 'error', error }
  }
}

/** Code with `await` at its outermost level, and code that does not parse: Node tells which of it wants more lines. */
function evaluateByNode(server: REPLServer, strays: Strays, code: string): Promise<Evaluated> {
  return new Promise((resolve) => {
    strays.claim = (error) => resolve({ status: 'error', error })
    server.eval(code, server.context, 'console', (error, value) => {
      if (error instanceof Recoverable) resolve({ status: 'incomplete' })
      else if (error !== null && error !== undefined) resolve({ status: 'error', error })
      // Boxed, so that a promise or an execution is handed on as it is.
      else resolve({ status: 'value', value })
    })
  })
}

/** Takes what Node's console hands to its domain; `claim` gets what the code that is waited for has raised. */
interface Strays {
  claim: ((error: unknown) => void) | undefined
}

/**
 * Node's console has a domain, where there still are domains, and hands it what awaited code raises instead of giving it
 * to whoever asked. What a timer of earlier code raises comes with a mark, and is only told.
 */
function catchStrays(server: REPLServer, complain: (text: string) => void): Strays {
  const strays: Strays = { claim: undefined }
  const { _domain: domain } = server as REPLServer & { readonly _domain?: NodeJS.EventEmitter }
  domain?.removeAllListeners('error')
  domain?.on('error', (error: unknown) => {
    const claim = strays.claim
    strays.claim = undefined
    const late = (error as { readonly domainThrown?: boolean } | null)?.domainThrown === true
    if (claim !== undefined && !late) return claim(error)
    strays.claim = claim
    complain(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  })
  return strays
}

/** The code as a script; `undefined` where it is none. An object stands for itself, and not for a block. */
function scriptOf(code: string): Script | undefined {
  const asObject = /^\s*\{/.test(code) && !/;\s*$/.test(code) ? compiled(`(${code.trim()}\n)`) : undefined
  return asObject ?? compiled(code)
}

function compiled(code: string): Script | undefined {
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  try {
    return new Script(code, { filename: 'console', importModuleDynamically })
  } catch {
    // Node's console says what is wrong, where something is.
    return undefined
  }
}

function ownVariables(server: REPLServer): Record<string, unknown> {
  const own: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(server.context))) {
    if (property.enumerable === true && 'value' in property) own[name] = property.value
  }
  return own
}
