import { isJsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'

/** A factor of the tenant, by the name the Management API switches it with. */
export type FactorName = 'otp' | 'sms' | 'email' | 'push-notification' | 'recovery-code'

/** Whether a factor is on; all are, unless switched off. */
export function isFactorOn(core: Core, name: FactorName): boolean {
  const factors = core.tables.documents.get('guardian-factors')?.factors
  const listed = Array.isArray(factors) ? factors.filter(isJsonObject) : []
  return listed.find((factor) => factor.name === name)?.enabled !== false
}

const MESSAGE_TYPES = '/api/v2/guardian/factors/phone/message-types'

/** Whether phones are reached by text message (`sms`) or by call (`voice`). */
export function isPhoneChannelOn(core: Core, channel: 'sms' | 'voice'): boolean {
  const types = core.tables.documents.get(MESSAGE_TYPES)?.message_types
  return isFactorOn(core, 'sms') && (!Array.isArray(types) || types.includes(channel))
}

/** Names of the tenant's MFA policies. */
export function mfaPolicies(core: Core): readonly string[] {
  const policies = core.tables.documents.get('guardian-policies')?.policies
  return Array.isArray(policies) ? policies.map(String) : []
}
