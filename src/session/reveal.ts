import { type Revealed, revealed } from '../display/index.ts'
import { type Secret, ValidationError } from '../plan/index.ts'

/**
 * Shows one secret value on purpose, in a display that is marked as such. Nothing else prints it, JSON included.
 *
 * @param value A secret text of an answer, such as `tokens.access_token`, or a `Secret`.
 * @returns What a notebook or console shows when it is the last value of a cell or line.
 * @example
 * const { access_token } = await auth0.login.clientCredentials().run()
 * reveal(access_token)
 */
export function reveal(value: string | Secret): Revealed {
  const known = typeof value === 'string' || typeof (value as Partial<Secret> | null)?.reveal === 'function'
  if (!known) {
    throw new ValidationError(
      `reveal() shows one secret text, not ${value === undefined || value === null ? 'nothing' : `something of type ${typeof value}`}. Pass the value itself, ` +
        'such as tokens.access_token.',
      { issues: [{ path: '', rule: 'must be a text or a Secret' }] },
    )
  }
  return revealed(value)
}
