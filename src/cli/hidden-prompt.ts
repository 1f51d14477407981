import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { AbortedError } from '../plan/index.ts'

/** How a question is asked on a terminal. */
export interface TerminalQuestion {
  readonly text: string
  /** What is typed is not shown. */
  readonly hidden?: boolean
  readonly output: NodeJS.WritableStream
  /** Ends the question; it rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Asks for a line on the terminal.
 *
 * @returns The line, without blanks around it.
 * @throws AbortedError when it is left with Ctrl-C or Ctrl-D.
 */
export async function askTerminal({ text, hidden = false, output, signal }: TerminalQuestion): Promise<string> {
  signal?.throwIfAborted()
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({
    input: process.stdin,
    output: hidden ? silent : output,
    terminal: true,
    // Without a history, what is typed cannot be called back by a later question.
    historySize: 0,
  })
  let aborted: (() => void) | undefined
  let answered = false
  try {
    return await new Promise<string>((resolve, reject) => {
      const left = (): void => reject(new AbortedError(`The question "${text.trim()}" was left without an answer.`))
      aborted = () => reject(signal?.reason)
      signal?.addEventListener('abort', aborted, { once: true })
      reader.once('SIGINT', left)
      reader.once('close', left)
      if (hidden) output.write(text)
      reader.question(hidden ? '' : text, (line) => {
        answered = true
        resolve(line.trim())
      })
    })
  } finally {
    if (aborted !== undefined) signal?.removeEventListener('abort', aborted)
    reader.close()
    // Neither what was hidden nor a key that leaves a question ends the line.
    if (hidden || !answered) output.write('\n')
  }
}

/**
 * Asks for a secret. On a terminal what is typed is not shown; otherwise the first line of the input is taken.
 *
 * @returns The line, without blanks around it.
 */
export async function hiddenPrompt(question: string): Promise<string> {
  if (process.stdin.isTTY === true) {
    try {
      return await askTerminal({ text: question, hidden: true, output: process.stderr })
    } catch (cause) {
      if (!(cause instanceof AbortedError)) throw cause
      throw new AbortedError('No secret was given, and nothing was stored. Run the command again to give it.', {
        cause,
      })
    }
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
