import { AbortedError, isTenantlabError } from '../../plan/index.ts'

/**
 * The stop of a run that was interrupted from outside.
 *
 * @param where `in the step "…"`.
 */
export function interruption(signal: AbortSignal | undefined, where: string): AbortedError {
  const reason: unknown = signal?.reason
  // A person who interrupts gives no cause; a failure that nobody waited for is one.
  if (!(reason instanceof AbortedError) || reason.cause === undefined)
    return new AbortedError(`The run was interrupted ${where}. Continue the run.`)
  return new AbortedError(`The run was stopped ${where}: ${reason.message} Continue the run.`, {
    cause: reason.cause,
  })
}

/** A stop is for a person, and no runbook may go on after it. */
export function mayBeCaught(error: unknown): boolean {
  return !(isTenantlabError(error) && (error.kind === 'decision' || error.kind === 'aborted'))
}
