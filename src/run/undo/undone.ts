import type { Ledger } from '../journal/index.ts'
import type { Runbook } from '../steps/index.ts'

const undone = new WeakMap<object, Ledger>()

/** Remembers which run a runbook undoes. */
export function keepUndone<P>(runbook: Runbook<P>, ledger: Ledger): Runbook<P> {
  undone.set(runbook, ledger)
  return runbook
}

/** The run that a runbook undoes; nothing for any other runbook. */
export function undoneBy(runbook: object): Ledger | undefined {
  return undone.get(runbook)
}
