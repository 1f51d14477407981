import { plain, plainLines } from '../../display/index.ts'
import { AbortedError } from '../../plan/index.ts'
import { askTerminal } from '../../profiles/index.ts'
import { type Ask, DecisionError } from '../../run/index.ts'
import { type Parameter, type ParameterPrompt, untilAnswered } from '../../runbook/index.ts'

/** What makes room for a question. */
interface Place {
  pause(): void
  resume(): void
}

/**
 * Talks with the person at the terminal: one question after the other, and while one is asked nothing else
 * is shown. To leave a question with Ctrl-C or Ctrl-D is to stop every run of the command.
 */
export class Conversation {
  readonly #place: Place
  readonly #attended: boolean
  readonly #interrupt: AbortController
  #last: Promise<unknown> = Promise.resolve()

  /** @param attended whether there is a person to ask. */
  constructor(place: Place, attended: boolean, interrupt: AbortController) {
    this.#place = place
    this.#attended = attended
    this.#interrupt = interrupt
  }

  get attended(): boolean {
    return this.#attended
  }

  /**
   * Asks for a line before anything is sent.
   *
   * @param about what the question is about, for the one who reads why the run stopped.
   * @throws DecisionError when the question is left, or the command was interrupted.
   */
  line(about: string, text: string, hidden = false): Promise<string> {
    return this.#inTurn(() => this.#ask({ about, text, hidden, left: 'Nothing was sent.' }))
  }

  /** Asks the questions of one tenant's run; `undefined` where there is no terminal to ask on. */
  about(tenant: string | undefined): Ask {
    return ({ step, text, answers, card }) => {
      if (!this.#attended) return Promise.resolve(undefined)
      const head = tenant === undefined ? '' : `${tenant}: `
      return this.#inTurn(() =>
        untilAnswered(`${head}${text}`, answers, (asked, hint) =>
          this.#ask({ about: step, text: asked, left: KEPT, ...(hint === '' && card !== undefined && { card }) }),
        ),
      )
    }
  }

  /** Asks for parameters; absent where there is no terminal to ask on. */
  get parameters(): ParameterPrompt | undefined {
    if (!this.#attended) return undefined
    return async (parameter, broken) => {
      const { name, fallback, secret } = parameter
      const text = await this.line(name, questionFor(parameter, broken), secret)
      return text === '' && fallback !== undefined && !secret ? asText(fallback) : text
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    // The next question comes whatever became of this one; who asked it is told.
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #ask({ about, text, hidden = false, left, card }: Asked): Promise<string> {
    const { signal } = this.#interrupt
    this.#place.pause()
    const shown = !signal.aborted
    if (card !== undefined) process.stdout.write(`${plainLines(card).join('\n')}\n`)
    try {
      const asked = plain(text)
      const unanswered = `The question "${asked.trim()}" was left without an answer.`
      return (await askTerminal({ text: asked, secret: hidden, signal, left: unanswered })).trim()
    } catch (cause) {
      // A key that leaves a question does not end its line.
      if (shown && !hidden) process.stdout.write('\n')
      if (!(cause instanceof AbortedError)) throw cause
      const error = new DecisionError(about, `The question about "${about}" was left without an answer. ${left}`, {
        cause,
      })
      // Whatever else runs side by side stops as well: nobody is there to be asked.
      if (!signal.aborted) this.#interrupt.abort(new AbortedError(STOPPED))
      throw error
    } finally {
      this.#place.resume()
    }
  }
}

interface Asked {
  readonly about: string
  readonly text: string
  readonly hidden?: boolean
  /** Written before the question. */
  readonly card?: string
  /** What becomes of the run when nobody answers. */
  readonly left: string
}

const KEPT = 'What was done is in the journal; continue it with --resume.'

/** Why runs end that were interrupted. */
export const STOPPED = `The run was interrupted. ${KEPT}`

function questionFor({ name, description, type, choices, fallback, secret }: Parameter, broken?: string): string {
  const rule =
    broken === undefined ? '' : `That ${/^(must|takes|is)\b/.test(broken) ? '' : 'does not hold: '}${broken}. `
  const notes = [
    ...(choices !== undefined ? [choices.join('/')] : type === 'boolean' ? ['yes/no'] : []),
    ...(type === 'list' ? ['separated by commas'] : type === 'json' ? ['JSON'] : []),
    ...(fallback !== undefined && !secret ? [`${asText(fallback)} unless given`] : []),
    ...(secret ? ['not shown'] : []),
  ]
  const about = description === undefined ? name : `${description} (${name})`
  return `${rule}${about}${notes.length === 0 ? '' : ` [${notes.join('; ')}]`}: `
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
