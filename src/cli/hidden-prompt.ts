import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/**
 * Asks for a secret. On a terminal what is typed is not shown; otherwise the first line of the input is taken.
 *
 * @returns The line, without blanks around it.
 */
export async function hiddenPrompt(question: string): Promise<string> {
  const terminal = process.stdin.isTTY === true
  if (terminal) process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal })
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', (line) => resolve(line.trim()))
      reader.once('close', () => reject(new Error('The input ended before a secret was given.')))
      reader.once('SIGINT', () => reject(new Error('Cancelled; nothing was stored.')))
    })
  } finally {
    reader.close()
    if (terminal) process.stderr.write('\n')
  }
}
