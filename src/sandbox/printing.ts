import { inspect } from 'node:util'
import { redact } from '../plan/index.ts'

/**
 * Makes an object print as a short view of itself with its secrets hidden, in inspect and in JSON. The object keeps its
 * real values; the helpers are not enumerable.
 */
export function hiddenWhenPrinted<T extends object>(value: T, view: (value: T) => object): T {
  const shown = (): object => redact(view(value))
  Object.defineProperty(value, inspect.custom, {
    value: (_depth: number, options: object) => inspect(shown(), options),
  })
  Object.defineProperty(value, 'toJSON', { value: shown })
  return value
}
