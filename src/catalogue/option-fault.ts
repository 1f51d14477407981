import type { ArgumentFault } from '../plan/index.ts'
import { didYouMean } from './nearest.ts'

/**
 * What is wrong with the names in an object of options.
 *
 * @param within the option that the object is given for; empty for the argument itself.
 * @returns The first fault: no object, or a name that is not known; `undefined` where all names are.
 */
export function optionFault(given: unknown, names: readonly string[], within = ''): ArgumentFault | undefined {
  const known = `Options are ${names.join(', ')}.`
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { path: within, rule: 'takes an object of options', next: known }
  }
  const strange = Object.keys(given).find((name) => !names.includes(name))
  if (strange === undefined) return undefined
  const path = within === '' ? strange : `${within}.${strange}`
  return { path, rule: 'is not an option', next: [didYouMean(strange, names), known].join(' ').trim() }
}
