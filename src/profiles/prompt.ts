import { ConfigurationError, host } from '../plan/index.ts'
import { askTerminal } from './terminal-question.ts'

/**
 * How a question is asked.
 *
 * @example
 * const answer = (options?: { readonly secret?: boolean }) => (options?.secret === true ? '123456' : 'yes')
 * connect({ ...tenant.options, prompt: { ask: async (_question, options) => answer(options) } })
 */
export interface PromptOptions {
  /** What is typed is not shown, and kept in no history. */
  readonly secret?: boolean
  /** Answers among which the person chooses; any other is asked again. */
  readonly choices?: readonly string[]
  /** Ends the question when the flow ends. */
  readonly signal?: AbortSignal
}

/** Asks a person. */
export interface Prompt {
  /**
   * @param question What the person sees; one line.
   * @returns What was typed; nothing stops the flow that asked.
   */
  ask(question: string, options: PromptOptions): string | PromiseLike<string>
}

/** The prompt of the place that this process runs in: the notebook's, else the terminal's, else one that says it has none. */
export const usualPrompt: Prompt = {
  ask(question, options) {
    const offered = host().prompt
    if (offered?.possible === true) return offered.ask(asQuestion(question), options.secret === true)
    if (process.stdin.isTTY === true && process.stdout.isTTY === true) return askForFlow(asQuestion(question), options)
    throw new ConfigurationError(
      `There is no terminal to ask on: "${question}" needs an answer, and the notebook offers no prompt. Pass interactive({ ` +
        'prompt: { ask: (question) => … } }), or install the kernel profile with tenantlab notebooks install.',
    )
  },
}

/** Asks on the terminal for a flow; a secret answer is not echoed. */
export function askForFlow(question: string, { secret = false, signal }: PromptOptions): Promise<string> {
  const left = `The question "${question.trim().replace(/:$/, '')}" was left. Run the flow again to start anew.`
  return askTerminal({ text: question, secret, signal, left })
}

function asQuestion(question: string): string {
  return `${question}${question.endsWith('?') ? ' ' : ': '}`
}
