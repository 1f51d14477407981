import type { Stage } from './stage.ts'
import { customDomain, rateLimit, retry, token } from './stages/index.ts'

/**
 * What lies between the frame unless a session says otherwise, outermost first. Each retry takes a slot of its own, and
 * the token is got when the slot is there.
 */
export function defaultStages(): readonly Stage[] {
  return [retry(), rateLimit(), token(), customDomain()]
}
