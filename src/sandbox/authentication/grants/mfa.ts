import type { JsonObject } from '../../../plan/index.ts'
import { type AuthenticationCall, AuthenticationFailure, type AuthenticationReply, requiredField } from '../call.ts'
import { continueLogin } from '../login.ts'
import {
  endTransaction,
  passOtp,
  passOutOfBand,
  passRecoveryCode,
  type Transaction,
  transactionOf,
} from '../mfa/index.ts'
import { userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a time-based code from an authenticator app; confirms the app's enrolment where it is pending. */
export const mfaOtp: Grant = (call, client) =>
  exchange(call, client, 'otpft', (transaction) => passOtp(call, transaction, requiredField(call, 'otp')))

/** The grant of an out-of-band code: with the code a person typed in, or after they answered a push. */
export const mfaOob: Grant = (call, client) =>
  exchange(call, client, 'oobft', (transaction) =>
    passOutOfBand(call, transaction, requiredField(call, 'oob_code'), () => requiredField(call, 'binding_code')),
  )

/** The grant of a recovery code, which is spent; the answer holds its replacement. */
export const mfaRecoveryCode: Grant = (call, client) =>
  exchange(call, client, 'rcft', (transaction) => ({
    recovery_code: passRecoveryCode(call, transaction, requiredField(call, 'recovery_code')),
  }))

/** Passes the second factor, gives the tokens, and notes either as Auth0 does (`seotpft`, `feotpft` and the like). */
async function exchange(
  call: AuthenticationCall,
  client: JsonObject,
  code: string,
  // biome-ignore lint/suspicious/noConfusingVoidType: a factor without anything to add answers nothing.
  pass: (transaction: Transaction) => JsonObject | void,
): Promise<AuthenticationReply> {
  const { core, ip } = call
  const transaction = transactionOf(core, requiredField(call, 'mfa_token'), client)
  const { client_id, user_id } = transaction
  try {
    const extra = pass(transaction) ?? {}
    const start = { ...transaction.start, client, user: userById(core, user_id), mfa: true }
    const reply = await continueLogin(call, start, extra)
    endTransaction(core, transaction)
    core.log({ type: `se${code}`, description: 'Second factor exchanged for tokens', user_id, client_id, ip })
    return reply
  } catch (error) {
    if (error instanceof AuthenticationFailure && error.error !== 'authorization_pending')
      core.log({ type: `fe${code}`, description: error.message, user_id, client_id, ip })
    throw error
  }
}
