// The grant types of /oauth/token, one file each.
import { authorizationCode } from './authorization-code.ts'
import { backchannel } from './backchannel.ts'
import { clientCredentials } from './client-credentials.ts'
import { deviceCode } from './device-code.ts'
import type { Grant } from './grant.ts'
import { mfaOob, mfaOtp, mfaRecoveryCode } from './mfa.ts'
import { password, passwordRealm } from './password.ts'
import { passwordlessOtp } from './passwordless-otp.ts'
import { refreshToken } from './refresh-token.ts'

const AUTH0 = 'http://auth0.com/oauth/grant-type'

/** Grants by the `grant_type` that asks for them. */
export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['authorization_code', authorizationCode],
  ['client_credentials', clientCredentials],
  ['password', password],
  [`${AUTH0}/password-realm`, passwordRealm],
  ['refresh_token', refreshToken],
  [`${AUTH0}/mfa-otp`, mfaOtp],
  [`${AUTH0}/mfa-oob`, mfaOob],
  [`${AUTH0}/mfa-recovery-code`, mfaRecoveryCode],
  [`${AUTH0}/passwordless/otp`, passwordlessOtp],
  ['urn:ietf:params:oauth:grant-type:device_code', deviceCode],
  ['urn:openid:params:grant-type:ciba', backchannel],
])
