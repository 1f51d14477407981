import type { Tenant } from '../../contract.ts'
import type { Job } from '../../tenant/index.ts'
import { collection, stringOf } from '../records.ts'
import { sendVerificationEmail } from '../tickets.ts'
import type { JobOutcome } from './outcome.ts'

/** Sends the mail of a verification job whose time has come. */
export function finishVerification(tenant: Tenant, job: Job): JobOutcome {
  const user = tenant.tables.users.get(stringOf(job.$user_id) ?? '')
  const template = collection(tenant, '/api/v2/email-templates').get('verify_email')
  const reason =
    user === undefined
      ? 'The user no longer exists.'
      : template?.enabled === false
        ? 'The email template verify_email is disabled.'
        : undefined
  if (user === undefined || reason !== undefined) {
    tenant.log({ type: 'fvr', description: reason, user_id: stringOf(job.$user_id) })
    return { status: 'failed', fields: { status_details: reason ?? '' } }
  }
  const domain = stringOf(job.$domain) ?? tenant.domain
  const origin = stringOf(job.$origin) ?? `https://${domain}`
  sendVerificationEmail(
    tenant,
    user,
    { domain, origin },
    {
      client_id: stringOf(job.$client_id),
    },
  )
  return { status: 'completed' }
}
