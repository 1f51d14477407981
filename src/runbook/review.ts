import { giveLook } from '../display/index.ts'
import type { AppliedReview, ApplyOptions, Flow, Json, Review, ReviewedRequest } from '../plan/index.ts'
import { secretNames, tenantStateOf } from '../plan/index.ts'
import {
  addressesOf,
  checkDrift,
  checkTenant,
  DecisionError,
  type OtherTenants,
  type PlanFile,
  type PlannedStep,
  planFile,
  Redactor,
  requireSecrets,
  runbookOf,
  scopesIn,
  sentByApply,
} from '../run/index.ts'
import { internalsOf, type Session } from '../session/index.ts'
import { runbookOfFlow } from './flow-run.ts'
import { memoryJournal, showPlanFile } from './report/index.ts'
import { runRunbook } from './run-runbook.ts'

/** Checks a flow as a runbook of one step: its reads are sent, its writes predicted. */
export async function checkFlow(flow: Flow<unknown>, session: Session): Promise<Review> {
  const runbook = runbookOfFlow(flow)
  const { planned, said, error, others } = await runRunbook(runbook, session, {
    mode: 'plan',
    redactor: new Redactor(),
  })
  if (error !== undefined) throw error
  const file = planFile({
    runbook: runbook.name,
    tenant: session.domain,
    at: new Date().toISOString(),
    who: internalsOf(session).who,
    steps: planned,
    said,
  })
  return reviewOf(file, session, others)
}

/** A plan file as a review that a session can apply. */
export function reviewOf(file: PlanFile, session: Session, others?: OtherTenants): Review {
  const address = addressesOf(file)
  const requests = file.steps.map((step) => requestOf(step, address))
  const writes = file.steps.filter((step) => step.effect === 'write' && step.unchanged !== true).length
  const sent = sentByApply(file)
  const waits = internalsOf(session).leastWait(sent.byRateKey)
  const review: Omit<Review, 'apply' | 'toJSON'> = {
    kind: 'review',
    tenant: file.tenant,
    at: file.at,
    requests,
    reads: file.steps.filter(({ effect }) => effect === 'read').length,
    writes,
    scopes: scopesIn(file),
    sends: sent.count,
    ...(waits !== undefined && { waits: waits.ms }),
    hash: file.hash,
  }
  let begun: { readonly at: string; readonly state: object | undefined } | undefined
  const apply = async (options?: ApplyOptions): Promise<AppliedReview> => {
    // An embedded tenant that was put back has nothing of it.
    const state = tenantStateOf(internalsOf(session).way)
    if (begun?.state === state) refuseAgain(file, begun?.at)
    begun = { at: new Date().toISOString(), state }
    let written = false
    try {
      const applied = await applyReview(file, { session, others }, options)
      written = applied.status === 'done' || applied.written > 0
      return applied
    } finally {
      if (!written) begun = undefined
    }
  }
  const made = Object.defineProperties(review, {
    apply: { value: apply },
    toJSON: { value: () => file },
  }) as Review
  giveLook(made, () => showPlanFile(file, waits))
  return made
}

/** What a review says is sent once: a cell that runs a second time must not do it again. */
function refuseAgain({ runbook, steps }: PlanFile, begun: string | undefined): void {
  if (begun === undefined || !steps.some(({ effect }) => effect === 'write' || effect === 'token')) return
  throw new DecisionError(
    runbook,
    `This review was applied on ${begun}. Nothing was sent. Check again for what is new, and apply that.`,
  )
}

function requestOf(step: PlannedStep, address: ReturnType<typeof addressesOf>): ReviewedRequest {
  if (step.effect === 'wait') return { id: step.id, effect: 'wait' }
  const { id, effect, route, action, changes, unchanged, reason, plan } = step
  const secrets = secretNames(plan).map((slot) => address(id, slot))
  return {
    id,
    effect,
    ...(route !== undefined && { route }),
    ...(action !== undefined && { action }),
    ...(changes !== undefined && { changes }),
    ...(unchanged && { unchanged }),
    ...(reason !== undefined && { reason }),
    ...(step.noUndo !== undefined && { noUndo: step.noUndo }),
    ...(secrets.length > 0 && { secrets }),
  }
}

async function applyReview(
  file: PlanFile,
  { session, others }: { readonly session: Session; readonly others: OtherTenants | undefined },
  { secrets = {}, signal }: ApplyOptions = {},
): Promise<AppliedReview> {
  const redactor = new Redactor()
  const environment = { ...process.env, ...secrets }
  checkTenant(file, session)
  requireSecrets(file, environment)
  await checkDrift(file, session, redactor, others)
  const journal = memoryJournal()
  const result = await runRunbook(runbookOf(file, redactor, environment), session, {
    mode: 'apply',
    journal,
    redactor,
    yes: true,
    ...(signal && { signal }),
  })
  const values: Record<string, Json> = {}
  for (const entry of journal.entries)
    if (entry.type === 'done' && entry.value !== undefined) values[entry.step] = entry.value
  const { status, summary, error } = result
  return { status, written: summary.written, values, ...(error !== undefined && { error }) }
}
