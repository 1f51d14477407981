/**
 * Asks until one of the answers is given, or the beginning of one.
 *
 * @param ask Asks once, with what is said to an answer that is none of them, where there was one; `undefined` where there is no terminal to ask on.
 */
export async function untilAnswered(
  text: string,
  answers: readonly string[],
  ask: (text: string, hint: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let hint = ''; ; hint = `Answer ${listed(answers)}. `) {
    const typed = (await ask(`${hint}${text} [${answers.join('/')}] `, hint))?.trim().toLowerCase()
    if (typed === undefined) return undefined
    const found = typed === '' ? undefined : answers.find((answer) => answer.startsWith(typed))
    if (found !== undefined) return found
  }
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
