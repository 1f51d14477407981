import { giveLook } from '../../display/index.ts'
import type { RunListener, RunResult } from '../../run/index.ts'
import type { RunAccount } from './account.ts'
import { type KeptRecords, showRun } from './card.ts'
import { showPlanned } from './plan-card.ts'

/** A listener that keeps account of a run, and hands on what it hears. */
export function listening(account: RunAccount, listener: RunListener | undefined): RunListener {
  return (event) => {
    account.take(event)
    listener?.(event)
  }
}

/** Has a result show itself; as data it stays what it is. */
export function showResult(result: RunResult, account: RunAccount, kept: KeptRecords): RunResult {
  giveLook(result, () => showRun(account, kept))
  giveLook(result.planned, showPlanned)
  return result
}
