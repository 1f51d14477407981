import { ConfigurationError } from '../../plan/index.ts'
import { ownerOf } from '../../session/index.ts'
import type { Subject } from '../steps/index.ts'
import { markersIn } from '../steps/index.ts'
import type { Run } from './run.ts'

/** The tenant that a plan or flow goes to where it is not the one of the run; nothing where it is, or none is known. */
export function foreignTenant({ parts: { session } }: Run, work: unknown): string | undefined {
  const domain = ownerOf(work)?.domain
  return domain === session.domain ? undefined : domain
}

/**
 * Refuses a step that would change another tenant than the run's: journal, undo, plan file and audit trail are of one
 * tenant, and an apply would send the step to that one. Reads of another tenant are welcome; a plan file holds none that
 * waits for what the run makes.
 *
 * @throws ConfigurationError naming both tenants.
 */
export function refuseForeign(run: Run, work: unknown, { id, effect, plan }: Subject): void {
  const tenant = foreignTenant(run, work)
  if (tenant === undefined) return
  const later = run.predicting && plan !== undefined && markersIn(plan).length > 0
  if (effect === 'read' && !later) return
  if (effect === 'token' && run.parts.mode !== 'plan') return
  const own = run.parts.session.domain
  throw new ConfigurationError(
    `The step "${id}" goes to ${tenant}, and this run is that of ${own}: its journal, its undo and its plan file are of one tenant. ` +
      'Nothing was sent for the step. Use the auth0 that steps() is given, and change the other tenant in a run of its own.',
  )
}

/**
 * Refuses undo plans of another tenant, which would be sent to the one of the run.
 *
 * @throws ConfigurationError naming both tenants.
 */
export function refuseForeignUndo(run: Run, id: string, plans: readonly unknown[]): void {
  const [tenant] = plans.flatMap((plan) => foreignTenant(run, plan) ?? [])
  if (tenant === undefined) return
  throw new ConfigurationError(
    `The undo of the step "${id}" goes to ${tenant}, and this run is that of ${run.parts.session.domain}. Make it with the auth0 that steps() is given.`,
  )
}
