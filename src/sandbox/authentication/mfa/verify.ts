import { TOTP } from 'otpauth'
import type { JsonObject } from '../../../plan/index.ts'
import { type AuthenticatorRecord, collection } from '../../contract.ts'
import { type AuthenticationCall, AuthenticationFailure } from '../call.ts'
import { newRecoveryCode } from './associate.ts'
import { pollsTooFast, refuseUsedUp, spendAttempt } from './attempts.ts'
import { activate, enrolled } from './authenticators.ts'
import { isFactorOn } from './factors.ts'
import { isStale, outOfBandRecord, spendOutOfBand } from './out-of-band.ts'

/** A login that waits for its second factor, at `/oauth/token` or in a browser. */
export interface WaitingLogin {
  /** The mfa token that out-of-band codes are bound to. */
  readonly token: string
  readonly user_id: string
  readonly client_id: string
}

/**
 * Checks a time-based code, and confirms the app's enrolment where it is pending.
 * @throws 403 `invalid_grant` for a wrong code, 429 after too many
 */
export function passOtp(call: AuthenticationCall, login: WaitingLogin, code: string): void {
  const { core } = call
  refuseUsedUp(core, 'otp', login.user_id)
  const matching = enrolled(core, login.user_id)
    .filter((each) => each.authenticator_type === 'otp')
    .find((each) => isCurrentCode(String(each.$secret), code, core.clock.now()))
  if (!matching) throw failed(call, login, 'otp', 'Invalid otp_code.')
  passed(call, login, matching)
}

function isCurrentCode(secret: string, token: string, timestamp: number): boolean {
  return new TOTP({ secret, digits: 6, period: 30 }).validate({ token, timestamp, window: 1 }) !== null
}

/**
 * Checks an out-of-band code: with what the person typed, or by their answer to a push.
 * @param typed gives the code that was typed in; asked for only where one is needed
 * @throws 403 `invalid_grant`, 400 `authorization_pending` or `access_denied` of a push, 429 `slow_down`
 */
export function passOutOfBand(
  call: AuthenticationCall,
  login: WaitingLogin,
  oobCode: string,
  typed: () => string,
): void {
  const { core } = call
  const record = outOfBandRecord(core, oobCode, login)
  if (record.channel === 'auth0') requireApproval(call, login, record, oobCode)
  else requireBindingCode(call, login, record, typed())
  spendOutOfBand(core, oobCode)
  passed(
    call,
    login,
    enrolled(core, login.user_id).find((each) => each.id === record.authenticator_id),
  )
}

function requireBindingCode(call: AuthenticationCall, login: WaitingLogin, record: JsonObject, typed: string): void {
  refuseUsedUp(call.core, 'code', login.user_id)
  if (isStale(call.core, record) || typed !== record.code) throw failed(call, login, 'code', 'Invalid binding_code.')
}

function requireApproval(call: AuthenticationCall, login: WaitingLogin, record: JsonObject, oobCode: string): void {
  const { core, ip } = call
  if (pollsTooFast(core, oobCode))
    throw new AuthenticationFailure(429, 'slow_down', 'You are polling faster than the specified interval.')
  if (record.status === 'approved') return
  if (record.status === 'pending' && !isStale(core, record)) {
    const text = 'Authorization pending: please repeat the request in a few seconds.'
    throw new AuthenticationFailure(400, 'authorization_pending', text)
  }
  spendOutOfBand(core, oobCode)
  const { client_id, user_id } = login
  core.log({ type: 'gd_auth_rejected', description: 'MFA Authorization rejected.', user_id, client_id, ip })
  throw new AuthenticationFailure(400, 'access_denied', 'MFA Authorization rejected.')
}

/**
 * Checks a recovery code, which is spent.
 * @returns its replacement
 * @throws 403 `invalid_grant` for a wrong code
 */
export function passRecoveryCode(call: AuthenticationCall, login: WaitingLogin, code: string): string {
  const { core } = call
  refuseUsedUp(core, 'recovery', login.user_id)
  const matching = enrolled(core, login.user_id).find(
    (each) => each.active && each.authenticator_type === 'recovery-code' && each.$recovery_code === code,
  )
  if (!matching || !isFactorOn(core, 'recovery-code'))
    throw failed(call, login, 'recovery', 'MFA Authorization rejected.')
  const replacement = newRecoveryCode(core)
  collection(core.tables, 'authenticators').set(matching.id, { ...matching, $recovery_code: replacement })
  passed(call, login, undefined)
  core.log({ type: 'gd_recovery_succeed', description: '', ...who(call, login) })
  return replacement
}

function passed(call: AuthenticationCall, login: WaitingLogin, authenticator: AuthenticatorRecord | undefined): void {
  const enrolling = authenticator?.active === false
  if (authenticator) activate(call.core, authenticator)
  const type = enrolling ? 'gd_enrollment_complete' : 'gd_auth_succeed'
  call.core.log({ type, description: 'Second factor passed', ...who(call, login) })
}

function failed(
  call: AuthenticationCall,
  login: WaitingLogin,
  kind: 'otp' | 'code' | 'recovery',
  text: string,
): AuthenticationFailure {
  spendAttempt(call.core, kind, login.user_id)
  call.core.log({
    type: kind === 'recovery' ? 'gd_recovery_failed' : 'gd_auth_failed',
    description: text,
    ...who(call, login),
  })
  return new AuthenticationFailure(403, 'invalid_grant', text)
}

function who({ ip }: AuthenticationCall, { client_id, user_id }: WaitingLogin) {
  return { user_id, client_id, ip }
}
