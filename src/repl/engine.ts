import { type REPLServer, Recoverable, start } from 'node:repl'
import { PassThrough, Writable } from 'node:stream'
import { prepare } from './prepare.ts'
import { scan } from './scan.ts'

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

/**
 * Opens a scope. Node's own console does the evaluating and nothing else: it reads no line and prints nothing.
 *
 * @param complain Told of an error that a piece of code raised after it had ended.
 */
export function openEngine(complain: (text: string) => void): Engine {
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
    breakEvalOnSigint: true,
    ignoreUndefined: true,
  })
  return {
    evaluate: (code) => evaluate(server, code),
    variables: () => ownVariables(server),
    define(name, value) {
      Object.defineProperty(server.context, name, { value, enumerable: true, configurable: true, writable: true })
    },
    close: () => server.close(),
  }
}

function evaluate(server: REPLServer, code: string): Promise<Evaluated> {
  // Asked here and not of Node, which takes the types of an unfinished statement for mistakes.
  if (scan(code).unfinished) return Promise.resolve({ status: 'incomplete' })
  return new Promise((resolve) => {
    server.eval(prepare(code), server.context, 'console', (error, value) => {
      if (error instanceof Recoverable) resolve({ status: 'incomplete' })
      else if (error !== null && error !== undefined) resolve({ status: 'error', error })
      // Boxed, so that a promise or an execution is handed on as it is.
      else resolve({ status: 'value', value })
    })
  })
}

function ownVariables(server: REPLServer): Record<string, unknown> {
  const own: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(server.context))) {
    if (property.enumerable === true && 'value' in property) own[name] = property.value
  }
  return own
}
