import type { JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import type { Target } from '../audience.ts'
import { activeFactors } from './authenticators.ts'
import { mfaPolicies } from './factors.ts'

const ALWAYS = 'all-applications'

/**
 * Whether a login must pass a second factor. The MFA API asks for one as soon as a factor other than e-mail is enrolled;
 * everywhere else the tenant's policy and the user's own setting decide.
 */
export function demandsMfa(core: Core, user: JsonObject, target: Target): boolean {
  const id = String(user.user_id)
  if (target.kind === 'mfa') return activeFactors(core, id).some((each) => each.oob_channel !== 'email')
  return user.$mfa === true || mfaPolicies(core).includes(ALWAYS)
}
