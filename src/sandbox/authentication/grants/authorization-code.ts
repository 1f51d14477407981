import { createHash } from 'node:crypto'
import type { JsonObject } from '../../../plan/index.ts'
import { redeemCode } from '../authorize.ts'
import { AuthenticationFailure, field, requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import { userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a code from `/authorize`; with PKCE the verifier must fit its challenge. */
export const authorizationCode: Grant = async (call, client) => {
  const { core } = call
  const record = redeemCode(core, client, requiredField(call, 'code'))
  const redirect = field(call, 'redirect_uri')
  if (redirect !== undefined && redirect !== record.redirect_uri)
    throw new AuthenticationFailure(
      403,
      'invalid_grant',
      'The redirect URI does not match that of the authorization request.',
    )
  if (typeof record.challenge === 'string') checkVerifier(record, field(call, 'code_verifier'))
  const organization = core.tables.organizations.get(String(record.organization ?? ''))
  return continueLogin(call, {
    client,
    user: userById(core, String(record.user_id)),
    mfa: true,
    ...(organization ? { organization } : {}),
    ...(typeof record.audience === 'string' ? { audience: record.audience } : {}),
    ...(typeof record.scope === 'string' ? { scope: record.scope } : {}),
    ...(typeof record.nonce === 'string' ? { nonce: record.nonce } : {}),
  })
}

function checkVerifier(record: JsonObject, verifier: string | undefined): void {
  const made =
    record.method === 'S256'
      ? createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url')
      : verifier
  if (verifier === undefined || made !== record.challenge)
    throw new AuthenticationFailure(403, 'invalid_grant', 'Failed to verify code verifier')
}
