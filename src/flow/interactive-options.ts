import type { InteractiveOptions } from '../grammar/index.ts'
import { ValidationError } from '../plan/index.ts'
import { FACTOR_TITLES } from './interactive-factors.ts'

const NAMES: readonly (keyof InteractiveOptions)[] = ['prompt', 'factor', 'phoneNumber', 'email', 'attempts', 'display']

/**
 * Refuses options that are unknown or of the wrong kind.
 *
 * @throws ValidationError before anything is sent.
 */
export function checkInteractiveOptions(options: InteractiveOptions): void {
  if (typeof options !== 'object' || options === null) refuse('', `takes an object of ${NAMES.join(', ')}`)
  const strange = Object.keys(options).find((key) => !(NAMES as readonly string[]).includes(key))
  if (strange !== undefined) refuse(strange, `is not an option; options are ${NAMES.join(', ')}`)
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
  const what = path === '' ? 'it' : `"${path}"`
  throw new ValidationError(`auth0.login.password(…).interactive(): ${what} ${rule}. Correct it, or leave it out.`, {
    issues: [{ path, rule }],
  })
}
