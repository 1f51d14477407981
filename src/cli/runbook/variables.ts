import { meantSentence, nearest } from '../../catalogue/index.ts'
import { MisuseError } from '../words/index.ts'

const START = 'TENANTLAB_PARAM_'

/**
 * Looks for variables that give a parameter which the file does not have. One that is nearly right is refused, unless its
 * parameter was given: a default would be taken in its place. Any other is told, since it may be meant for another file.
 *
 * @param known variables of the file's parameters.
 * @param given those whose parameters have a value.
 * @param tell tells a person.
 * @throws MisuseError naming the variable and the nearest right one.
 */
export function checkVariables(
  known: readonly string[],
  given: ReadonlySet<string>,
  { file, tell }: { readonly file: string; tell(text: string): void },
): void {
  const stray = Object.keys(process.env).filter((name) => name.startsWith(START) && !known.includes(name))
  for (const name of stray) {
    const near = nearFor(name, known)
    const what = `The variable ${name} does nothing: ${file} has no parameter of that name.`
    if (near !== undefined && !given.has(near)) {
      throw new MisuseError(`${what} ${meantSentence(near, '', (each) => each)} Nothing was sent.`)
    }
    tell(known.length === 0 ? what : `${what} It has ${known.join(', ')}.`)
  }
}

/** What they all begin with makes no name nearly another. */
function nearFor(name: string, known: readonly string[]): string | undefined {
  const near = nearest(
    name.slice(START.length),
    known.map((each) => each.slice(START.length)),
  )
  return near === undefined ? undefined : `${START}${near}`
}
