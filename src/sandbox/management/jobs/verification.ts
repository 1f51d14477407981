import type { ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { bodyOf, compact, objectOf, publicRecord, stringOf } from '../records.ts'
import { checkTargets, requireDatabase, requireIdentity, requireMember } from '../tickets.ts'
import { connectionByName, primaryIdentity } from '../users/store.ts'
import { startJob } from './store.ts'

const duration = 500

/** POST /jobs/verification-email. Page: https://auth0.com/docs/manage-users/user-accounts/resend-verification-emails */
const create: ManagementHandler = (call) => {
  const { tenant } = call
  const body = bodyOf(call)
  const user = tenant.tables.users.get(stringOf(body['user_id']) ?? '')
  // The document lists no 404 for this operation.
  if (user === undefined) return refuse(400, 'The user does not exist.', 'inexistent_user')
  checkTargets(call, body)
  const identity = objectOf(body['identity'])
  if (identity === undefined) requireDatabase(user)
  else requireIdentity(user, identity)
  const connection = connectionByName(tenant, stringOf(primaryIdentity(user).connection) ?? '')
  if (identity === undefined && connection === undefined)
    refuse(400, 'The connection does not exist.', 'inexistent_connection')
  if (identity === undefined && connection?.$disabled === true) refuseBody('The connection is disabled.')
  const identityConnection = stringOf(identity?.['connection_id'])
  if (identityConnection !== undefined && !tenant.tables.connections.has(identityConnection)) {
    refuse(400, 'The connection does not exist.', 'inexistent_connection')
  }
  if (user.email === undefined) refuseBody('The user does not have an email address.')
  requireMember(call, body, user)
  const job = startJob(
    tenant,
    'verification_email',
    duration,
    compact({
      $user_id: body['user_id'],
      $domain: call.linkDomain,
      $origin: call.linkOrigin,
      $client_id: body['client_id'],
    }),
  )
  tenant.log({
    type: 'svr',
    description: 'A verification email was requested.',
    user_id: stringOf(body['user_id']),
    details: { body: { email: user.email ?? '', job_id: job.id ?? '' } },
  })
  return reply(201, publicRecord(job))
}

export const verificationHandlers: Readonly<Record<string, ManagementHandler>> = {
  'jobs.verificationEmail.create': create,
}
