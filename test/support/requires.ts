import type { TestContext } from 'vitest'
import { has, type Need, reason } from '../../scripts/needs.mjs'

/**
 * Skips the running test where what it needs is absent. The closing summary of `npm test` then names the command that
 * would bring it.
 */
export function requires(context: TestContext, ...needs: Need[]): void {
  for (const need of needs) if (!has(need)) context.skip(reason(need))
}
