import { decodeJwt, jwtVerify } from 'jose'
import type { JsonObject } from '../../../plan/index.ts'
import { html } from '../../markup/index.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
} from '../call.ts'
import { clientNamed } from '../client-authentication.ts'
import { signerOf } from '../signer.ts'
import { isAllowed, listed, originOf } from './callbacks.ts'
import { forgetBrowser } from './cookies.ts'
import { messagePage, page } from './pages/index.ts'
import { endSession, liveSession } from './sessions.ts'
import { requireOwnOrigin } from './state.ts'

/** `GET /v2/logout`: ends the session of the browser, and sends it to an allowed return address. */
export const logout: AuthenticationEndpoint = (call) => {
  const { client_id, returnTo } = call.query
  return leave(call, client_id, targetOf(call, client_id, returnTo))
}

/**
 * `GET` and `POST /oidc/logout`: the same by OpenID Connect's names, with the hints checked against each other. A person
 * who is signed in and whom no hint names is asked first.
 */
export const oidcLogout: AuthenticationEndpoint = async (call) => {
  const parameters = { ...call.query, ...textsOf(call.body) }
  const { client_id, id_token_hint, logout_hint, post_logout_redirect_uri, state } = parameters
  const hint = id_token_hint === undefined ? undefined : await claimsOf(call, id_token_hint)
  const audience = typeof hint?.aud === 'string' ? hint.aud : undefined
  if (client_id !== undefined && audience !== undefined && client_id !== audience)
    throw new AuthenticationFailure(400, 'invalid_request', 'The client_id is not the audience of the id_token_hint.')
  if (logout_hint !== undefined && hint !== undefined && hint.sid !== logout_hint)
    throw new AuthenticationFailure(400, 'invalid_request', 'The logout_hint is not the sid of the id_token_hint.')
  const id = client_id ?? audience
  const target = targetOf(call, id, post_logout_redirect_uri)
  const session = liveSession(call)
  if (session && hint === undefined && logout_hint !== session.id) {
    if (call.method !== 'POST' || parameters.confirmed !== 'yes') return question(parameters, target)
    requireOwnOrigin(call)
  }
  if (target === undefined || state === undefined) return leave(call, id, target)
  const url = new URL(target)
  url.searchParams.set('state', state)
  return leave(call, id, url.toString())
}

function question(parameters: Readonly<Record<string, string>>, target: string | undefined): AuthenticationReply {
  const fields = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return page({
    title: 'Sign out?',
    body: html`<form method="post" action="/oidc/logout">${fields}<button class="main" name="confirmed" value="yes">Sign out</button></form>`,
    ...(target === undefined ? {} : { leadsTo: originOf(target) }),
  })
}

/** Where a logout returns to: the address that was asked for, else the first that is allowed. */
function targetOf(
  call: AuthenticationCall,
  clientId: string | undefined,
  asked: string | undefined,
): string | undefined {
  const settings = call.core.tables.documents.get('tenant')
  const owner: JsonObject | undefined = clientId === undefined ? settings : clientNamed(call, clientId)
  const allowed = listed(owner, 'allowed_logout_urls')
  if (asked === undefined || isAllowed(allowed, asked, { ignoreQuery: true })) return asked ?? allowed[0]
  const list = clientId === undefined ? "the tenant's" : "the application's"
  const text = `The return URL ${asked} is not in ${list} allowed logout URLs.`
  throw new AuthenticationFailure(400, 'invalid_request', text)
}

function leave(
  call: AuthenticationCall,
  clientId: string | undefined,
  target: string | undefined,
): AuthenticationReply {
  const session = endSession(call)
  if (session)
    call.core.log({
      type: 'slo',
      description: 'User successfully logged out',
      user_id: session.user.user_id,
      user_name: session.user.email,
      client_id: clientId,
      ip: call.ip,
      details: { session_id: session.id },
    })
  const headers = { ...forgetBrowser(call), 'Cache-Control': 'no-store' }
  if (target !== undefined) return { status: 302, headers: { Location: target, ...headers } }
  if (!call.headers.accept?.includes('text/html'))
    return { status: 200, text: { type: 'text/plain; charset=utf-8', value: 'OK' }, headers }
  const said = messagePage(200, 'Signed out', 'You are signed out.')
  return { ...said, headers: { ...said.headers, ...headers } }
}

function textsOf(body: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
}

/** The claims of an ID token of this tenant. An expired one is still a hint, so its lifetime does not count. */
async function claimsOf({ core }: AuthenticationCall, token: string): Promise<JsonObject> {
  const wrong = (): AuthenticationFailure =>
    new AuthenticationFailure(400, 'invalid_request', 'The id_token_hint is not an ID token of this tenant.')
  try {
    const client = core.tables.clients.get(String(decodeJwt(token).aud))
    const options = { currentDate: new Date(0) }
    const secret = new TextEncoder().encode(String(client?.client_secret ?? ''))
    const verified = token.startsWith(HS256)
      ? await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })
      : await jwtVerify(token, signerOf(core), { ...options, algorithms: ['RS256'] })
    return verified.payload as JsonObject
  } catch {
    throw wrong()
  }
}

const HS256 = Buffer.from('{"alg":"HS256"').toString('base64url').slice(0, 18)
