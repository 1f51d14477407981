import { settleRun } from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'
import { MisuseError, textsOf, type Values } from '../words/index.ts'
import type { Output } from './output.ts'

/** Whether the options ask what became of steps, or tell it. */
export function asksToSettle(values: Values): boolean {
  return ['settle-only', 'assume-done', 'assume-lost'].some((name) => values[name] !== undefined)
}

/**
 * Settles what became of the steps of runs that were cut off, by their checks and by what the options tell.
 *
 * @throws DecisionError where a step stays unknown; MisuseError where there is no run to settle.
 */
export async function settle(
  targets: readonly { readonly session: Session; readonly journal?: string }[],
  values: Values,
  output: Output,
): Promise<void> {
  if (values.resume !== true) {
    throw new MisuseError(
      '--settle-only, --assume-done and --assume-lost are about a run that was cut off. Name it with --resume, or with --resume --journal FILE.',
    )
  }
  const assume = Object.fromEntries([
    ...textsOf(values, 'assume-done').map((id) => [id, 'done'] as const),
    ...textsOf(values, 'assume-lost').map((id) => [id, 'lost'] as const),
  ])
  for (const { session, journal } of targets) {
    if (journal === undefined) continue
    const { done, lost } = await settleRun(journal, session, { assume, redactor: output.redactor })
    const told = [...done.map((id) => `"${id}" was done`), ...lost.map((id) => `"${id}" was not carried out`)]
    output.note(told.length === 0 ? `${journal}: nothing was unknown.` : `${journal}: ${told.join('; ')}.`)
  }
}
