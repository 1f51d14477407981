import { isJsonObject, type JsonObject } from '../../../../plan/index.ts'
import { redeemTicket, withPassword } from '../../../management/index.ts'
import { html } from '../../../markup/index.ts'
import { type AuthenticationCall, type AuthenticationEndpoint, type AuthenticationReply, field } from '../../call.ts'
import { passwordWeakness } from '../../password-check.ts'
import { identitiesOf } from '../../users.ts'
import { browserCookie } from '../cookies.ts'
import { proceed } from '../proceed.ts'
import { startLogin } from '../state.ts'
import { messagePage, page, problem } from './layout.ts'

const gone = (): AuthenticationReply =>
  messagePage(400, 'Link expired', 'This link is unknown, was used before, or has expired. Ask for a new one.')

/** The ticket of a call while it is good, without spending it. */
function openTicket({ core, query }: AuthenticationCall, kind: string): JsonObject | undefined {
  const ticket = core.tables.tickets.get(query.ticket ?? '')
  return ticket?.kind === kind && Number(ticket.expires_at) >= core.clock.now() ? ticket : undefined
}

/** `GET /u/email-verification`: redeems the link of a verification mail. */
export const verifyEmailPage: AuthenticationEndpoint = (call) => {
  const ticket = openTicket(call, 'email-verification') ? redeemTicket(call.core, call.query.ticket ?? '') : undefined
  if (!ticket) return gone()
  return returned(ticket.result_url) ?? messagePage(200, 'Email verified', 'The e-mail address is verified.')
}

/** `GET /u/reset-verify`: asks for the new password. */
export const resetPage: AuthenticationEndpoint = (call) => (openTicket(call, 'password-change') ? resetForm() : gone())

function resetForm(wrong?: string): AuthenticationReply {
  return page({
    title: 'Choose a new password',
    status: wrong === undefined ? 200 : 400,
    body: html`${problem(wrong)}<form method="post"><label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus>
<label for="again">New password once more</label><input id="again" name="confirm_password" type="password" autocomplete="new-password" required>
<button class="main">Change the password</button></form>`,
  })
}

/** `POST /u/reset-verify`: redeems the link of a password mail with the new password. The ticket itself is the proof. */
export const resetPassword: AuthenticationEndpoint = (call) => {
  const ticket = openTicket(call, 'password-change')
  const user = call.core.tables.users.get(String(ticket?.user_id ?? ''))
  if (!ticket || !user) return gone()
  const password = field(call, 'password')
  const again = field(call, 'confirm_password')
  if (password === undefined) return resetForm('Enter the new password.')
  if (again !== undefined && again !== password) return resetForm('The two passwords are not the same.')
  const weakness = weaknessOf(call, user, password)
  if (weakness !== undefined) return resetForm(weakness)
  if (!redeemTicket(call.core, call.query.ticket ?? '')) return gone()
  const verified = call.core.tables.users.get(String(user.user_id)) ?? user
  call.core.tables.users.set(String(user.user_id), withPassword(verified, password))
  call.core.log({ type: 'scp', description: 'Password changed', user_id: user.user_id, ip: call.ip })
  return returned(ticket.result_url) ?? messagePage(200, 'Password changed', 'The password is changed.')
}

function weaknessOf({ core }: AuthenticationCall, user: JsonObject, password: string): string | undefined {
  const name = identitiesOf(user)[0]?.connection
  const connection = [...core.tables.connections.values()].find((each) => each.name === name)
  return connection === undefined ? undefined : passwordWeakness(connection, user, password)
}

function returned(url: unknown): AuthenticationReply | undefined {
  return typeof url === 'string' && url !== '' ? { status: 302, headers: { Location: url } } : undefined
}

/** `GET /guardian/enroll`: the link of an enrolment ticket, good for one factor. */
export const enrolPage: AuthenticationEndpoint = async (call) => {
  const { core } = call
  const ticket = openTicket(call, 'guardian-enrollment')
  const client =
    [...core.tables.clients.values()].find((each) => each.global === true) ?? [...core.tables.clients.values()][0]
  if (!ticket || !client) return gone()
  redeemTicket(core, String(ticket.id))
  const login = startLogin(call, {
    purpose: 'enrol',
    client_id: String(client.client_id),
    parameters: typeof ticket.factor === 'string' ? { factor: ticket.factor } : {},
    user_id: String(ticket.user_id),
    at: core.clock.now(),
    fresh: true,
  })
  const reply = await proceed(call, login)
  return { ...reply, headers: { ...browserCookie(call, login.browser), ...reply.headers } }
}

/** `GET /self-service/connections-flow`: the link of a self-service ticket. It says what the ticket is for. */
export const selfServicePage: AuthenticationEndpoint = (call) => {
  const ticket = openTicket(call, 'self-service')
  if (!ticket) return gone()
  const config = isJsonObject(ticket.connection_config) ? ticket.connection_config : {}
  const name = String(config.display_name ?? config.name ?? ticket.connection_id ?? 'a connection')
  return messagePage(
    200,
    'Set up single sign-on',
    `This link sets up ${name}. The embedded tenant has no setup assistant: create the connection with the Management API.`,
  )
}
