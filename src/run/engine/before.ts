import { recordedValue } from '../journal/index.ts'
import { markedPaths } from '../redactor.ts'
import type { StepRequest } from '../steps/index.ts'
import { isAbsent, type Subject, twinOf } from '../steps/index.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** The state before the first attempt at a step, as an earlier run recorded it: by now the write may have changed it. */
export function recordedBefore(run: Run, id: string): unknown {
  const value = run.ledger.steps.get(id)?.begun?.before
  if (value === undefined) return undefined
  // A mark in place of a secret must never be written back.
  return recordedValue({ type: 'done', step: id, at: '', how: 'sent', value, hidden: markedPaths(value) })
}

/** The record that a write changes, where its undo asks for it. */
export async function stateBefore(run: Run, { id, options }: StepRequest, { plan, row }: Subject): Promise<unknown> {
  const recorded = recordedBefore(run, id)
  if (recorded !== undefined) return recorded
  if (typeof options.undo !== 'function' || plan === undefined || row?.merge === 'create') return undefined
  const twin = twinOf(plan, row)
  if (twin === undefined) return undefined
  try {
    return await send(run, id, run.internals.bind(twin), 'before').value
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
