import { createInterface } from 'node:readline'
import { askTerminal } from '../profiles/index.ts'

/**
 * Asks for a secret. On a terminal what is typed is not shown; otherwise the first line of the input is taken.
 *
 * @returns The line, without blanks around it.
 */
export async function hiddenPrompt(question: string): Promise<string> {
  if (process.stdin.isTTY === true) {
    const left = 'No secret was given, and nothing was stored. Run the command again to give it.'
    return (await askTerminal({ text: question, secret: true, output: process.stderr, left })).trim()
  }
  const reader = createInterface({ input: process.stdin, terminal: false })
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', (line) => resolve(line.trim()))
      reader.once('close', () => reject(new Error('The input ended before a secret was given.')))
    })
  } finally {
    reader.close()
  }
}
