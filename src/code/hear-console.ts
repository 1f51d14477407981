import { Console } from 'node:console'
import { Writable } from 'node:stream'

const METHODS = ['log', 'info', 'debug', 'dir', 'table', 'group', 'groupEnd', 'count', 'timeEnd', 'timeLog'] as const

/**
 * Hands over every line that code prints to its console, as standard output may be a program's.
 * What it warns of still goes to the standard error output.
 *
 * @returns A function that ends it.
 */
export function hearConsole(say: (line: string) => void): () => void {
  let rest = ''
  const stdout = new Writable({
    decodeStrings: false,
    write(chunk, _, done) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) say(line)
      done()
    },
  })
  const own = new Console({ stdout, stderr: process.stderr, colorMode: false })
  const before = METHODS.map((name) => [name, console[name]] as const)
  for (const name of METHODS) Object.assign(console, { [name]: own[name] })
  return () => {
    for (const [name, method] of before) Object.assign(console, { [name]: method })
    if (rest !== '') say(rest)
  }
}
