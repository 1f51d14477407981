import type { Bind, Json, Plan, PlanData } from '../../plan/index.ts'
import { planData } from '../../plan/index.ts'
import type { Tokens } from '../answers.ts'
import { given, type SecretCollector } from './secret-text.ts'

/** Fills to the MFA API's audience on the session's domain: a plan holds no host. */
const MFA_AUDIENCE = 'https://{domain}/mfa/'

/** `mfa` is the short word for the MFA API. */
export function audienceOf(audience: string | undefined): string | undefined {
  return audience === 'mfa' ? MFA_AUDIENCE : audience
}

/** One request to the token endpoint. */
export function tokenPlan(
  bind: Bind,
  secrets: SecretCollector,
  grant: string,
  fields: Readonly<Record<string, Json | undefined>>,
  rest: Pick<PlanData, 'client' | 'repeat' | 'options'> = {},
  words?: object,
): Plan<Tokens> {
  const body = given({ grant_type: grant, ...fields })
  return bind<Tokens>(planData({ op: 'authentication.token', body, ...rest }), secrets.values(), words)
}
