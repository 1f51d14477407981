import type { OperationRow } from '../catalogue/index.ts'
import { type CustomDomainVerdict, isJsonObject, type PlanData } from '../plan/index.ts'
import { chosenDomain } from './draft.ts'
import type { WireEnvironment } from './environment.ts'
import { matchedRow } from './row-of.ts'

/** What a session really does with the header of a plan: without the stage `customDomain()` it rides on every request. */
export function sentDomain(plan: PlanData, row: OperationRow, environment: WireEnvironment): CustomDomainVerdict {
  const verdict = customDomainVerdict(plan, row, chosenDomain(plan, row, environment))
  if (verdict.verdict !== 'removed' || environment.keepsCustomDomain !== true) return verdict
  const reason =
    "The session's pipeline has no customDomain(), so the header rides on every request of the Management API."
  return { ...verdict, verdict: 'sent', reason }
}

/** Fields of a user's update after which Auth0 sends something that names a domain. */
const USER_FIELDS = ['verify_email', 'verify_phone_number', 'email', 'phone_number'] as const

/**
 * Whether the `Auth0-Custom-Domain` header goes out with a plan, and why. Decided by the operation, never by the path
 * alone: `GET /users` is another operation than `POST /users`.
 *
 * @param chosenDomain The plan's own custom domain, else the session's; `undefined` when neither names one.
 */
export function customDomainVerdict(
  plan: PlanData,
  row: OperationRow,
  chosenDomain: string | undefined,
): CustomDomainVerdict {
  if (chosenDomain === undefined)
    return { verdict: 'none', reason: 'Neither the plan nor the session names a custom domain.' }
  const domain = chosenDomain
  const known = plan.op === 'raw' ? matchedRow(plan) : row
  const rule = known?.customDomain ?? 'removed'
  if (rule === 'kept') {
    return {
      verdict: 'sent',
      domain,
      reason: `${row.method} ${known?.path ?? row.path} takes the custom domain of the links and e-mails that it makes.`,
    }
  }
  if (rule === 'removed') {
    const reason =
      known === undefined
        ? `The catalogue knows no operation ${plan.route}, so the header is left out.`
        : `${row.method} ${known.path} makes no link and no e-mail, so the custom domain does not count there.`
    return { verdict: 'removed', domain, reason }
  }
  const body = isJsonObject(plan.body) ? plan.body : {}
  const field = USER_FIELDS.find((name) => body[name] !== undefined && body[name] !== false)
  if (field !== undefined) {
    return {
      verdict: 'sent',
      domain,
      reason: `The update has ${field}, after which Auth0 may send an e-mail or a message.`,
    }
  }
  if (plan.options?.customDomain !== undefined) {
    return { verdict: 'sent', domain, reason: 'The plan itself names the custom domain for this update.' }
  }
  return {
    verdict: 'removed',
    domain,
    reason:
      'The update changes neither e-mail nor phone number and asks for no verification, so nothing is sent that names a domain.',
  }
}
