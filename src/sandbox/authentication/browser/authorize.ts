import type { JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
} from '../call.ts'
import { clientNamed } from '../client-authentication.ts'
import { authorizationParameters } from '../pushed-request.ts'
import { connectionsFor } from './connections.ts'
import { browserCookie } from './cookies.ts'
import { messagePage } from './pages/index.ts'
import { openInvitation } from './people.ts'
import { proceed, refusal } from './proceed.ts'
import { type AuthorizationRequest, checkRequest, returnAddress } from './request.ts'
import { liveSession } from './sessions.ts'
import { type BrowserLogin, startLogin } from './state.ts'

/**
 * `GET` and `POST /authorize`: starts a login in the browser, or goes on with its session. What cannot be told to the
 * application, since there is no address to return to, is a page for browsers and JSON for everybody else.
 */
export const authorize: AuthenticationEndpoint = async (call) => {
  try {
    return await begin(call)
  } catch (error) {
    if (!(error instanceof AuthenticationFailure) || !call.headers.accept?.includes('text/html')) throw error
    return messagePage(error.status, 'The application sent a wrong request', error.message)
  }
}

async function begin(request: AuthenticationCall): Promise<AuthenticationReply> {
  const sent = { ...request.query, ...textsOf(request.body) }
  const pushed = sent.request_uri !== undefined
  // A parameter without a value counts as left out (RFC 6749, 3.1).
  const parameters = withValues(authorizationParameters({ ...request, query: sent }))
  const call = { ...request, query: parameters, body: parameters }
  const client = clientNamed(call, parameters.client_id)
  const address = returnAddress(call, client)
  try {
    if (client.require_pushed_authorization_requests === true && !pushed)
      throw new AuthenticationFailure(400, 'invalid_request', 'The application must push its authorization requests.')
    const asked = checkRequest(call, client, address)
    checkInvitation(call, asked)
    checkConnection(call)
    const login = startLogin(request, {
      purpose: 'authorize',
      client_id: String(client.client_id),
      parameters,
      ...known(call, asked),
    })
    const reply = await proceed(request, login)
    // The end of a login brings a cookie of its own.
    return { ...reply, headers: { ...browserCookie(request, login.browser), ...reply.headers } }
  } catch (error) {
    if (!(error instanceof AuthenticationFailure)) throw error
    return refusal(request, client, address, error)
  }
}

/** An invitation is open, and to the organization that the request names. */
function checkInvitation({ core, query }: AuthenticationCall, { organization }: AuthorizationRequest): void {
  if (query.invitation === undefined) return
  const open = openInvitation(core, query.invitation)
  if (open !== undefined && (organization === undefined || organization.id === open.organization_id)) return
  throw new AuthenticationFailure(400, 'invalid_request', 'invitation not found or already used')
}

/** A connection that the request names is there, and the application may use it. */
function checkConnection({ core, query }: AuthenticationCall): void {
  const { client_id = '', connection } = query
  if (connection === undefined || connection === '') return
  if (core.tables.connections.find('name', connection) === undefined)
    throw new AuthenticationFailure(400, 'invalid_request', 'the connection was not found')
  if (!connectionsFor(core, client_id, undefined).some((each) => each.name === connection))
    throw new AuthenticationFailure(400, 'invalid_request', 'the connection is not enabled')
}

function withValues(parameters: Readonly<Record<string, string>>): Record<string, string> {
  // A signed request is refused in whatever form it comes.
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => value !== '' || name === 'request'))
}

function textsOf(body: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
}

/** What is known of the person already: their session, unless the request wants a new login. */
function known(call: AuthenticationCall, { maxAge, prompts }: AuthorizationRequest): Partial<BrowserLogin> {
  const { core, query } = call
  const now = core.clock.now()
  if (core.signsInByLoginHint && query.login_hint !== undefined) {
    const user = personOf(core, query.login_hint)
    if (user) return { user_id: String(user.user_id), at: now, fresh: true, chosen: true }
  }
  const session = liveSession(call)
  // Who accepts an invitation shows that it is theirs, also where somebody else is signed in.
  if (!session || query.invitation !== undefined || prompts.includes('login')) return {}
  if (maxAge !== undefined && now - session.at > maxAge * 1000) return {}
  if (query.connection !== undefined && session.connection !== undefined && session.connection !== query.connection)
    return {}
  return {
    user_id: String(session.user.user_id),
    at: session.at,
    sid: session.id,
    mfa: session.mfa,
    ...(session.connection === undefined ? {} : { connection: session.connection }),
  }
}

function personOf(core: Core, hint: string): JsonObject | undefined {
  const wanted = hint.toLowerCase()
  return core.tables.users.get(hint) ?? [...core.tables.users.values()].find((user) => user.email === wanted)
}
