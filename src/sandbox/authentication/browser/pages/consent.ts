import { html } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, field } from '../../call.ts'
import { rejectDevice } from '../../device.ts'
import { grantScopes } from '../../scopes.ts'
import { userById } from '../../users.ts'
import { noteConsent } from '../consent.ts'
import { type Flow, flowOf } from '../flow.ts'
import { proceed, refusal } from '../proceed.ts'
import { endLogin, keep, loginOf, submittedLogin } from '../state.ts'
import { form, introduction, loginPage, messagePage } from './layout.ts'

const WORDS: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your profile: name, nickname, picture',
  email: 'See your e-mail address',
  address: 'See your address',
  phone: 'See your phone number',
  offline_access: 'Stay signed in while you are away',
}

function scopesOf({ call, client, login, target }: Flow): readonly string[] {
  const user = userById(call.core, String(login.user_id))
  return grantScopes(call.core, client, user, target, login.parameters.scope)
}

/** `GET /u/consent`: what the application wants, and for a device the code on its screen. */
export const showConsent: AuthenticationEndpoint = (call) => {
  const login = loginOf(call)
  const flow = flowOf(call, login)
  const { user_code } = login.parameters
  const device =
    user_code === undefined
      ? undefined
      : html`<p>Make sure that your device shows this code: <code>${user_code}</code></p>`
  const items = scopesOf(flow).map((scope) => html`<li>${WORDS[scope] ?? scope}</li>`)
  const list = items.length === 0 ? undefined : html`<p>The application asks to:</p><ul>${items}</ul>`
  return loginPage(flow, {
    title: user_code === undefined ? 'Authorize the application' : 'Confirm the device',
    body: html`${introduction(flow)}${device}${list}${form(
      login,
      'consent',
      html`<button class="main" name="action" value="accept">Accept</button><button name="action" value="decline">Decline</button>`,
    )}`,
  })
}

/** `POST /u/consent`. */
export const sendConsent: AuthenticationEndpoint = (call) => {
  const login = submittedLogin(call)
  const flow = flowOf(call, login)
  if (field(call, 'action') === 'accept') {
    if (login.purpose === 'authorize') noteConsent(call.core, login, flow.target, scopesOf(flow))
    return proceed(call, keep(call.core, { ...login, consented: true }))
  }
  endLogin(call.core, login)
  if (login.purpose === 'device') {
    rejectDevice(call.core, login.parameters.device_code ?? '')
    return messagePage(200, 'Device not connected', 'The request of the device was declined.')
  }
  const denied = new AuthenticationFailure(403, 'access_denied', 'User did not authorize the request')
  if (flow.address === undefined) throw denied
  return refusal(call, flow.client, flow.address, denied)
}
