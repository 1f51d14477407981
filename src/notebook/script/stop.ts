import { type ErrorKind, isTenantlabError } from '../../plan/index.ts'
import { rowFor } from '../../run/index.ts'

/** How an error that a script does not catch ends its runs: a write of unknown fate is for a person to decide about. */
export function stopOf(error: unknown): { readonly kind: ErrorKind; readonly message: string } {
  if (!isTenantlabError(error)) return { kind: 'unexpected', message: wordsOf(error) }
  const row = error.plan && rowFor(error.plan)
  const isUnknown = error.applied === 'maybe' && row?.effect !== 'token' && row?.retry !== 'idempotent'
  if (!isUnknown) return { kind: error.kind, message: error.message }
  return { kind: 'decision', message: `${error.message} Look at the tenant, and continue the run.` }
}

/** What an error says; the name of a fault of the code itself belongs to it. */
export function wordsOf(error: unknown): string {
  if (isTenantlabError(error)) return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
