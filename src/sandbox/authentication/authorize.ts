import type { JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { requestedAudience, targetOf } from './audience.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
} from './call.ts'
import { clientNamed } from './client-authentication.ts'
import { organizationOf } from './login.ts'
import { authorizationParameters } from './pushed-request.ts'
import { refuseBlocked } from './users.ts'

const LIFETIME = 60_000
const CODES = 'sandbox/authorization-codes'

/**
 * `GET /authorize`: the sandbox has no login page. The person that `login_hint` names (an e-mail address or a user id)
 * counts as signed in, and the browser is sent back with a code at once.
 */
export const authorize: AuthenticationEndpoint = (request) => {
  const query = authorizationParameters(request)
  const call = { ...request, query, body: query }
  const client = clientNamed(call, query.client_id)
  const back = redirectOf(call, client)
  if (query.response_type !== 'code')
    return redirect(call, back, {
      error: 'unsupported_response_type',
      error_description: 'The sandbox supports response_type=code.',
    })
  const user = personOf(call.core, query.login_hint)
  if (!user) return unknownPerson(call, back)
  try {
    return redirect(call, back, { code: startCode(call, client, user, back) })
  } catch (error) {
    if (!(error instanceof AuthenticationFailure)) throw error
    return redirect(call, back, { error: error.error, error_description: error.message })
  }
}

function redirectOf(call: AuthenticationCall, client: JsonObject): string {
  const callbacks = Array.isArray(client.callbacks) ? client.callbacks.map(String) : []
  const asked = call.query.redirect_uri ?? callbacks[0]
  if (asked !== undefined && callbacks.includes(asked)) return asked
  const text = `The redirect URI ${asked ?? ''} is not in the list of allowed callback URLs of the application.`
  throw new AuthenticationFailure(400, 'invalid_request', text)
}

function unknownPerson(call: AuthenticationCall, back: string): AuthenticationReply {
  if (call.query.prompt === 'none')
    return redirect(call, back, { error: 'login_required', error_description: 'Login required' })
  const value =
    '<!doctype html><html><head><title>Sign in</title></head><body><h1>No login page here</h1><p>The sandbox shows no ' +
    'login page. Add login_hint with the e-mail address or the id of one of its users to be signed in as that user.</p></body></html>'
  return { status: 501, text: { type: 'text/html; charset=utf-8', value } }
}

function personOf(core: Core, hint: string | undefined): JsonObject | undefined {
  if (hint === undefined) return undefined
  return (
    core.tables.users.get(hint) ?? [...core.tables.users.values()].find((user) => user.email === hint.toLowerCase())
  )
}

function startCode(call: AuthenticationCall, client: JsonObject, user: JsonObject, redirect_uri: string): string {
  const { core, query } = call
  refuseBlocked(core, user, call.ip)
  const audience = requestedAudience(call)
  targetOf(core, call.issuer, audience)
  const organization = organizationOf(call, user)
  const code = core.random.text(43)
  const { code_challenge, code_challenge_method, nonce, scope } = query
  collection(core.tables, CODES).set(code, {
    client_id: String(client.client_id),
    user_id: String(user.user_id),
    redirect_uri,
    expires_at: core.clock.now() + LIFETIME,
    ...(audience === undefined ? {} : { audience }),
    ...(scope === undefined ? {} : { scope }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(organization ? { organization: String(organization.id) } : {}),
    ...(code_challenge === undefined ? {} : { challenge: code_challenge, method: code_challenge_method ?? 'plain' }),
  })
  return code
}

function redirect(
  call: AuthenticationCall,
  back: string,
  answer: Readonly<Record<string, string>>,
): AuthenticationReply {
  const { response_mode, state } = call.query
  const url = new URL(back)
  const values = new URLSearchParams({ ...answer, ...(state === undefined ? {} : { state }) })
  if (response_mode === 'fragment') url.hash = values.toString()
  else for (const [name, value] of values) url.searchParams.set(name, value)
  return { status: 302, headers: { Location: url.toString() } }
}

/** The record of an authorization code, spent: it is good once, and for this application only. */
export function redeemCode(core: Core, client: JsonObject, code: string): JsonObject {
  const codes = collection(core.tables, CODES)
  const record = codes.get(code)
  codes.delete(code)
  if (!record || record.client_id !== client.client_id || Number(record.expires_at) <= core.clock.now())
    throw new AuthenticationFailure(403, 'invalid_grant', 'Invalid authorization code')
  return record
}
