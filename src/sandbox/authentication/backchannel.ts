import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { askForApproval, pollsEarly } from './approval.ts'
import { requestedAudience, targetOf } from './audience.ts'
import { authorizationDetails } from './authorization-details.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  field,
  requiredField,
} from './call.ts'
import { authenticateClient } from './client-authentication.ts'

const REQUESTS = 'sandbox/backchannel-requests'
const INTERVAL_SECONDS = 5
const LONGEST_SECONDS = 300
const MESSAGE = /^[A-Za-z0-9 +\-_.,:#]{1,64}$/

/** `POST /bc-authorize`: asks a person for consent on their own device; the message in the outbox is that device. */
export const startBackchannel: AuthenticationEndpoint = async (call) => {
  const { core } = call
  const client = await authenticateClient(call)
  const text = requiredField(call, 'binding_message')
  if (!MESSAGE.test(text))
    throw new AuthenticationFailure(400, 'invalid_request', 'binding_message has an invalid format.')
  const user = hintedUser(call, requiredField(call, 'login_hint'))
  const scope = requiredField(call, 'scope')
  if (!scope.split(' ').includes('openid'))
    throw new AuthenticationFailure(400, 'invalid_scope', 'openid scope must be requested')
  const audience = requestedAudience(call)
  targetOf(core, call.issuer, audience)
  const expires_in = Math.min(
    Number(field(call, 'requested_expiry') ?? LONGEST_SECONDS) || LONGEST_SECONDS,
    LONGEST_SECONDS,
  )
  const details = authorizationDetails(field(call, 'authorization_details'))
  const auth_req_id = core.random.text(48)
  askForApproval(core, {
    table: REQUESTS,
    key: auth_req_id,
    record: {
      client_id: String(client.client_id),
      user_id: String(user.user_id),
      scope,
      expires_at: core.clock.now() + expires_in * 1000,
      ...(audience === undefined ? {} : { audience }),
      ...(details ? { authorization_details: details } : {}),
    },
    message: { to: String(user.email ?? user.user_id), user_id: String(user.user_id), text },
  })
  const { client_id, name: client_name } = client
  core.log({
    type: 'ciba_start_succeeded',
    description: '',
    client_id,
    client_name,
    user_id: user.user_id,
    ip: call.ip,
  })
  return { status: 200, json: { auth_req_id, expires_in, interval: INTERVAL_SECONDS } }
}

function hintedUser(call: AuthenticationCall, hint: string): JsonObject {
  const parsed = parsedHint(hint)
  const user =
    parsed?.format === 'iss_sub' && parsed.iss === call.issuer
      ? call.core.tables.users.get(String(parsed.sub))
      : undefined
  if (user) return user
  const text = 'login_hint must be the JSON text { "format": "iss_sub", "iss": the issuer, "sub": a user id }.'
  throw new AuthenticationFailure(400, 'invalid_request', text)
}

function parsedHint(hint: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(hint)
    return isJsonObject(value) ? value : undefined
  } catch {
    // No JSON is no hint; the caller answers with the form that is expected.
    return undefined
  }
}

/**
 * The record of a consent that was given, spent.
 * @throws 400 `authorization_pending`, 429 `slow_down`, 400 `access_denied` for refusal and expiry alike
 */
export function redeemBackchannelRequest(core: Core, client: JsonObject, id: string): JsonObject {
  const requests = collection(core.tables, REQUESTS)
  const record = requests.get(id)
  if (!record || record.client_id !== client.client_id)
    throw new AuthenticationFailure(400, 'invalid_grant', 'Invalid or expired auth_req_id.')
  const expired = Number(record.expires_at) <= core.clock.now()
  if (record.status === 'pending' && !expired) {
    if (pollsEarly(core, REQUESTS, id, INTERVAL_SECONDS * 1000))
      throw new AuthenticationFailure(
        429,
        'slow_down',
        'You are polling faster than allowed. Wait before the next request.',
        {
          extra: { interval: INTERVAL_SECONDS },
          headers: { 'Retry-After': String(INTERVAL_SECONDS) },
        },
      )
    throw new AuthenticationFailure(400, 'authorization_pending', 'The end-user authorization is pending')
  }
  requests.delete(id)
  if (record.status === 'approved' && !expired) return record
  throw new AuthenticationFailure(
    400,
    'access_denied',
    'The end-user denied the authorization request or it has been expired',
  )
}
