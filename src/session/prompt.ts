import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import type { Prompt, PromptOptions } from '../grammar/index.ts'
import { AbortedError, ConfigurationError, host } from '../plan/index.ts'

/** The prompt of the place that this process runs in: the notebook's, else the terminal's, else one that says it has none. */
export const usualPrompt: Prompt = {
  ask(question, options) {
    const offered = host().prompt
    if (offered?.possible === true) return offered.ask(asQuestion(question), options.secret === true)
    if (process.stdin.isTTY === true && process.stdout.isTTY === true) return askTerminal(asQuestion(question), options)
    throw new ConfigurationError(
      `Nobody can be asked "${question}" here: this is no terminal, and the notebook offers no prompt. Pass interactive({ ` +
        'prompt: { ask: (question) => … } }), or install the kernel profile with tenantlab notebooks install.',
    )
  },
}

/** Asks on the terminal, whoever else reads its keys; a secret answer is not echoed. */
export function askTerminal(question: string, { secret = false, signal }: PromptOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const giveBack = borrowKeys(process.stdin)
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    const lines = createInterface({
      input: process.stdin,
      output: secret ? silent : process.stdout,
      terminal: true,
      // Without a history, what is typed cannot be called back by a later question.
      historySize: 0,
    })
    const end = (act: () => void): void => {
      signal?.removeEventListener('abort', aborted)
      // Only this one: readline itself lets go of the keys on close.
      lines.off('close', stopped)
      lines.close()
      if (secret) process.stdout.write('\n')
      giveBack()
      act()
    }
    const aborted = (): void => end(() => reject(signal?.reason))
    const stopped = (): void =>
      end(() =>
        reject(
          new AbortedError(
            `The question "${question.trim().replace(/:$/, '')}" was left. Run the flow again to start anew.`,
          ),
        ),
      )
    if (secret) process.stdout.write(question)
    lines.question(secret ? '' : question, (answer) => end(() => resolve(answer)))
    lines.once('SIGINT', stopped)
    lines.once('close', stopped)
    signal?.addEventListener('abort', aborted, { once: true })
  })
}

/** Takes the keys from whoever reads them, such as a console, which would take an answer for its next line. */
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

function asQuestion(question: string): string {
  return `${question}${question.endsWith('?') ? ' ' : ': '}`
}
