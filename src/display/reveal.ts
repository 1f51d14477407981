import type { Secret } from '../plan/index.ts'
import { fields } from './card.ts'
import { giveLook, lookOf } from './look.ts'
import { shownOnPurpose } from './notebook-guard.ts'

const MARK = '⚠ revealed'

/** One secret on purpose in the open, for a display. It is no part of JSON. */
export interface Revealed {
  toJSON(): string
}

/**
 * Shows one secret value in a display, marked as such. The answer prints the value; it holds no enumerable member and
 * its JSON says only that something was revealed.
 *
 * @param value A secret text, or a `Secret`.
 */
export function revealed(value: string | Secret): Revealed {
  const text = typeof value === 'string' ? value : value.reveal()
  const shown: Revealed = Object.create({ toJSON: () => MARK }) as Revealed
  giveLook(shown, () =>
    lookOf(
      () => ({ title: MARK, tone: 'warn', blocks: [fields(['value', shownOnPurpose(text), { code: true }])] }),
      () => MARK,
      { revealing: true },
    ),
  )
  return Object.freeze(shown)
}
