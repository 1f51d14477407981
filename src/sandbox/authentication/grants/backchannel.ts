import { redeemBackchannelRequest } from '../backchannel.ts'
import { requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import { userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a consent that a person gave on their own device. */
export const backchannel: Grant = async (call, client) => {
  const record = redeemBackchannelRequest(call.core, client, requiredField(call, 'auth_req_id'))
  return continueLogin(call, {
    client,
    user: userById(call.core, String(record.user_id)),
    scope: String(record.scope),
    ...(Array.isArray(record.authorization_details) ? { authorizationDetails: record.authorization_details } : {}),
    ...(typeof record.audience === 'string' ? { audience: record.audience } : {}),
  })
}
