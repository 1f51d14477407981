import type { OperationRow } from '../../catalogue/index.ts'
import {
  holdsSlot,
  type PlanData,
  type SecretValues,
  type UnknownPart,
  ValidationError,
  type ValidationIssue,
} from '../../plan/index.ts'
import type { Converter } from './convert.ts'
import { bodyMissing, type Found, findings } from './findings.ts'
import { issueText } from './issues.ts'
import { converter, loadedConverter } from './zod.ts'

/**
 * What happens to parts of a request that Auth0's documents do not know. `refuse`: an error. `tell`: they go out and are
 * told; a name that is surely misspelt is an error. `allow`: they go out, misspelt or not.
 */
export type UnknownPolicy = 'refuse' | 'tell' | 'allow'

/** How a plan is checked. */
export interface Checking {
  readonly unknown?: UnknownPolicy | undefined
  /** Told of what the documents do not know and goes out all the same. */
  tell?(parts: readonly UnknownPart[]): void
}

/** What there is to say about the arguments of a plan. */
export interface Findings {
  /** Rules that are broken: the plan is not sent. */
  readonly issues: readonly ValidationIssue[]
  /** What the documents do not know, and goes out all the same. */
  readonly unknown: readonly UnknownPart[]
}

/**
 * Plans about which there was nothing to say, with the row they were checked by: a plan never changes, so that sending it
 * again checks nothing again. Those with secrets are checked with the values of each run.
 */
const sound = new WeakMap<PlanData, OperationRow>()

/**
 * Checks the arguments of a plan against the catalogue's schemas: before anything is sent, and without waiting once zod
 * has been loaded. `raw` plans and the Authentication API, whose words check their arguments themselves, pass.
 *
 * @param secrets Values of the plan's secrets; they are checked, and no message shows them.
 * @returns A promise only while zod is being loaded.
 * @throws ValidationError (or rejects with it) naming every rule that was broken.
 */
export function validatePlan(
  plan: PlanData,
  row: OperationRow,
  secrets: SecretValues = {},
  checking: Checking = {},
): Promise<void> | undefined {
  if (sound.get(plan) === row) return undefined
  if (!isChecked(plan)) {
    if (row.body?.required === true && isManagement(plan, row)) settle(plan, row, bodyMissing(row), checking)
    return undefined
  }
  if (!isManagement(plan, row)) return undefined
  const now = loadedConverter()
  const check = (by: Converter): undefined => {
    const found = findings(plan, row, secrets, by)
    if (found.issues.length + found.misspelt.length + found.parts.length > 0) return settle(plan, row, found, checking)
    if (Object.isFrozen(plan) && !holdsSlot(plan)) sound.set(plan, row)
  }
  return now === undefined ? converter().then(check) : check(now)
}

/**
 * What `validatePlan` would say, without waiting and without the values of secrets.
 *
 * @returns Nothing where all is well.
 */
export function inspectPlan(plan: PlanData, row: OperationRow, unknown: UnknownPolicy = 'tell'): Findings {
  if (!isManagement(plan, row)) return { issues: [], unknown: [] }
  const found = isChecked(plan) ? findings(plan, row, {}, loadedConverter(true)) : bodyMissing(row)
  return judged(found, unknown)
}

function isManagement(plan: PlanData, row: OperationRow): boolean {
  return plan.op !== 'raw' && row.api === 'management'
}

/** Whether a plan has arguments at all. */
function isChecked({ body, query, options }: PlanData): boolean {
  return body !== undefined || query !== undefined || options?.query !== undefined
}

/** What stands in the way, and what is only told. */
function judged({ issues, misspelt, parts }: Found, unknown: UnknownPolicy): Findings {
  if (unknown === 'tell') return { issues: [...issues, ...misspelt], unknown: parts }
  if (unknown === 'refuse') return { issues: [...issues, ...misspelt, ...parts.map(refusalOf)], unknown: [] }
  const passed = misspelt.map(({ path, suggestion }): UnknownPart => {
    return { path, what: 'field', ...(suggestion !== undefined && { suggestion }) }
  })
  return { issues, unknown: [...passed, ...parts] }
}

const REFUSALS: Readonly<Record<UnknownPart['what'], string>> = {
  field: 'is not a field that Auth0 documents here',
  parameter: 'is not a parameter that Auth0 documents here',
  value: 'is not one of the values that Auth0 documents',
  null: 'may not be null, as far as Auth0 documents it',
  body: 'is not as Auth0 documents it',
}

function refusalOf({ path, what, suggestion }: UnknownPart): ValidationIssue {
  return { path, rule: REFUSALS[what], ...(suggestion !== undefined && { suggestion }) }
}

function settle(plan: PlanData, row: OperationRow, found: Found, { unknown = 'tell', tell }: Checking): undefined {
  const { issues, unknown: parts } = judged(found, unknown)
  if (issues.length > 0) refuse(plan, row, issues, found, unknown)
  if (unknown === 'tell' && parts.length > 0) tell?.(parts)
  return undefined
}

function refuse(
  plan: PlanData,
  row: OperationRow,
  issues: readonly ValidationIssue[],
  { misspelt, parts }: Found,
  unknown: UnknownPolicy,
): never {
  const sendable = misspelt.length + (unknown === 'refuse' ? parts.length : 0)
  const option = unknown === 'refuse' && misspelt.length === 0 ? 'tell' : 'allow'
  const way = sendable === 0 ? '' : ` connect({ unknown: '${option}' }) sends such names as they are.`
  throw new ValidationError(
    `${plan.op}: ${issues.map(issueText).join('; ')}. Nothing was sent. Correct the argument and run it again; ` +
      `${row.docs} lists the fields.${way}`,
    { plan, attempts: 0, issues },
  )
}
