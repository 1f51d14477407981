import { meantSentence, nearest } from '../../catalogue/index.ts'
import { ledgerOf, readJournal, settleRun } from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'
import { idsOf, MisuseError, type Values } from '../words/index.ts'
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
  const assume = assumptionsIn(values)
  const known = targets.flatMap(({ journal }) => (journal === undefined ? [] : stepsOf(journal)))
  for (const id of Object.keys(assume)) if (!known.includes(id)) refuseStep(id, known)
  for (const { session, journal } of targets) {
    if (journal === undefined) continue
    const { done, lost } = await settleRun(journal, session, {
      assume: Object.fromEntries(Object.entries(assume).filter(([id]) => stepsOf(journal).includes(id))),
      redactor: output.redactor,
    })
    const told = [...done.map((id) => `"${id}" was done`), ...lost.map((id) => `"${id}" was not carried out`)]
    output.note(told.length === 0 ? `${journal}: nothing was unknown.` : `${journal}: ${told.join('; ')}.`)
  }
}

/** @throws MisuseError for a step of which both is said. */
function assumptionsIn(values: Values): Record<string, 'done' | 'lost'> {
  const done = idsOf(values, 'assume-done')
  const lost = idsOf(values, 'assume-lost')
  const both = done.find((id) => lost.includes(id))
  if (both !== undefined)
    throw new MisuseError(`--assume-done and --assume-lost both name the step "${both}". Give one of them.`)
  return Object.fromEntries([...done.map((id) => [id, 'done'] as const), ...lost.map((id) => [id, 'lost'] as const)])
}

/** The steps that a journal holds. */
function stepsOf(journal: string): readonly string[] {
  const { steps } = ledgerOf(readJournal(journal))
  return [...steps.values()].flatMap(({ id, begun }) => (begun === undefined ? [] : [id]))
}

function refuseStep(id: string, known: readonly string[]): never {
  const hint = meantSentence(nearest(id, known), `It has ${known.join(', ')}.`, (name) => `"${name}"`)
  throw new MisuseError(`The journal holds no step "${id}". ${hint} Nothing was sent.`)
}
