import { html } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, type AuthenticationReply, field } from '../../call.ts'
import { type Flow, flowOf } from '../flow.ts'
import { organizationsOf } from '../people.ts'
import { proceed } from '../proceed.ts'
import { keep, loginOf, submittedLogin } from '../state.ts'
import { form, introduction, loginPage, problem } from './layout.ts'

/** `GET /u/organization`: the organizations that a person belongs to; before a login, a field for the name of one. */
export const showOrganization: AuthenticationEndpoint = (call) => {
  const login = loginOf(call)
  const flow = flowOf(call, login)
  if (login.user_id === undefined) return asked(flow)
  const buttons = organizationsOf(call.core, String(login.user_id)).map(
    (each) =>
      html`<button name="organization" value="${String(each.id)}">${String(each.display_name ?? each.name)}</button>`,
  )
  return loginPage(flow, {
    title: 'Choose your organization',
    body: html`${introduction(flow)}${form(login, 'organization', buttons)}`,
  })
}

function asked(flow: Flow, wrong?: string): AuthenticationReply {
  const { call, login } = flow
  const fields = html`<label for="name">Name of your organization</label>
<input id="name" name="organization_name" value="${field(call, 'organization_name') ?? ''}" autocomplete="organization" autocapitalize="none" spellcheck="false" required autofocus>
<button class="main">Continue</button>`
  return loginPage(flow, {
    title: 'Enter your organization',
    status: wrong === undefined ? 200 : 400,
    body: html`${introduction(flow)}${problem(wrong)}${form(login, 'organization', fields)}`,
  })
}

/** `POST /u/organization`. */
export const sendOrganization: AuthenticationEndpoint = (call) => {
  const login = submittedLogin(call)
  if (login.user_id === undefined) {
    const name = field(call, 'organization_name')?.toLowerCase()
    const found = name === undefined ? undefined : call.core.tables.organizations.find('name', name)
    if (found === undefined) return asked(flowOf(call, login), 'There is no organization of this name.')
    return proceed(call, keep(call.core, { ...login, parameters: { ...login.parameters, organization: found.id } }))
  }
  const organization_id = field(call, 'organization') ?? ''
  const own = organizationsOf(call.core, String(login.user_id)).some((each) => each.id === organization_id)
  if (!own) throw new AuthenticationFailure(400, 'invalid_request', 'You do not belong to this organization.')
  return proceed(call, keep(call.core, { ...login, organization_id }))
}
