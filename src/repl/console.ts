import type { REPLServer } from 'node:repl'
import { start } from 'node:repl'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { bundleOf } from '../display/index.ts'
import { complete } from './completion.ts'
import { readTypeScript } from './evaluate.ts'
import { openHistory } from './history.ts'
import { runPiped } from './piped.ts'

/** How a console is opened. */
export interface ConsoleOptions {
  /** Names that are there from the start: `auth0`, `tenant`, `connect`, … */
  readonly variables: Readonly<Record<string, unknown>>
  /** What the prompt says before `>`: the tenant's name. */
  readonly name: string
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable
  /** File of the history; none is kept when left out. */
  readonly history?: string
}

/**
 * Opens a console and waits for its end.
 *
 * @returns How many statements failed; only counted for piped input.
 */
export async function openConsole(options: ConsoleOptions): Promise<number> {
  const { input, output } = options
  const terminal = input.isTTY === true
  const server = start({
    prompt: terminal ? `${options.name}> ` : '',
    input: terminal ? input : new PassThrough(),
    output: terminal ? output : new PassThrough(),
    terminal,
    ignoreUndefined: true,
    preview: false,
    writer: textOf,
    completer: (line: string) => complete(line, { variables: variablesOf(server), commands: Object.keys(server.commands) }),
  })
  readTypeScript(server)
  for (const [name, value] of Object.entries(options.variables)) {
    Object.defineProperty(server.context, name, { value, enumerable: true, configurable: true, writable: true })
  }
  if (!terminal) {
    const write = (value: unknown) => output.write(`${textOf(value)}\n`)
    const failed = await runPiped(server, input, write, write)
    server.close()
    return failed
  }
  if (options.history !== undefined) keepHistory(server, options.history)
  await new Promise<void>((resolve) => server.once('exit', resolve))
  return 0
}

function textOf(value: unknown): string {
  return bundleOf(value)['text/plain'] ?? String(value)
}

function variablesOf(server: REPLServer): Record<string, unknown> {
  const own: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(server.context))) {
    if (property.enumerable === true && 'value' in property) own[name] = property.value
  }
  return own
}

function keepHistory(server: REPLServer, file: string): void {
  const history = openHistory(file)
  const lines = server as unknown as { history: string[] }
  lines.history = history.lines
  server.on('line', (line) => history.add(line))
}
