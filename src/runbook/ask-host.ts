import { host } from '../plan/index.ts'
import type { Ask } from '../run/index.ts'
import { DecisionError } from '../run/index.ts'
import { untilAnswered } from './answered.ts'

/** Asks through the place that runs the code, such as a notebook's kernel or the console; where that cannot ask, nobody can. */
export const askHost: Ask = ({ step, text, answers, card }) =>
  untilAnswered(text, answers, async (question, hint) => {
    const { prompt } = host()
    if (prompt?.possible !== true) return undefined
    const asked = card === undefined || hint !== '' ? question : `${card}\n${question}`
    try {
      return await prompt.ask(asked, false)
    } catch (cause) {
      throw new DecisionError(
        step,
        `The question about "${step}" was left without an answer. What was done is in the journal; run it again with the same journal to go on.`,
        { cause },
      )
    }
  })
