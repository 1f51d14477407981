import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What somebody wants to do, in plain words, and the expression that does it. */
export interface Task {
  readonly words: string
  readonly expression: string
}

export const tasks: readonly Task[] = ['tasks.md', 'further-tasks.md', 'other-words.md', 'kept-back.md'].flatMap(
  tasksIn,
)

/** Tasks that were written last; not all of them are found. */
export const thirdSet: readonly Task[] = tasksIn('third-set.md')

function tasksIn(name: string): readonly Task[] {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, words = '', expression = ''] = /^\| (.+?) \| `(.+)` \|$/.exec(line) ?? []
      return words === '' ? [] : [{ words, expression: expression.replaceAll('\\|', '|') }]
    })
}

/** The words of an expression without what is in its parentheses: `auth0.users().get()`. */
export function pathOf(expression: string): string {
  let depth = 0
  let path = ''
  for (const letter of expression) {
    if (letter === ')') depth -= 1
    if (depth === 0) path += letter
    if (letter === '(') depth += 1
  }
  return path
}
