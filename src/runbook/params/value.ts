import type { Json } from '../../plan/index.ts'
import { type Parameter, ParameterError } from './parameters.ts'

/** What a flag brought: texts, or `true` for a flag without a value. */
export type FlagValue = string | boolean | readonly (string | boolean)[]

const TRUE = ['true', '1', 'yes', 'y']
const FALSE = ['false', '0', 'no', 'n']

/**
 * The value of a parameter that was given as text.
 *
 * @throws ParameterError for a text that is none of its type; its issue tells the rule.
 */
export function parameterValue(parameter: Parameter, given: FlagValue): Json {
  const { name, type } = parameter
  const refuse = (rule: string): never => {
    throw new ParameterError(`The parameter "${name}" ${rule}. Correct it.`, [parameter], [{ path: name, rule }])
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
