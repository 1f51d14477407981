import {
  hashPlan,
  isJsonObject,
  isSecretSlot,
  type Json,
  markedPaths,
  type PlanData,
  planData,
  type Redactor,
  SECRET_MARK,
  secretSlot,
  ValidationError,
} from '../../plan/index.ts'
import type { PlannedRequest } from './contract.ts'
import { lift } from './places.ts'

/** What of a planned request is sent; the rest is for people. */
const SENT = /^\/(plan|undo|check)(\/|$)/

/**
 * A planned request as a file can hold it: values that are not known yet are named with their places, and a secret that
 * is a whole member of a body has become a slot.
 *
 * @throws TenantlabError for a placeholder that code has changed.
 */
export function keepable({ hash: _, ...request }: PlannedRequest, redactor: Redactor): PlannedRequest {
  const { step, placeholders: all } = lift(request)
  const placeholders = all.filter(({ at }) => SENT.test(at))
  const plan = withSlots(step.plan, redactor)
  const { check, ...rest } = step
  return {
    ...rest,
    plan,
    hash: hashPlan(plan),
    ...(step.undo && { undo: step.undo.map((each) => withSlots(each, redactor)) }),
    // Without its members a check would say something else; without the check, apply asks.
    ...(check !== undefined && (isOpen(check, redactor) ? { check } : { checkLost: 'secret' as const })),
    ...(step.confirm !== undefined && { confirm: redactor.text(step.confirm) }),
    ...(placeholders.length > 0 && { placeholders }),
  }
}

/**
 * Refuses a planned request that a file may not hold.
 *
 * @throws ValidationError when a secret stands where no slot can.
 */
export function requireOpen({ id, plan, route, undo, tags }: PlannedRequest, redactor: Redactor): void {
  const shown = { id, plan, route, undo, tags }
  if (isOpen(shown, redactor)) return
  const [path = 'plan'] = markedPaths(JSON.parse(redactor.text(JSON.stringify(shown))) as Json)
  throw new ValidationError(
    `The step "${redactor.text(id)}" has a secret in "${path}", where it would stand in the plan file. ` +
      'Give it as a whole member of a body, or run the runbook without a plan file.',
    { issues: [{ path, rule: 'must hold no secret' }] },
  )
}

/** True where a value holds no secret that is known. */
export function isOpen(value: unknown, redactor: Redactor): boolean {
  const text = JSON.stringify(value)
  return redactor.text(text) === text
}

/** The plan with slots for the secrets that are whole members of its body. */
function withSlots(plan: PlanData, redactor: Redactor): PlanData {
  const { body } = plan
  if (body === undefined || isOpen(body, redactor)) return plan
  const visit = (item: Json, at: string): Json => {
    if (typeof item === 'string') return redactor.text(item) === SECRET_MARK ? ({ ...secretSlot(at) } as Json) : item
    if (Array.isArray(item)) return item.map((element, index) => visit(element, `${at}.${index}`))
    if (!isJsonObject(item) || isSecretSlot(item)) return item
    return Object.fromEntries(
      Object.entries(item).map(([key, member]) => [key, visit(member, at === '' ? key : `${at}.${key}`)]),
    )
  }
  const { v: _, ...fields } = plan
  return planData({ ...fields, body: visit(body, '') })
}
