import { scan } from '../code/index.ts'
import { commandNames } from './commands.ts'

/** What a line begins with that belongs to the statement before it. */
const GOES_ON =
  /^\s*(?:\?\.|\.(?!\.)|[?:&|+*/%=,)\]}<>^]|-(?!-)|(?:else|catch|finally|instanceof|in|of|as|satisfies)\b)/

/**
 * The statements of a block that was pasted or recalled, as they would be typed: each is whole, and dot commands stand
 * alone. A line that begins with a dot goes on with what is before it, unless it is a command.
 */
export function statementsIn(block: string): readonly string[] {
  const lines = block.split('\n')
  if (lines.length === 1) return [block]
  const statements: string[] = []
  let open: string[] = []
  const end = (): void => {
    if (open.some((line) => line.trim() !== '')) statements.push(open.join('\n'))
    open = []
  }
  for (const line of lines) {
    const isOpen = open.length > 0 && scan(open.join('\n')).unfinished
    if (!isOpen && isCommand(line)) {
      end()
      statements.push(line.trim())
    } else {
      if (!isOpen && !GOES_ON.test(line) && line.trim() !== '' && !endsOpen(open.at(-1))) end()
      open.push(line)
    }
  }
  end()
  return statements
}

/** A line that ends in an operator wants the next one. */
function endsOpen(line: string | undefined): boolean {
  return line !== undefined && /(?:[=+*/%&|?:,.<>^!~-]|=>|\b(?:await|return|typeof|new|in|of|else|do))\s*$/.test(line)
}

function isCommand(line: string): boolean {
  const [, name = ''] = /^\s*\.([a-z]+)(?:\s+[^\s(].*|\s*)$/.exec(line) ?? []
  return commandNames().includes(name)
}
