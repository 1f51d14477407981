import { html, type Markup } from '../../../markup/index.ts'
import type { Connection } from '../../../tenant/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, type AuthenticationReply, field } from '../../call.ts'
import { proveByPassword } from '../../credentials.ts'
import { mailPasswordLink } from '../../database.ts'
import { allowsSignup, connectionsFor, displayName, offerOf } from '../connections.ts'
import { type Flow, flowOf } from '../flow.ts'
import { invitationOf, inviteeOf } from '../people.ts'
import { loginOf, submittedLogin } from '../state.ts'
import { entered } from './entry.ts'
import { form, introduction, loginPage, problem } from './layout.ts'

/** The connections of a login by what the page does with them. */
export function offersOf(flow: Flow): Readonly<Record<'database' | 'passwordless' | 'social', readonly Connection[]>> {
  const { call, login, request } = flow
  const organization = request.organization === undefined ? undefined : String(request.organization.id)
  const all = connectionsFor(call.core, login.client_id, organization)
  const named = all.filter((each) => each.name === login.parameters.connection)
  const offered = named.length > 0 ? named : all
  const of = (offer: string): readonly Connection[] => offered.filter((each) => offerOf(each) === offer)
  return { database: of('database'), passwordless: of('passwordless'), social: of('social') }
}

/** `GET /u/login`: user name and password, and the other ways in. */
export const showLogin: AuthenticationEndpoint = (call) => drawn(flowOf(call, loginOf(call)))

function drawn(flow: Flow, wrong?: string): AuthenticationReply {
  const { call, login } = flow
  const { database, passwordless, social } = offersOf(flow)
  const known =
    field(call, 'username') ?? login.parameters.login_hint ?? inviteeOf(invitationOf(call.core, login)) ?? ''
  const password = html`<label for="username">Email or username</label>
<input id="username" name="username" value="${known}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main" name="action" value="default">Continue</button>`
  const more = [
    ...(database.some(allowsSignup)
      ? [html`<p>No account yet? <a href="/u/signup?state=${login.id}">Sign up</a></p>`]
      : []),
    ...(database.length > 0 ? [html`<p><a href="/u/reset-request?state=${login.id}">Forgot password?</a></p>`] : []),
  ]
  return loginPage(flow, {
    title: 'Sign in',
    status: wrong === undefined ? 200 : 400,
    body: html`${introduction(flow)}${problem(wrong)}${database.length > 0 ? form(login, 'login', password) : undefined}${more}${otherWays(flow, passwordless, social)}`,
  })
}

function otherWays({ login }: Flow, passwordless: readonly Connection[], social: readonly Connection[]): Markup {
  const links = [
    ...passwordless.map(
      (each) =>
        html`<li><a href="/u/passwordless?state=${login.id}&amp;connection=${String(each.name)}">Continue with ${displayName(each)}</a></li>`,
    ),
    ...social.map(
      (each) =>
        html`<li><a href="/u/social?state=${login.id}&amp;connection=${String(each.name)}">Continue with ${displayName(each)}</a></li>`,
    ),
  ]
  if (links.length === 0) return html``
  return html`<hr><h2 id="ways">Other ways</h2><ul aria-labelledby="ways">${links}</ul>`
}

/** `POST /u/login`. */
export const sendLogin: AuthenticationEndpoint = async (call) => {
  const login = submittedLogin(call)
  const flow = flowOf(call, login)
  try {
    const { database } = offersOf(flow)
    const { connection, user } = proveByPassword(
      call,
      flow.client,
      database,
      field(call, 'username') ?? '',
      field(call, 'password') ?? '',
    )
    return await entered(call, login, user, connection)
  } catch (error) {
    if (error instanceof AuthenticationFailure) return drawn(flow, error.message)
    throw error
  }
}

/** `GET /u/reset-request`: asks for the address that a link to change the password goes to. */
export const showResetRequest: AuthenticationEndpoint = (call) => {
  const login = loginOf(call)
  const fields = html`<label for="email">Email address</label><input id="email" name="email" type="email" autocomplete="email" required>
<button class="main">Send the link</button>`
  return loginPage(flowOf(call, login), {
    title: 'Forgot your password?',
    body: html`<p>A link to choose a new password is sent to your e-mail address.</p>${form(login, 'reset-request', fields)}
<p><a href="/u/login?state=${login.id}">Back to sign in</a></p>`,
  })
}

/** `POST /u/reset-request`: says the same whether there is such a person or not. */
export const sendResetRequest: AuthenticationEndpoint = (call) => {
  const login = submittedLogin(call)
  const flow = flowOf(call, login)
  for (const connection of offersOf(flow).database) mailPasswordLink(call, connection, field(call, 'email') ?? '')
  return loginPage(flow, {
    title: 'Check your e-mail',
    body: html`<p role="status">If there is an account for this address, a link to change its password is on its way.</p>
<p><a href="/u/login?state=${login.id}">Back to sign in</a></p>`,
  })
}
