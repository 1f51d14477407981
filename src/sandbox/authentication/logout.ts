import { decodeJwt } from 'jose'
import type { JsonObject } from '../../plan/index.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
} from './call.ts'
import { clientNamed } from './client-authentication.ts'

/** `GET /v2/logout`: sends the browser to an allowed return address. */
export const logout: AuthenticationEndpoint = (call) => leave(call, call.query.client_id, call.query.returnTo)

/** `GET` and `POST /oidc/logout`: the same by OpenID Connect's names, with the hints checked against each other. */
export const oidcLogout: AuthenticationEndpoint = (call) => {
  const parameters = { ...call.query, ...stringsOf(call.body) }
  const { client_id, id_token_hint, logout_hint, post_logout_redirect_uri, state } = parameters
  const hint = id_token_hint === undefined ? undefined : claimsOf(id_token_hint)
  const audience = typeof hint?.aud === 'string' ? hint.aud : undefined
  if (client_id !== undefined && audience !== undefined && client_id !== audience)
    throw new AuthenticationFailure(400, 'invalid_request', 'The client_id is not the audience of the id_token_hint.')
  if (logout_hint !== undefined && hint !== undefined && hint.sid !== logout_hint)
    throw new AuthenticationFailure(400, 'invalid_request', 'The logout_hint is not the sid of the id_token_hint.')
  return leave(call, client_id ?? audience, post_logout_redirect_uri, state)
}

function leave(
  call: AuthenticationCall,
  clientId: string | undefined,
  asked: string | undefined,
  state?: string,
): AuthenticationReply {
  const settings = call.core.tables.documents.get('tenant')
  const owner: JsonObject | undefined = clientId === undefined ? settings : clientNamed(call, clientId)
  const allowed = Array.isArray(owner?.allowed_logout_urls) ? owner.allowed_logout_urls.map(String) : []
  const target = asked ?? allowed[0]
  if (target === undefined) return { status: 200, text: { type: 'text/plain; charset=utf-8', value: 'OK' } }
  if (asked !== undefined && !allowed.includes(asked)) {
    const list = clientId === undefined ? "the tenant's" : "the application's"
    throw new AuthenticationFailure(
      400,
      'invalid_request',
      `The return URL ${asked} is not in ${list} allowed logout URLs.`,
    )
  }
  const url = new URL(target)
  if (state !== undefined) url.searchParams.set('state', state)
  return { status: 302, headers: { Location: state === undefined ? target : url.toString() } }
}

function stringsOf(body: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
}

function claimsOf(token: string): JsonObject {
  try {
    return decodeJwt(token) as JsonObject
  } catch {
    throw new AuthenticationFailure(400, 'invalid_request', 'The id_token_hint is no JSON Web Token.')
  }
}
