import { meantSentence, nearest } from '../../catalogue/index.ts'
import { isJsonObject, ValidationError } from '../../plan/index.ts'

/** Refuses anything but a non-empty string. */
export function requireText(place: string, argument: string, value: unknown, example: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new ValidationError(
    `${place} needs "${argument}" as a non-empty string, such as '${example}'; it got ${describe(value)}.`,
    { issues: [{ path: argument, rule: 'must be a non-empty string' }] },
  )
}

/**
 * Refuses an argument object with a name that the word does not know, and says which one was meant: options are
 * written in camelCase here, and an unknown name would otherwise be lost silently.
 */
export function requireOptions<T extends object>(place: string, value: T, known: readonly string[]): T {
  if (!isJsonObject(value)) {
    throw new ValidationError(`${place} takes one object with ${known.join(', ')}; it got ${describe(value)}.`, {
      issues: [{ path: '', rule: 'must be an object' }],
    })
  }
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue
    const suggestion = nearest(name, known)
    throw new ValidationError(
      `${place} does not know "${name}". ${meantSentence(suggestion, `It takes ${known.join(', ')}.`)}`,
      { issues: [{ path: name, rule: 'is not known here', ...(suggestion === undefined ? {} : { suggestion }) }] },
    )
  }
  return value
}

/** What was given, by type only: arguments may be secrets. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value === '') return 'an empty string'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
