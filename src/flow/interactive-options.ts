import { optionFault } from '../catalogue/index.ts'
import type { InteractiveOptions } from '../grammar/index.ts'
import { refuseArgument } from '../plan/index.ts'
import { FACTOR_TITLES } from './interactive-factors.ts'

const CALL = 'auth0.login.password(…).interactive()'
const NAMES: readonly (keyof InteractiveOptions)[] = ['prompt', 'factor', 'phoneNumber', 'email', 'attempts', 'display']

/**
 * Refuses options that are unknown or of the wrong kind.
 *
 * @throws ValidationError before anything is sent.
 */
export function checkInteractiveOptions(options: InteractiveOptions): void {
  const fault = optionFault(options, NAMES)
  if (fault !== undefined) refuseArgument(CALL, fault)
  const { attempts, factor, prompt } = options
  if (prompt !== undefined && typeof prompt?.ask !== 'function') refuse('prompt', 'must have a function ask(question)')
  if (factor !== undefined && !(factor in FACTOR_TITLES)) {
    refuse('factor', `must be one of ${Object.keys(FACTOR_TITLES).join(', ')}`)
  }
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts > 0)) {
    refuse('attempts', 'must be a whole number, 1 or more')
  }
}

function refuse(path: string, rule: string): never {
  return refuseArgument(CALL, { path, rule, next: 'Correct it, or leave it out.' })
}
