import { html } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, field } from '../../call.ts'
import { flowOf } from '../flow.ts'
import { proceed } from '../proceed.ts'
import { keep, loginOf, submittedLogin } from '../state.ts'
import { form, introduction, loginPage } from './layout.ts'

/** `GET /u/account`: with which account to go on, where the browser has a session. */
export const showAccount: AuthenticationEndpoint = (call) => {
  const login = loginOf(call)
  const flow = flowOf(call, login)
  const user = call.core.tables.users.get(login.user_id ?? '')
  const name = String(user?.email ?? user?.name ?? login.user_id ?? '')
  return loginPage(flow, {
    title: 'Choose an account',
    body: html`${introduction(flow)}${form(
      login,
      'account',
      html`<button class="main" name="action" value="continue">Continue as ${name}</button><button name="action" value="other">Use another account</button>`,
    )}`,
  })
}

/** `POST /u/account`. */
export const sendAccount: AuthenticationEndpoint = (call) => {
  const login = submittedLogin(call)
  if (field(call, 'action') !== 'other') return proceed(call, keep(call.core, { ...login, chosen: true }))
  const { at: _at, connection: _connection, mfa: _mfa, sid: _sid, user_id: _user, ...rest } = login
  return proceed(call, keep(call.core, { ...rest, chosen: true }))
}
