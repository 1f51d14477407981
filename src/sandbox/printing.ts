import { inspect } from 'node:util'
import { redact } from '../plan/index.ts'

/** Makes an object print in inspect as a short view of itself; its JSON stays whole, for saving it. */
export function hiddenWhenInspected<T extends object>(value: T, view: (value: T) => object): T {
  const shown = (_depth: number, options: object): string => inspect(redact(view(value)), options)
  return Object.defineProperty(value, inspect.custom, { value: shown })
}

/**
 * Makes an object print as a short view of itself with its secrets hidden, in inspect and in JSON. The object keeps its
 * real values; the helpers are not enumerable.
 */
export function hiddenWhenPrinted<T extends object>(value: T, view: (value: T) => object): T {
  Object.defineProperty(value, 'toJSON', { value: () => redact(view(value)) })
  return hiddenWhenInspected(value, view)
}
