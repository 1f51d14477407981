import { isJsonObject, type JsonObject } from '../../../../plan/index.ts'
import { html } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, type AuthenticationReply, field } from '../../call.ts'
import { createAccount } from '../../database.ts'
import { allowsSignup, displayName } from '../connections.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkInvitee, invitationOf, inviteeOf } from '../people.ts'
import { loginOf, submittedLogin } from '../state.ts'
import { entered } from './entry.ts'
import { form, introduction, loginPage, messagePage, problem } from './layout.ts'
import { offersOf } from './login.ts'

/** `GET /u/signup`: a new account. */
export const showSignup: AuthenticationEndpoint = (call) => drawn(flowOf(call, loginOf(call)))

function drawn(flow: Flow, wrong?: string): AuthenticationReply {
  const { call, login } = flow
  const open = offersOf(flow).database.filter(allowsSignup)
  if (open.length === 0)
    return messagePage(403, 'No sign-up here', 'This tenant has no connection where people sign up.')
  const email = field(call, 'email') ?? login.parameters.login_hint ?? inviteeOf(invitationOf(call.core, login)) ?? ''
  const place =
    open.length === 1
      ? undefined
      : html`<label for="connection">Directory</label><select id="connection" name="connection">${open.map(
          (each) => html`<option value="${String(each.name)}">${displayName(each)}</option>`,
        )}</select>`
  const name = open.some(wantsUsername)
    ? html`<label for="username">Username</label><input id="username" name="username" autocomplete="username" value="${field(call, 'username') ?? ''}">`
    : undefined
  const fields = html`${place}<label for="email">Email address</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="email" required autofocus>${name}
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password" required>
<button class="main" name="action" value="default">Continue</button>`
  return loginPage(flow, {
    title: 'Sign up',
    status: wrong === undefined ? 200 : 400,
    body: html`${introduction(flow)}${problem(wrong)}${form(login, 'signup', fields)}
<p>Already have an account? <a href="/u/login?state=${login.id}">Sign in</a></p>`,
  })
}

function wantsUsername({ options }: JsonObject): boolean {
  if (!isJsonObject(options)) return false
  return options.requires_username === true || (isJsonObject(options.attributes) && 'username' in options.attributes)
}

/** `POST /u/signup`. */
export const sendSignup: AuthenticationEndpoint = async (call) => {
  const login = submittedLogin(call)
  const flow = flowOf(call, login)
  const open = offersOf(flow).database.filter(allowsSignup)
  const connection = open.find((each) => each.name === field(call, 'connection')) ?? open[0]
  if (!connection) return drawn(flow)
  try {
    checkInvitee(call.core, login, field(call, 'email'))
    const made = createAccount(call, flow.client, connection)
    if (made.kind === 'refused') return drawn(flow, wordsFor(made.code, made.description))
    return await entered(call, login, made.user, String(connection.name))
  } catch (error) {
    if (error instanceof AuthenticationFailure) return drawn(flow, error.message)
    throw error
  }
}

function wordsFor(code: string, description: string): string {
  return code === 'invalid_signup' && description === 'Invalid sign up'
    ? 'Something went wrong: there may be an account with these details already. Sign in instead.'
    : description
}
