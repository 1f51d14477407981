import type { JsonObject } from '../../../plan/index.ts'
import type { AuthenticatorRecord } from '../../contract.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  field,
  requiredField,
} from '../call.ts'
import { authenticateClient } from '../client-authentication.ts'
import { activeFactors } from './authenticators.ts'
import { sendOutOfBand } from './out-of-band.ts'
import { transactionOf } from './transactions.ts'

/** Which authenticator the tenant picks when none is named: push, then OTP, then SMS, voice and e-mail. */
const PREFERENCE = ['auth0', undefined, 'sms', 'voice', 'email']

/** `POST /mfa/challenge`: sends a code or a push for a login that waits for its second factor; OTP needs no sending. */
export const challenge: AuthenticationEndpoint = async (call) => {
  const token = requiredField(call, 'mfa_token')
  const client = await authenticateClient(call)
  const { core } = call
  const transaction = transactionOf(core, token, client)
  const factors = activeFactors(core, transaction.user_id)
  if (factors.length === 0) {
    const text = 'The user has no authenticator yet. Enrol one with /mfa/associate first.'
    throw new AuthenticationFailure(403, 'association_required', text)
  }
  const authenticator = choose(call, factors)
  const { client_id, user_id } = transaction
  core.log({
    type: 'gd_start_auth',
    description: 'Second factor authentication started',
    user_id,
    client_id,
    ip: call.ip,
  })
  if (authenticator.authenticator_type === 'otp') return { status: 200, json: { challenge_type: 'otp' } }
  const oob_code = sendOutOfBand(core, { authenticator, client_id, mfa_token: token, enrolling: false })
  const prompt: JsonObject = authenticator.oob_channel === 'auth0' ? {} : { binding_method: 'prompt' }
  return { status: 200, json: { challenge_type: 'oob', oob_code, ...prompt } }
}

function choose(call: AuthenticationCall, factors: readonly AuthenticatorRecord[]): AuthenticatorRecord {
  const types = (field(call, 'challenge_type') ?? 'oob otp').split(/\s+/)
  const channel = field(call, 'oob_channel')
  const id = field(call, 'authenticator_id')
  const named = id === undefined ? factors : factors.filter((each) => each.id === id)
  if (named.length === 0)
    throw new AuthenticationFailure(400, 'invalid_request', 'authenticator_id names no active authenticator.')
  const chosen = named
    .filter((each) => types.includes(each.authenticator_type))
    .filter((each) => channel === undefined || each.oob_channel === channel)
    .toSorted((a, b) => rank(a) - rank(b))[0]
  if (chosen) return chosen
  const text = 'The user has no authenticator of the requested challenge types.'
  throw new AuthenticationFailure(400, 'unsupported_challenge_type', text)
}

function rank(authenticator: AuthenticatorRecord): number {
  return PREFERENCE.indexOf(authenticator.oob_channel as string | undefined)
}
