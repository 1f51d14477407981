import { inspect } from 'node:util'
import { processSecrets } from '../plan/index.ts'
import type { InspectStyle } from './look.ts'
import type { SecretPlaces } from './secrets.ts'
import { withoutSecrets } from './secrets.ts'

/** `util.inspect` of any value with its secrets hidden; for logs and histories. */
export function redactedInspect(value: unknown, options: InspectStyle = {}, places?: SecretPlaces): string {
  const isOther = typeof value !== 'object' || value === null || isForeign(value)
  return processSecrets().text(inspect(isOther ? value : withoutSecrets(value, places), options))
}

/** Objects with a class of their own look after themselves; a copy of their fields would say less. */
function isForeign(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null && !Array.isArray(value)
}
