import { TOTP } from 'otpauth'
import type { JsonObject } from '../../../plan/index.ts'
import { type AuthenticatorRecord, collection } from '../../contract.ts'
import { type AuthenticationCall, AuthenticationFailure, type AuthenticationReply, requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import {
  activate,
  endTransaction,
  enrolled,
  isFactorOn,
  isStale,
  newRecoveryCode,
  outOfBandRecord,
  pollsTooFast,
  refuseUsedUp,
  spendAttempt,
  spendOutOfBand,
  type Transaction,
  transactionOf,
} from '../mfa/index.ts'
import { userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a time-based code from an authenticator app; confirms the app's enrolment where it is pending. */
export const mfaOtp: Grant = async (call, client) => {
  const { core } = call
  const transaction = transactionOf(core, requiredField(call, 'mfa_token'), client)
  const code = requiredField(call, 'otp')
  refuseUsedUp(core, 'otp', transaction.user_id)
  const matching = enrolled(core, transaction.user_id)
    .filter((each) => each.authenticator_type === 'otp')
    .find((each) => isCurrentCode(String(each.$secret), code, core.clock.now()))
  if (!matching) throw failed(call, transaction, 'otp', 'Invalid otp_code.')
  return finish(call, client, transaction, matching)
}

function isCurrentCode(secret: string, token: string, timestamp: number): boolean {
  return new TOTP({ secret, digits: 6, period: 30 }).validate({ token, timestamp, window: 1 }) !== null
}

/** The grant of an out-of-band code: with the code a person typed in, or after they answered a push. */
export const mfaOob: Grant = async (call, client) => {
  const { core } = call
  const transaction = transactionOf(core, requiredField(call, 'mfa_token'), client)
  const oobCode = requiredField(call, 'oob_code')
  const record = outOfBandRecord(core, oobCode, transaction)
  if (record.channel === 'auth0') requireApproval(call, transaction, record, oobCode)
  else requireBindingCode(call, transaction, record)
  spendOutOfBand(core, oobCode)
  const authenticator = enrolled(core, transaction.user_id).find((each) => each.id === record.authenticator_id)
  return finish(call, client, transaction, authenticator)
}

function requireBindingCode(call: AuthenticationCall, transaction: Transaction, record: JsonObject): void {
  const typed = requiredField(call, 'binding_code')
  refuseUsedUp(call.core, 'code', transaction.user_id)
  if (isStale(call.core, record) || typed !== record.code)
    throw failed(call, transaction, 'code', 'Invalid binding_code.')
}

function requireApproval(
  call: AuthenticationCall,
  transaction: Transaction,
  record: JsonObject,
  oobCode: string,
): void {
  const { core } = call
  if (pollsTooFast(core, oobCode))
    throw new AuthenticationFailure(429, 'slow_down', 'You are polling faster than the specified interval.')
  if (record.status === 'approved') return
  if (record.status === 'pending' && !isStale(core, record)) {
    const text = 'Authorization pending: please repeat the request in a few seconds.'
    throw new AuthenticationFailure(400, 'authorization_pending', text)
  }
  spendOutOfBand(core, oobCode)
  const { client_id, user_id } = transaction
  core.log({ type: 'gd_auth_rejected', description: 'MFA Authorization rejected.', user_id, client_id, ip: call.ip })
  throw new AuthenticationFailure(400, 'access_denied', 'MFA Authorization rejected.')
}

/** The grant of a recovery code, which is spent; the answer holds its replacement. */
export const mfaRecoveryCode: Grant = async (call, client) => {
  const { core } = call
  const transaction = transactionOf(core, requiredField(call, 'mfa_token'), client)
  const code = requiredField(call, 'recovery_code')
  refuseUsedUp(core, 'recovery', transaction.user_id)
  const matching = enrolled(core, transaction.user_id).find(
    (each) => each.active && each.authenticator_type === 'recovery-code' && each.$recovery_code === code,
  )
  if (!matching || !isFactorOn(core, 'recovery-code'))
    throw failed(call, transaction, 'recovery', 'MFA Authorization rejected.')
  const recovery_code = newRecoveryCode(core)
  collection(core.tables, 'authenticators').set(matching.id, { ...matching, $recovery_code: recovery_code })
  return finish(call, client, transaction, undefined, { recovery_code })
}

function failed(
  call: AuthenticationCall,
  { client_id, user_id }: Transaction,
  kind: 'otp' | 'code' | 'recovery',
  text: string,
) {
  spendAttempt(call.core, kind, user_id)
  call.core.log({ type: 'gd_auth_failed', description: text, user_id, client_id, ip: call.ip })
  return new AuthenticationFailure(403, 'invalid_grant', text)
}

async function finish(
  call: AuthenticationCall,
  client: JsonObject,
  transaction: Transaction,
  authenticator: AuthenticatorRecord | undefined,
  extra: JsonObject = {},
): Promise<AuthenticationReply> {
  const { core, ip } = call
  const { user_id } = transaction
  const enrolling = authenticator?.active === false
  if (authenticator) activate(core, authenticator)
  const reply = await continueLogin(
    call,
    { ...transaction.start, client, user: userById(core, user_id), mfa: true },
    extra,
  )
  endTransaction(core, transaction)
  const type = enrolling ? 'gd_enrollment_complete' : 'gd_auth_succeed'
  core.log({ type, description: '', user_id, client_id: transaction.client_id, ip })
  return reply
}
