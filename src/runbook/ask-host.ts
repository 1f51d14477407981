import { host } from '../plan/index.ts'
import type { Ask } from './engine/index.ts'
import { DecisionError } from './errors.ts'

/**
 * Asks through the place that runs the code, such as a notebook's kernel or the console; where that cannot ask, nobody
 * can. What is typed may be the beginning of an answer, and is asked for again where it is none.
 */
export const askHost: Ask = async ({ step, text, answers }) => {
  for (let hint = ''; ; hint = `Answer ${answers.join(' or ')}. `) {
    const { prompt } = host()
    if (prompt?.possible !== true) return undefined
    const typed = await typedAnswer(step, prompt.ask(`${hint}${text} [${answers.join('/')}] `, false))
    const found = typed === '' ? undefined : answers.find((answer) => answer.startsWith(typed))
    if (found !== undefined) return found
  }
}

async function typedAnswer(step: string, typing: Promise<string>): Promise<string> {
  try {
    return (await typing).trim().toLowerCase()
  } catch (cause) {
    throw new DecisionError(
      step,
      `The question about "${step}" was left without an answer. What was done is in the journal; run it again with the same journal to go on.`,
      { cause },
    )
  }
}
