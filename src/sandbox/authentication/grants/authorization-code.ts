import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../../../plan/index.ts'
import { noteIssued, redeemCode } from '../authorization-codes.ts'
import { type AuthenticationCall, AuthenticationFailure, field, requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import { userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a code from `/authorize`; with PKCE the verifier must fit its challenge. */
export const authorizationCode: Grant = async (call, client) => {
  const { core } = call
  const code = requiredField(call, 'code')
  const record = redeemCode(core, client, code)
  checkRedirect(call, record)
  checkVerifier(call, client, record)
  const organization = core.tables.organizations.get(String(record.organization ?? ''))
  const reply = await continueLogin(call, {
    client,
    user: userById(core, String(record.user_id)),
    mfa: record.mfa === true,
    settled: true,
    sid: String(record.sid),
    code,
    ...(organization ? { organization } : {}),
    ...(typeof record.audience === 'string' ? { audience: record.audience } : {}),
    ...(typeof record.scope === 'string' ? { scope: record.scope } : {}),
    ...(typeof record.nonce === 'string' ? { nonce: record.nonce } : {}),
    ...(typeof record.connection === 'string' ? { connection: record.connection } : {}),
    ...(typeof record.auth_time === 'number' ? { authTime: record.auth_time } : {}),
    ...(Array.isArray(record.authorization_details) ? { authorizationDetails: record.authorization_details } : {}),
  })
  if (isJsonObject(reply.json)) noteIssued(core, code, String(reply.json.access_token))
  return reply
}

/** What was sent to `/authorize` must be sent again; what was not may be left out. */
function checkRedirect(call: AuthenticationCall, record: JsonObject): void {
  const sent = field(call, 'redirect_uri')
  if (sent === record.redirect_uri || (sent !== undefined && record.redirect_uri === undefined)) return
  const text = 'The redirect URI does not match that of the authorization request.'
  throw new AuthenticationFailure(403, 'invalid_grant', text)
}

function checkVerifier(call: AuthenticationCall, client: JsonObject, record: JsonObject): void {
  const verifier = field(call, 'code_verifier')
  if (record.challenge === undefined) {
    if (verifier !== undefined) throw wrongVerifier()
    // Without a secret the verifier is all that ties the code to the application that asked for it.
    if (client.token_endpoint_auth_method !== 'none') return
    throw new AuthenticationFailure(400, 'invalid_request', 'Missing required parameter: code_verifier')
  }
  const made = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url')
  if (verifier === undefined || made !== record.challenge) throw wrongVerifier()
}

function wrongVerifier(): AuthenticationFailure {
  return new AuthenticationFailure(403, 'invalid_grant', 'Failed to verify code verifier')
}
