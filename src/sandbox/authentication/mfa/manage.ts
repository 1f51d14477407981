import { type AuthenticationEndpoint, AuthenticationFailure } from '../call.ts'
import { enrolled, listed, removeAuthenticator, shown } from './authenticators.ts'
import { mfaBearer, requireMfaScope } from './bearer.ts'

/** `GET /mfa/authenticators`: what the user has enrolled, confirmed or not. */
export const listAuthenticators: AuthenticationEndpoint = async (call) => {
  const bearer = await mfaBearer(call)
  requireMfaScope(bearer, 'read:authenticators')
  return { status: 200, json: listed(call.core, bearer.user_id).map(shown) }
}

/** `DELETE /mfa/authenticators/{id}`: takes an authenticator away, with its twin. Only an access token may. */
export const deleteAuthenticator: AuthenticationEndpoint = async (call) => {
  const bearer = await mfaBearer(call)
  if (bearer.kind === 'transaction') {
    const text = 'An mfa_token cannot delete authenticators. Finish MFA and use an access token for the MFA API.'
    throw new AuthenticationFailure(401, 'access_denied', text)
  }
  requireMfaScope(bearer, 'remove:authenticators')
  const id = decodeURIComponent(call.path.slice(call.path.lastIndexOf('/') + 1))
  const found = enrolled(call.core, bearer.user_id).find((each) => each.id === id)
  if (!found) {
    const mirrored = listed(call.core, bearer.user_id).some((each) => each.id === id)
    if (mirrored) throw new AuthenticationFailure(403, 'access_denied', 'The verified profile email cannot be deleted.')
    throw new AuthenticationFailure(404, 'not_found', 'The authenticator does not exist.')
  }
  removeAuthenticator(call.core, found)
  const { client_id, user_id } = bearer
  call.core.log({ type: 'gd_unenroll', description: 'Authenticator deleted', user_id, client_id, ip: call.ip })
  return { status: 204 }
}
