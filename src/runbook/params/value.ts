import { type Json, ValidationError } from '../../plan/index.ts'
import type { Parameter } from './parameters.ts'

/** What a flag brought: texts, or `true` for a flag without a value. */
export type FlagValue = string | boolean | readonly (string | boolean)[]

const TRUE = ['true', '1', 'yes', 'y']
const FALSE = ['false', '0', 'no', 'n']

/**
 * The value of a parameter that was given as text.
 *
 * @throws ValidationError for a text that is none of its type; its issue tells the rule.
 */
export function parameterValue({ flag, type }: Parameter, given: FlagValue): Json {
  const refuse = (rule: string): never => {
    throw new ValidationError(`--${flag} ${rule}. Correct it; --help tells the parameters.`, {
      issues: [{ path: flag, rule }],
    })
  }
  if (type === 'list') return (Array.isArray(given) ? given : [given]).flatMap((each) => String(each).split(','))
  const [last] = Array.isArray(given) ? given.slice(-1) : [given]
  if (type === 'boolean') {
    const word = String(last).trim().toLowerCase()
    return TRUE.includes(word) ? true : FALSE.includes(word) ? false : refuse('takes true or false')
  }
  const text = String(last)
  if (type === 'text') return text
  if (type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse('takes a number')
  try {
    return JSON.parse(text) as Json
  } catch {
    return refuse('takes JSON')
  }
}
