import { requestedAudience } from '../audience.ts'
import { AuthenticationFailure, field, requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import { passwordlessUser, redeemPasswordlessCode } from '../passwordless.ts'
import { connectionFor } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a code that `/passwordless/start` sent; a new address becomes a new user. */
export const passwordlessOtp: Grant = async (call, client) => {
  const { core } = call
  const realm = requiredField(call, 'realm')
  if (realm !== 'email' && realm !== 'sms')
    throw new AuthenticationFailure(400, 'invalid_request', 'realm must be email or sms')
  const connection = connectionFor(core, client, realm)
  const username = requiredField(call, 'username')
  redeemPasswordlessCode(core, realm, username, requiredField(call, 'otp'))
  const user = passwordlessUser(core, connection, realm, username)
  const audience = requestedAudience(call)
  const scope = field(call, 'scope')
  return continueLogin(call, {
    client,
    user,
    connection: realm,
    ...(audience === undefined ? {} : { audience }),
    ...(scope === undefined ? {} : { scope }),
  })
}
