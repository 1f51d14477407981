import { nearest } from '../../catalogue/index.ts'
import type { RunOptions } from '../../plan/index.ts'
import { ValidationError } from '../../plan/index.ts'

/**
 * Refuses options of a run that are unknown or of the wrong kind.
 *
 * @param place the call, for messages.
 * @throws ValidationError before anything is sent.
 */
export function checkRunOptions(options: RunOptions, place: string, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) refuse(place, '', 'takes an object of options', known(names))
  for (const key of Object.keys(options)) {
    if (names.includes(key)) continue
    const near = nearest(key, names)
    refuse(place, key, 'is not an option', near === undefined ? known(names) : `Did you mean "${near}"?`)
  }
  const { signal, maxQueue } = options
  if (signal !== undefined && !(typeof signal === 'object' && 'aborted' in signal && 'addEventListener' in signal)) {
    refuse(place, 'signal', 'must be an AbortSignal', 'Pass controller.signal, or AbortSignal.timeout(milliseconds).')
  }
  if (maxQueue !== undefined && !(Number.isInteger(maxQueue) && maxQueue >= 0)) {
    refuse(place, 'maxQueue', 'must be a whole number, 0 or more', 'Leave it out to wait in a queue of any length.')
  }
}

function known(names: readonly string[]): string {
  return `Options are ${names.join(', ')}.`
}

function refuse(place: string, option: string, rule: string, next: string): never {
  throw new ValidationError(`${place}: ${option === '' ? 'it' : `"${option}"`} ${rule}. ${next}`, {
    issues: [{ path: option, rule }],
  })
}
