import { ConfigurationError, type PlanData, SECRET_MARK } from '../../plan/index.ts'
import { internalsOf, type Session } from '../../session/index.ts'
import type { StepRecord } from '../journal/index.ts'
import { checkOf, doneWhen, isAbsent, rowFor } from '../steps/index.ts'
import { inverseOf } from './inverse.ts'

/** What became of a write of unknown outcome. */
export type Settled =
  | { readonly outcome: 'done'; readonly value: unknown }
  | { readonly outcome: 'lost' }
  | { readonly outcome: 'unknown'; readonly why: string }

/** Asks the check that the journal holds for a step what became of it. Sends one read. */
export async function settleStep({ id, begun }: StepRecord, session: Session): Promise<Settled> {
  const check = begun?.check
  if (check === undefined) return { outcome: 'unknown', why: `the journal holds no check of the step "${id}"` }
  const read = internalsOf(session).bind(check.read)
  const full = check.match === undefined ? checkOf(read) : doneWhen(read, check.match)
  let answer: unknown
  try {
    answer = await read.run()
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  const found = answer === undefined ? undefined : full?.done(answer)
  if (found !== undefined && found !== false && found !== null)
    return { outcome: 'done', value: found === true ? answer : found }
  const row = rowFor(check.read)
  if (row?.reads !== 'index') return { outcome: 'lost' }
  return {
    outcome: 'unknown',
    why: `the check of the step "${id}" asks an index, which does not show it and may be late`,
  }
}

/** The plans that undo a step that was found done, as far as the catalogue tells. */
export function undoFound({ begun }: StepRecord, value: unknown): readonly PlanData[] {
  if (begun?.plan === undefined) return []
  const before = begun.before
  const plan = inverseOf(begun.plan, { result: value, ...(before !== undefined && { before }) })
  // A mark in place of a secret must never be written back.
  return JSON.stringify(plan).includes(SECRET_MARK) ? [] : [plan]
}

/** True for a change that can be undone whether it was carried out or not: what was there before is sent. */
export function isRestorable(record: StepRecord): boolean {
  const { begun } = record
  if (begun?.plan === undefined || rowFor(begun.plan)?.inverse?.kind !== 'restore' || begun.before === undefined)
    return false
  try {
    return undoFound(record, undefined).length > 0
  } catch (error) {
    if (error instanceof ConfigurationError) return false
    throw error
  }
}
