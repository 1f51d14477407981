import type { ReadStream } from 'node:tty'
import { AbortedError } from '../plan/index.ts'

/** How a question is asked on a terminal. */
export interface TerminalQuestion {
  readonly text: string
  /** What is typed is not shown. */
  readonly secret?: boolean
  /** Where it is shown; the standard output unless given. */
  readonly output?: NodeJS.WritableStream
  /** Ends the question; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** What a person who leaves the question is told. */
  readonly left: string
}

/**
 * Asks for a line on the terminal, also while a console reads its keys.
 *
 * @throws AbortedError when it is left with Ctrl-C or Ctrl-D.
 */
export function askTerminal(question: TerminalQuestion): Promise<string> {
  const { text, secret = false, output = process.stdout, signal, left } = question
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const giveBack = borrowKeys(process.stdin)
    // Loaded by a question, not by every import.
    const { Writable } = process.getBuiltinModule('node:stream')
    const { createInterface } = process.getBuiltinModule('node:readline')
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    const lines = createInterface({
      input: process.stdin,
      output: secret ? silent : output,
      terminal: true,
      // Without a history, what is typed cannot be called back by a later question.
      historySize: 0,
    })
    const end = (act: () => void): void => {
      signal?.removeEventListener('abort', aborted)
      // Only this one: readline itself lets go of the keys on close.
      lines.off('close', leave)
      lines.close()
      if (secret) output.write('\n')
      giveBack()
      act()
    }
    const aborted = (): void => end(() => reject(signal?.reason))
    const leave = (): void => end(() => reject(new AbortedError(left)))
    if (secret) output.write(text)
    lines.question(secret ? '' : text, (answer) => end(() => resolve(answer)))
    lines.once('SIGINT', leave)
    lines.once('close', leave)
    signal?.addEventListener('abort', aborted, { once: true })
  })
}

/** Takes the keys from their reader, such as a console, which would take an answer for its next line. */
function borrowKeys(input: ReadStream): () => void {
  const readers = input.listeners('keypress') as ((...given: unknown[]) => void)[]
  const { isRaw } = input
  const reading = !input.isPaused()
  input.removeAllListeners('keypress')
  return () => {
    for (const reader of readers) input.on('keypress', reader)
    input.setRawMode(isRaw)
    if (reading && readers.length > 0) input.resume()
  }
}
