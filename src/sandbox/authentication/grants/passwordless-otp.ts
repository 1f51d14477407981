import { isJsonObject, type JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import { requestedAudience } from '../audience.ts'
import { AuthenticationFailure, field, requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import { redeemPasswordlessCode } from '../passwordless.ts'
import { connectionFor, findUser } from '../users.ts'
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
  const user = findUser(core, realm, username) ?? signUp(core, connection, realm, username)
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

function signUp(core: Core, connection: JsonObject, realm: 'email' | 'sms', address: string): JsonObject {
  const options = isJsonObject(connection.options) ? connection.options : {}
  if (options.disable_signup === true)
    throw new AuthenticationFailure(403, 'access_denied', 'Public signup is disabled.')
  const local = core.random.text(24, '0123456789abcdef')
  const user_id = `${realm}|${local}`
  const now = new Date(core.clock.now()).toISOString()
  const known: JsonObject =
    realm === 'email'
      ? { email: address.toLowerCase(), email_verified: true }
      : { phone_number: address, phone_verified: true }
  const user: JsonObject = {
    user_id,
    ...known,
    name: address,
    nickname: address.split('@')[0] ?? address,
    identities: [{ connection: realm, provider: realm, user_id: local, isSocial: false }],
    created_at: now,
    updated_at: now,
  }
  core.tables.users.set(user_id, user)
  return user
}
