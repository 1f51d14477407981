import { ConfigurationError, type PlanData, type Redactor, secretNames } from '../../plan/index.ts'
import { internalsOf } from '../../session/index.ts'
import { DecisionError } from '../errors.ts'
import { type JournalEntry, keepUndone, ledgerOf, type StepRecord } from '../journal/index.ts'
import { secretAddresses, secretsFor } from '../review/index.ts'
import type { Runbook, RunbookContext, StepRequest } from '../steps/index.ts'
import { isAbsent, rowFor, twinOf } from '../steps/index.ts'
import { isRestorable, settleStep, undoFound } from './settle.ts'

/**
 * A runbook that undoes what a journal records, last step first, by the undo plans that were stored when the steps
 * ran. It is a run like any other, with a journal of its own, so that it can be resumed.
 *
 * @throws ConfigurationError for an empty journal; DecisionError when a step's fate is unknown.
 */
export function undoOf(entries: readonly JournalEntry[], redactor: Redactor): Runbook<undefined> {
  const ledger = ledgerOf(entries)
  const { opened, steps } = ledger
  if (opened === undefined) throw new ConfigurationError('The journal is empty, so that there is nothing to undo.')
  const unknown = [...steps.values()].filter((record) => record.unknown && changesTenant(record))
  for (const record of unknown) if (record.begun?.check === undefined && !isRestorable(record)) refuseUnknown(record.id)
  const done = [...steps.values()]
    .filter((record) => (record.done?.undo?.length ?? 0) > 0 || unknown.includes(record))
    .reverse()
  const irreversible = [...steps.values()].filter(({ done }) => done?.noUndo !== undefined)
  // The writes of one flow are undone with its last.
  const isPart = (id: string): boolean => done.some((each) => id.startsWith(`${each.id} (`))
  const lasting = [...steps.values()].filter(staysWithoutWord).flatMap(({ id }) => (isPart(id) ? [] : [id]))
  const runbook: Runbook<undefined> = {
    kind: 'runbook',
    name: `${opened.runbook}.undo`,
    async *steps({ auth0, step, say }) {
      const { bind } = internalsOf(auth0)
      const address = secretAddresses(done.map(({ id, done: entry }) => ({ id, plans: entry?.undo ?? [] })))
      for (const { id, done: entry } of irreversible) say(`The step "${id}" cannot be undone: ${entry?.noUndo}`)
      if (lasting.length > 0) say(lastingText(lasting))
      let undone = 0
      for (const record of done) {
        const { id, done: entry } = record
        const plans = entry?.undo ?? (yield* undoUnknown(record, { auth0, step, say }))
        undone += plans.length
        for (const [index, plan] of plans.entries()) {
          const name = `undo ${id}${plans.length > 1 ? ` (${index + 1})` : ''}`
          const variableOf = (slot: string): string => address(id, slot)
          const secrets = secretsFor(plan, variableOf, process.env, redactor)
          requireSecrets(id, plan, secrets, variableOf)
          try {
            yield* step(name, bind(plan, secrets))
          } catch (error) {
            const row = rowFor(plan)
            if (!isAbsent(error)) throw error
            // What is gone already needs no deleting, and has no fields to put back.
            if (row?.merge === 'remove') continue
            const twin = row?.merge?.startsWith('assign') === true ? twinOf(plan, row) : undefined
            // It may be something else that the tenant does not find, such as what the fields name.
            if (twin === undefined) throw error
            const look = yield* step(`look for the record of ${id}`.slice(0, 200), bind(twin)).outcome()
            if (look.status === 'ok' || !isAbsent(look.error)) throw error
            undone -= 1
            say(`The record that the step "${id}" changed is gone, so that nothing was put back.`)
          }
        }
      }
      if (undone === 0)
        throw new ConfigurationError(
          'Nothing was undone: no step of the journal has written what an undo is known for.',
        )
      return done.length
    },
  }
  return keepUndone(runbook, ledger)
}

/** The plans that undo a step of unknown outcome: its check is asked, and what it finds is undone by the catalogue. */
async function* undoUnknown(
  record: StepRecord,
  { auth0, step, say }: Pick<RunbookContext<undefined>, 'auth0' | 'step' | 'say'>,
): AsyncGenerator<StepRequest, readonly PlanData[], unknown> {
  const { id, begun } = record
  if (begun?.check === undefined) return undoFound(record, undefined)
  const look = internalsOf(auth0).runner.flow(
    'look',
    () => [{ purpose: `whether "${id}" was carried out` }],
    () => settleStep(record, auth0),
  )
  const settled = yield* step(`look for ${id}`, look)
  if (settled.outcome === 'unknown') refuseUnknown(id, settled.why)
  if (settled.outcome === 'done') return undoFound(record, settled.value)
  say(`The step "${id}" was not carried out.`)
  return []
}

function refuseUnknown(id: string, why?: string): never {
  throw new DecisionError(
    id,
    `The step "${id}" was sent, and whether it was carried out is not known${why === undefined ? '' : `: ${why}`}, so that it cannot be undone yet. ` +
      'Continue the run first, which finds out, or say what became of the step.',
    { next: 'settle' },
  )
}

/** Writes that name no undo stay, and a person who undoes a run must know. */
function staysWithoutWord({ begun, done }: StepRecord): boolean {
  if (begun?.plan === undefined || done === undefined || done.noUndo !== undefined || done.undo !== undefined)
    return false
  const known = rowFor(begun.plan)
  return known === undefined ? !begun.plan.route?.startsWith('GET ') : known.effect === 'write'
}

const MOST_NAMES = 5

function lastingText(ids: readonly string[]): string {
  const names = ids.slice(0, MOST_NAMES).map((id) => `"${id}"`)
  const more = ids.length > MOST_NAMES ? [`${ids.length - MOST_NAMES} more`] : []
  const list = [...names, ...more].join(', ').replace(/, (?=[^,]*$)/, ' and ')
  return ids.length === 1
    ? `What the step ${list} wrote stays, since it names no undo.`
    : `What ${ids.length} steps wrote stays, since they name no undo: ${list}.`
}

/** A token may be asked for twice; a flow may write. */
function changesTenant({ begun }: StepRecord): boolean {
  return begun?.plan === undefined || rowFor(begun.plan)?.effect !== 'token'
}

function requireSecrets(
  id: string,
  plan: PlanData,
  given: Readonly<Record<string, string>>,
  variableOf: (slot: string) => string,
): void {
  const missing = secretNames(plan).filter((name) => given[name] === undefined)
  if (missing.length === 0) return
  const variables = missing.map(variableOf)
  throw new DecisionError(
    id,
    `To undo the step "${id}" needs ${missing.join(', ')}, which no journal keeps. Set ${variables.join(' and ')}, and run undo again.`,
  )
}
