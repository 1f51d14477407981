import { type JobErrors, meantSentence, nearest } from '../catalogue/index.ts'
import { isJsonObject } from '../plan/index.ts'

type Kind = JobErrors['kind']
type Cases = Partial<Record<Kind, (errors: unknown) => unknown>>

const GUARDS: Readonly<Record<string, Kind>> = { isImport: 'import', isGeneric: 'generic', isNone: 'none' }

/**
 * The errors of a job as a union by `kind`: a list of records that could not be imported, what is wrong with the job as
 * a whole, or `none` for the answer without a body. Its functions are not enumerable: the value prints and compares as data.
 */
export function jobErrors(value: unknown): JobErrors {
  if (value === undefined) return withWords({ kind: 'none' })
  if (Array.isArray(value)) return withWords({ kind: 'import', errors: value })
  return withWords(
    isJsonObject(value) ? { ...value, kind: 'generic' } : { kind: 'generic', status_details: String(value) },
  )
}

function withWords(data: { readonly kind: Kind; readonly [field: string]: unknown }): JobErrors {
  const words: Record<string, unknown> = {
    match(...given: unknown[]) {
      const chosen = casesOf('match', given)[data.kind]
      if (chosen === undefined) {
        throw new TypeError(
          `match(): there is no function for ${data.kind}. Give import, generic and none, or use visit().`,
        )
      }
      return chosen(data)
    },
    visit(...given: unknown[]): void {
      casesOf('visit', given)[data.kind]?.(data)
    },
  }
  for (const [word, kind] of Object.entries(GUARDS)) words[word] = () => data.kind === kind
  for (const [word, value] of Object.entries(words)) Object.defineProperty(data, word, { value })
  return data as unknown as JobErrors
}

const KINDS: readonly Kind[] = ['import', 'generic', 'none']
const SHAPE = 'match({ import: (errors) => …, generic: (error) => …, none: () => … })'

/**
 * The functions, by case: given as one object, or one after the other in the order import, generic, none.
 *
 * @throws TypeError for anything else, since a case that is never called would go unseen.
 */
function casesOf(word: string, given: readonly unknown[]): Cases {
  const shape = SHAPE.replace('match', word)
  if (given.length > 0 && given.length <= KINDS.length && given.every((each) => typeof each === 'function')) {
    return Object.fromEntries(given.map((each, index) => [KINDS[index], each])) as Cases
  }
  const [cases] = given
  if (given.length !== 1 || typeof cases !== 'object' || cases === null) {
    throw new TypeError(`${word}(): it takes one function for each case. Write ${shape}.`)
  }
  for (const [name, each] of Object.entries(cases)) {
    if (!KINDS.includes(name as Kind)) {
      const near = nearest(name, KINDS)
      throw new TypeError(`${word}(): there is no case "${name}". ${meantSentence(near, `Write ${shape}.`)}`)
    }
    if (each !== undefined && typeof each !== 'function') {
      throw new TypeError(`${word}(): "${name}" must be a function. Write ${shape}.`)
    }
  }
  if (word === 'visit' && Object.keys(cases).length === 0) {
    throw new TypeError(`visit(): it got no function. Write ${shape}, with the cases that matter.`)
  }
  return cases as Cases
}
