import { html } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, field } from '../../call.ts'
import { flowOf } from '../flow.ts'
import { organizationsOf } from '../people.ts'
import { proceed } from '../proceed.ts'
import { keep, loginOf, submittedLogin } from '../state.ts'
import { form, introduction, loginPage } from './layout.ts'

/** `GET /u/organization`: the organizations that a person belongs to. */
export const showOrganization: AuthenticationEndpoint = (call) => {
  const login = loginOf(call)
  const flow = flowOf(call, login)
  const buttons = organizationsOf(call.core, String(login.user_id)).map(
    (each) =>
      html`<button name="organization" value="${String(each.id)}">${String(each.display_name ?? each.name)}</button>`,
  )
  return loginPage(flow, {
    title: 'Choose your organization',
    body: html`${introduction(flow)}${form(login, 'organization', buttons)}`,
  })
}

/** `POST /u/organization`. */
export const sendOrganization: AuthenticationEndpoint = (call) => {
  const login = submittedLogin(call)
  const organization_id = field(call, 'organization') ?? ''
  const own = organizationsOf(call.core, String(login.user_id)).some((each) => each.id === organization_id)
  if (!own) throw new AuthenticationFailure(400, 'invalid_request', 'You do not belong to this organization.')
  return proceed(call, keep(call.core, { ...login, organization_id }))
}
