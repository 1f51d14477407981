import { keepCode } from '../authorization-codes.ts'
import type { AuthenticationReply } from '../call.ts'
import { approveDevice } from '../device.ts'
import { issueIdToken } from '../id-token.ts'
import { issueTokens } from '../login.ts'
import type { Login } from '../login-state.ts'
import { grantScopes } from '../scopes.ts'
import { noteLogin, userById } from '../users.ts'
import { browserCookie } from './cookies.ts'
import type { Flow } from './flow.ts'
import { messagePage } from './pages/layout.ts'
import { respond } from './respond.ts'
import { forgetOldBrowser, keepSession } from './sessions.ts'
import { type BrowserLogin, endLogin, secretText } from './state.ts'

/** Ends a login that has passed every page: opens its session, and answers what it was for. */
export async function finish(flow: Flow): Promise<AuthenticationReply> {
  const { call, login } = flow
  const { core } = call
  // A cookie that was known before the person proved themself is worth nothing afterwards.
  const browser = login.fresh === true ? secretText() : login.browser
  if (browser !== login.browser) forgetOldBrowser(core, login.browser)
  if (login.purpose === 'enrol') {
    endLogin(core, login)
    return messagePage(200, 'You are enrolled', 'Your second factor is set up. You can close this page.')
  }
  const sid = keepSession(call, login, browser)
  endLogin(core, login)
  noteEntry(flow, sid)
  const cookie = browserCookie(call, browser)
  if (login.purpose === 'device') {
    approveDevice(core, login.parameters.device_code ?? '', {
      user_id: String(login.user_id),
      sid,
      mfa: login.mfa === true,
      settled: true,
    })
    const page = messagePage(200, 'Congratulations, you are all set', 'Your device is now connected.')
    return { ...page, headers: { ...page.headers, ...cookie } }
  }
  if (!flow.address) throw new Error('An authorization request has no return address; this is a defect of tenantlab.')
  const reply = respond(flow.address, await answer(flow, sid))
  return { ...reply, headers: { ...reply.headers, ...cookie } }
}

/** Notes the login in the profile and the logs: `s` for a person who came in, `ssa` for one whose session was there. */
function noteEntry({ call, client, login }: Flow, sid: string): void {
  const { core, host, ip } = call
  const user = userById(core, String(login.user_id))
  if (login.fresh === true) noteLogin(core, user, ip)
  core.log({
    type: login.fresh === true ? 's' : 'ssa',
    description: '',
    client_id: client.client_id,
    client_name: client.name,
    user_id: user.user_id,
    user_name: user.email,
    hostname: host.name,
    ip,
    user_agent: call.headers['user-agent'],
    details: { session_id: sid },
    ...(login.connection === undefined ? {} : { connection: login.connection }),
    ...(login.organization_id === undefined ? {} : { organization_id: login.organization_id }),
  })
}

async function answer(flow: Flow, sid: string): Promise<Readonly<Record<string, string>>> {
  const { call, login, request } = flow
  const { core, issuer } = call
  const told: Record<string, string> = {}
  const { parts } = request
  if (parts.includes('code')) told.code = codeFor(flow, sid)
  const front = loginFor(flow, sid)
  if (parts.includes('token')) {
    const tokens = await issueTokens(
      call,
      { ...front, scopes: front.scopes.filter((each) => each !== 'offline_access') },
      'none',
      true,
    )
    told.access_token = String(tokens.access_token)
    told.token_type = 'Bearer'
    told.expires_in = String(tokens.expires_in)
    if (typeof tokens.scope === 'string') told.scope = tokens.scope
  }
  if (parts.includes('id_token')) {
    told.id_token = await issueIdToken(core, {
      issuer,
      client: front.client,
      user: front.user,
      scopes: front.scopes,
      sid,
      ...(told.access_token === undefined ? {} : { accessToken: told.access_token }),
      ...(told.code === undefined ? {} : { code: told.code }),
      ...(front.nonce === undefined ? {} : { nonce: front.nonce }),
      ...(front.organization ? { organization: front.organization } : {}),
      ...(front.authTime === undefined ? {} : { authTime: front.authTime }),
      ...(login.mfa === true ? { amr: ['mfa'] } : {}),
    })
  }
  return told
}

function loginFor({ audience, call, client, login, request, target }: Flow, sid: string): Login {
  const { core } = call
  const user = userById(core, String(login.user_id))
  const organization = core.tables.organizations.get(login.organization_id ?? '')
  const { nonce, scope } = login.parameters
  return {
    client,
    user,
    scopes: grantScopes(core, client, user, target, scope),
    mfa: login.mfa === true,
    sid,
    ...(audience === undefined ? {} : { audience }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(organization ? { organization } : {}),
    ...(request.maxAge === undefined ? {} : { authTime: authTime(login) }),
    ...(request.details ? { authorizationDetails: request.details } : {}),
  }
}

function authTime(login: BrowserLogin): number {
  return Math.floor(Number(login.at) / 1000)
}

function codeFor({ audience, call, login, request }: Flow, sid: string): string {
  const { code_challenge, nonce, redirect_uri, scope } = login.parameters
  return keepCode(call.core, {
    client_id: login.client_id,
    user_id: login.user_id,
    sid,
    mfa: login.mfa === true,
    redirect_uri,
    audience,
    scope,
    nonce,
    challenge: code_challenge,
    organization: login.organization_id,
    connection: login.connection,
    auth_time: request.maxAge === undefined ? undefined : authTime(login),
    authorization_details: request.details,
  })
}
