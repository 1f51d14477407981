import { AbortedError, ApiError, type FlowContext, type Plan } from '../plan/index.ts'
import type { PromptOptions } from '../profiles/index.ts'
import type { InteractiveScene } from './interactive-scene.ts'

/** Asks a person on behalf of a flow: stops where nothing is typed, and asks again where the answer was wrong. */
export class InteractiveDialogue {
  readonly #context: FlowContext
  readonly #scene: InteractiveScene
  readonly #attempts: number

  constructor(context: FlowContext, scene: InteractiveScene, attempts: number) {
    this.#context = context
    this.#scene = scene
    this.#attempts = attempts
  }

  /** @throws AbortedError when nothing was typed, or the flow ended meanwhile. */
  async ask(question: string, options: PromptOptions = {}): Promise<string> {
    const { signal } = this.#context
    signal.throwIfAborted()
    const typed = await new Promise<string>((resolve, reject) => {
      const abort = (): void => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      Promise.resolve()
        .then(() => this.#scene.prompt.ask(question, { ...options, signal }))
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', abort))
    })
    const answer = typeof typed === 'string' ? typed.trim() : ''
    if (answer !== '') return answer
    throw new AbortedError(
      `The login was stopped: nothing was typed at "${question}". Run the flow again to start the login anew.`,
    )
  }

  /** Lets the person choose by number or by name; the only choice needs no question. */
  async choose<T>(question: string, items: readonly (readonly [string, T])[]): Promise<T> {
    const [only, ...others] = items
    if (only !== undefined && others.length === 0) return only[1]
    const choices = items.map(([title]) => title)
    const text = `${question} ${choices.map((title, index) => `${index + 1} ${title}`).join(', ')}`
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask(text, { choices })
      const found = items[Number(answer) - 1] ?? items.find(([title]) => title.toLowerCase() === answer.toLowerCase())
      if (found !== undefined) return found[1]
      if (attempt >= this.#attempts) {
        throw new AbortedError(
          `The login was stopped: none of ${choices.join(', ')} was typed. Run the flow again and type a number.`,
        )
      }
      // The answer is not repeated: it may be a code that was typed too early.
      this.#scene.tell('going', 'This is none of the choices. Type the number of one.')
    }
  }

  /** Asks for a code and runs the plan that verifies it; a wrong code is asked for again. */
  async verify<T>(question: string, plan: (code: string) => Plan<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const code = await this.ask(question, { secret: true })
      try {
        return await this.#context.run(plan(code))
      } catch (error) {
        const wrong = error instanceof ApiError && error.code === 'invalid_grant'
        if (!wrong || attempt >= this.#attempts) throw error
        this.#scene.tell('going', `The server refused this code: ${error.serverMessage} It is asked for again.`)
      }
    }
  }
}
