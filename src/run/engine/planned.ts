import { ValidationError } from '../../plan/index.ts'
import type { PlannedRequest } from '../review/index.ts'
import { keepable, requireOpen } from '../review/index.ts'
import { checkOf, planOf, type StepRequest } from '../steps/index.ts'
import type { Run } from './run.ts'

/**
 * Adds a request to what the run has planned, with its plan as a file would hold it.
 *
 * @throws ValidationError where a plan file is made and cannot hold it.
 */
export function keepPlanned(run: Run, request: PlannedRequest): void {
  const { mode, redactor } = run.parts
  const kept = keepable(request, redactor)
  if (mode === 'plan') {
    requireOpen(kept, redactor)
    requireSources(run, kept)
  }
  run.planned.push(kept)
}

/**
 * Refuses what a plan file may not hold, before anything is read for it.
 *
 * @throws ValidationError where a plan file is made and cannot hold it.
 */
export function requireKeepable(run: Run, request: PlannedRequest): void {
  const { mode, redactor } = run.parts
  if (mode === 'plan') requireOpen(keepable(request, redactor), redactor)
}

/** What a step needs must be in the file before it. */
function requireSources(run: Run, { id, placeholders = [] }: PlannedRequest): void {
  const held = new Set([id, ...run.planned.map((step) => step.id)])
  const missing = placeholders.find(({ step }) => !held.has(step))
  if (missing === undefined) return
  throw new ValidationError(
    `The step "${id}" needs the answer of "${missing.step}", which is a flow that a plan file cannot hold. ` +
      'Make steps of its plans, or run the runbook without a plan file.',
    { issues: [{ path: id, rule: 'must need steps that are plans' }] },
  )
}

/** What of a step's check a file can hold: no function, and no read of another tenant; else why it cannot. */
export function storedCheck(run: Run, { options }: StepRequest): Pick<PlannedRequest, 'check' | 'checkLost'> {
  const given = options.doneWhen
  const check = checkOf(given)
  if (check === undefined) return {}
  const read = planOf(check.read)
  if (run.foreignTenant(check.read) !== undefined) return { checkLost: 'tenant' }
  if (read === undefined || (given === check && check.match === undefined)) return { checkLost: 'function' }
  return { check: given === check && check.match !== undefined ? { read, match: check.match } : { read } }
}
