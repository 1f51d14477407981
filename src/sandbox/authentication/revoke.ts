import { type AuthenticationEndpoint, requiredField } from './call.ts'
import { authenticateClient } from './client-authentication.ts'
import { revokeRefreshToken } from './refresh-token.ts'

/** `POST /oauth/revoke`: takes a refresh token away, with all that came from it. */
export const revoke: AuthenticationEndpoint = async (call) => {
  const client = await authenticateClient(call)
  revokeRefreshToken(call.core, client, requiredField(call, 'token'))
  const { client_id, name: client_name } = client
  call.core.log({ type: 'srrt', description: 'Refresh token revoked', client_id, client_name, ip: call.ip })
  return { status: 200 }
}
