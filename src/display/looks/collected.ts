import type { Collected } from '../../plan/index.ts'
import type { Look } from '../look.ts'
import { lookOf, ROWS_DRAWN } from '../look.ts'
import { withoutSecrets } from '../secrets.ts'
import { inLine } from '../summary.ts'
import { showError } from './error.ts'

/**
 * The outcomes of an `each` that collects, as a table: those that failed first, since they are what is left to do.
 *
 * @param nameOf what names an item among the others.
 */
export function showCollected(
  value: Pick<Collected<unknown, unknown>, 'done' | 'failed' | 'outcomes'>,
  nameOf: (item: unknown, index: number) => string,
): Look {
  const { done, failed, outcomes } = value
  const titled = `each · ${done} done, ${failed} failed`
  return lookOf(
    () => {
      const rows = outcomes.map((outcome, index) => {
        const name = nameOf(outcome.item, index)
        if (outcome.status === 'error') return [name, 'failed', showError(outcome.error).line()]
        return [name, 'done', outcome.value === undefined ? '' : inLine(withoutSecrets(outcome.value))]
      })
      const ordered = [
        ...rows.filter(([, ended]) => ended === 'failed'),
        ...rows.filter(([, ended]) => ended === 'done'),
      ]
      const hidden = rows.length - ROWS_DRAWN
      return {
        title: titled,
        tone: failed === 0 ? 'good' : 'warn',
        blocks: [
          {
            kind: 'table',
            columns: ['item', 'outcome', 'answer'],
            rows: ordered.slice(0, ROWS_DRAWN),
            ...(hidden > 0 && { rest: `${hidden} more are not drawn; the value's outcomes hold them.` }),
          },
          ...(failed === 0
            ? []
            : [
                {
                  kind: 'notes' as const,
                  tone: 'plain' as const,
                  notes: [`again() is a flow over the ${failed} that failed: look at it, check it, run it.`],
                },
              ]),
        ],
      }
    },
    () => ({
      done,
      failed,
      outcomes: outcomes
        .slice(0, ROWS_DRAWN)
        .map((outcome) =>
          outcome.status === 'error'
            ? { status: 'error', item: withoutSecrets(outcome.item), error: showError(outcome.error).json() }
            : { status: 'ok', item: withoutSecrets(outcome.item), value: withoutSecrets(outcome.value) },
        ),
    }),
  )
}
