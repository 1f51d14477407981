import { type AuthenticationEndpoint, AuthenticationFailure, requiredField } from './call.ts'
import { authenticateClient } from './client-authentication.ts'
import { grants } from './grants/index.ts'

/** `POST /oauth/token`: authenticates the application, checks that it may use the grant type, and runs the grant. */
export const token: AuthenticationEndpoint = async (call) => {
  const type = requiredField(call, 'grant_type')
  const grant = grants.get(type)
  if (!grant) throw new AuthenticationFailure(400, 'unsupported_grant_type', 'Grant type not supported')
  const client = await authenticateClient(call)
  const allowed = Array.isArray(client.grant_types) ? client.grant_types : []
  const publicMachine = type === 'client_credentials' && client.token_endpoint_auth_method === 'none'
  if (!allowed.includes(type) || publicMachine) {
    const text = `Grant type '${type}' not allowed for the client.`
    throw new AuthenticationFailure(403, 'unauthorized_client', text)
  }
  const reply = await grant(call, client)
  return { ...reply, headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...reply.headers } }
}
