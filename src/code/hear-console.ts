import type { Writable } from 'node:stream'

const METHODS = ['log', 'info', 'debug', 'dir', 'table', 'group', 'groupEnd', 'count', 'timeEnd', 'timeLog'] as const

const WARNING = ['warn', 'error', 'trace', 'assert'] as const

/**
 * Hands over every line that code prints to its console, as standard output may be a program's.
 *
 * @param warn is handed what it warns of; that still goes to the standard error output unless given.
 * @returns A function that ends it.
 */
export function hearConsole(say: (line: string) => void, warn?: (line: string) => void): () => void {
  const { Console } = process.getBuiltinModule('node:console')
  const said = lines(say)
  const warned = warn === undefined ? undefined : lines(warn)
  const own = new Console({ stdout: said.stream, stderr: warned?.stream ?? process.stderr, colorMode: false })
  const heard = warned === undefined ? METHODS : [...METHODS, ...WARNING]
  const before = heard.map((name) => [name, console[name]] as const)
  for (const name of heard) Object.assign(console, { [name]: own[name] })
  return () => {
    for (const [name, method] of before) Object.assign(console, { [name]: method })
    said.end()
    warned?.end()
  }
}

/** A stream whose lines are handed over; the last one, which may have no end, when it ends. */
function lines(tell: (line: string) => void): { readonly stream: Writable; end(): void } {
  let rest = ''
  const { Writable: Stream } = process.getBuiltinModule('node:stream')
  const stream = new Stream({
    decodeStrings: false,
    write(chunk, _, done) {
      const whole = (rest + String(chunk)).split('\n')
      rest = whole.pop() ?? ''
      for (const line of whole) tell(line)
      done()
    },
  })
  return {
    stream,
    end() {
      if (rest !== '') tell(rest)
    },
  }
}
